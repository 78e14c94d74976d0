import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { VECTORS } from "./vectors.ts";

// Pictures and films made while the tests run, from our own synthetic vectors and ffmpeg's drawn test sources.

const source = (file = "smooth-1000x750.png") => sharp(new URL(file, VECTORS).pathname);

const half = {
  create: { width: 500, height: 750, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 1 } },
} as const;

const scenes = await Promise.all(
  ["smooth-1000x750.png", "noise-512x512.png", "shapes-800x800.png"].map((file) =>
    source(file).resize(200, 150, { fit: "fill" }).png().toBuffer(),
  ),
);

const PICTURES = {
  jpeg: () => source().jpeg({ quality: 85 }),
  png: () => source().png(),
  webp: () => source().webp({ quality: 85 }),
  gif: () => source().resize(300).gif(),
  avif: () => source().avif({ quality: 70 }),
  "jpeg-turned": () => source().withMetadata({ orientation: 6 }).jpeg({ quality: 90 }),
  "png-16": () => source().toColourspace("rgb16").png(),
  "png-grey": () => source().greyscale().png(),
  "jpeg-cmyk": () => source().toColourspace("cmyk").jpeg({ quality: 95 }),
  "png-alpha": () =>
    source()
      .ensureAlpha()
      .composite([{ input: half, left: 0, top: 0, blend: "dest-out" }])
      .png(),
  "animated-gif": () => sharp(scenes, { join: { animated: true } }).gif({ delay: [500, 500, 500] }),
  wide: () => sharp({ create: { width: 60_000, height: 2, channels: 3, background: "red" } }).png(),
  dot: () => sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } }).png(),
  flat: () => sharp({ create: { width: 300, height: 300, channels: 3, background: "grey" } }).jpeg(),
};

export type PictureName = keyof typeof PICTURES;

export function makePicture(name: PictureName): Promise<Buffer> {
  return PICTURES[name]().toBuffer();
}

const FILMS = {
  mp4: ["-f", "lavfi", "-i", "mandelbrot=s=480x270:rate=12", "-t", "4", "-pix_fmt", "yuv420p", "-f", "mp4"],
  webm: ["-f", "lavfi", "-i", "testsrc2=s=480x270:rate=12", "-t", "4", "-c:v", "libvpx", "-b:v", "2M", "-f", "webm"],
  empty: ["-f", "lavfi", "-i", "sine", "-t", "1", "-f", "mp4"],
} as const;

/** Makes a short drawn film. The name `empty` is a film that holds sound alone. */
export async function makeFilm(name: keyof typeof FILMS): Promise<Buffer> {
  return film(FILMS[name]);
}

/** Runs ffmpeg with a file of its own to write to and returns what it wrote. */
export async function film(args: readonly string[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "jikim-film-"));
  const out = join(folder, "film");
  await promisify(execFile)("ffmpeg", ["-v", "error", "-threads", "2", ...args, out]);
  return readFile(out).finally(() => rm(folder, { recursive: true }));
}
