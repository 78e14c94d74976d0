import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodePictures, fingerprintFile, type Picture } from "../src/decode.ts";
import { bitsApart, fingerprint } from "../src/index.ts";
import { film, makeFilm, makePicture, type PictureName } from "./media.ts";

async function decoded(bytes: Uint8Array): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for await (const picture of decodePictures(bytes)) pictures.push(picture);
  return pictures;
}

async function pdqOf(name: PictureName): Promise<string> {
  return (await fingerprintFile(await makePicture(name))).fingerprints[0]?.value ?? "";
}

const refusal = (code: string) => expect.objectContaining({ name: "FingerprintRefusal", code });

test.each(["jpeg", "webp", "avif", "png-16", "png-grey", "jpeg-cmyk"] as const)(
  "a %s is recognised as the picture it was made from",
  async (name) => {
    expect(bitsApart(await pdqOf(name), await pdqOf("png"))).toBeLessThanOrEqual(20);
  },
);

test("a heic is recognised as the picture it was made from", async () => {
  const bytes = await readFile(new URL("./files/smooth-500x375.heic", import.meta.url));
  const { fingerprints, width, height } = await fingerprintFile(bytes, { claimedType: "image/heic" });
  expect([width, height]).toEqual([500, 375]);
  expect(bitsApart(fingerprints[0]?.value ?? "", await pdqOf("png"))).toBeLessThanOrEqual(20);
  await expect(fingerprintFile(bytes.subarray(0, 4000))).rejects.toEqual(refusal("DAMAGED"));
});

test("a turned picture is seen as a person sees it", async () => {
  const [picture] = await decoded(await makePicture("jpeg-turned"));
  expect([picture?.width, picture?.height]).toEqual([750, 1000]);
});

test("what is transparent is seen as white", async () => {
  const [picture] = await decoded(await makePicture("png-alpha"));
  expect(picture?.channels).toBe(3);
  expect([...(picture?.data.subarray(0, 3) ?? [])]).toEqual([255, 255, 255]);
});

test("an animation is read frame by frame with its times", async () => {
  const bytes = await makePicture("animated-gif");
  expect((await decoded(bytes)).map(({ at }) => at)).toEqual([0, 0.5, 1]);
  const { media, fingerprints } = await fingerprintFile(bytes);
  expect(media).toBe("video");
  expect(fingerprints.map(({ kind, at }) => [kind, at])).toEqual([0, 0.5, 1].map((at) => ["vpdq-frame", at]));
}, 30_000);

test("files that cannot be a picture are refused before decoding", async () => {
  const jpeg = await makePicture("jpeg");
  await expect(fingerprintFile(new Uint8Array())).rejects.toEqual(refusal("EMPTY"));
  await expect(fingerprintFile(Buffer.from("<svg width='9' height='9'/>"))).rejects.toEqual(refusal("NOT_A_PICTURE"));
  await expect(fingerprintFile(jpeg, { claimedType: "image/png" })).rejects.toEqual(refusal("WRONG_TYPE"));
  await expect(fingerprintFile(jpeg, { bounds: { pictureBytes: 99 } })).rejects.toEqual(refusal("TOO_MANY_BYTES"));
  await expect(fingerprintFile(jpeg, { bounds: { pixels: 749_999 } })).rejects.toEqual(refusal("TOO_LARGE"));
  await expect(fingerprintFile(await makePicture("wide"))).rejects.toEqual(refusal("TOO_LARGE"));
  await expect(fingerprintFile(await makePicture("dot"))).rejects.toEqual(refusal("TOO_SMALL"));
  expect((await fingerprintFile(jpeg, { claimedType: "image/jpeg" })).media).toBe("picture");
});

/** A PNG whose header claims a size that its few bytes of zeros would unfold to. */
async function bomb(width: number, height: number): Promise<Buffer> {
  const png = await makePicture("flat");
  const small = await (await import("sharp")).default(png).png().toBuffer();
  small.writeUInt32BE(width, 16);
  small.writeUInt32BE(height, 20);
  return small;
}

test("a bomb is refused by what its header claims", async () => {
  await expect(fingerprintFile(await bomb(30_000, 30_000))).rejects.toEqual(refusal("TOO_LARGE"));
  await expect(fingerprintFile(await bomb(3_000, 3_000))).rejects.toEqual(refusal("DAMAGED"));
});

test.each(["jpeg", "png", "webp", "avif"] as const)("a %s cut short is refused", async (name) => {
  const bytes = await makePicture(name);
  await expect(fingerprintFile(bytes.subarray(0, bytes.length / 2))).rejects.toEqual(refusal("DAMAGED"));
});

test("a flat picture is named too plain, and its fingerprint carries its quality", async () => {
  const flat = await fingerprintFile(await makePicture("flat"));
  expect(flat.tooPlain).toBe(true);
  expect(flat.fingerprints[0]?.quality).toBe(0);
});

test.each(["mp4", "webm"] as const)(
  "a film in %s gives about a frame a second, from memory as from disk",
  async (name) => {
    const bytes = await makeFilm(name);
    const folder = await mkdtemp(join(tmpdir(), "jikim-film-"));
    await writeFile(join(folder, "film"), bytes);
    const [fromMemory, fromDisk] = [await fingerprintFile(bytes), await fingerprintFile(join(folder, "film"))];
    await rm(folder, { recursive: true });
    expect(fromMemory).toEqual(fromDisk);
    expect(fromMemory.frames?.map(({ at }) => at)).toEqual([0, 1, 2, 3]);
    expect(fromMemory.frames?.every(({ kind, quality }) => kind === "vpdq-frame" && quality >= 50)).toBe(true);
  },
  30_000,
);

test("a new scene between two whole seconds gives a frame of its own", async () => {
  const scenes =
    "mandelbrot=s=320x180:rate=10[a];testsrc2=s=320x180:rate=10[b];[a]trim=end=1.5[c];[b]trim=end=1.5[d];[c][d]concat";
  const bytes = await film(["-filter_complex", scenes, "-t", "3", "-pix_fmt", "yuv420p", "-f", "mp4"]);
  const times = (await fingerprintFile(bytes)).frames?.map(({ at }) => at);
  expect(times).toContain(1.5);
}, 30_000);

test("films that hold no picture, lie or are cut short are refused", async () => {
  await expect(fingerprintFile(await makeFilm("empty"))).rejects.toEqual(refusal("NO_FRAMES"));
  await expect(fingerprintFile((await makeFilm("mp4")).subarray(0, 900))).rejects.toEqual(refusal("NO_FRAMES"));
  const playlist = Buffer.from("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n");
  await expect(fingerprintFile(playlist)).rejects.toEqual(refusal("NOT_A_PICTURE"));
  const disguised = Buffer.concat([Buffer.from("\0\0\0\x10ftypisom"), playlist]);
  await expect(fingerprintFile(disguised)).rejects.toEqual(refusal("NO_FRAMES"));
  await expect(fingerprintFile(await makeFilm("mp4"), { bounds: { pixels: 1000 } })).rejects.toThrow("frame");
}, 30_000);

test("a still taken from a film has its place in it", async () => {
  const bytes = await makeFilm("webm");
  const drawn = ["-f", "lavfi", "-i", "testsrc2=s=480x270:rate=12:d=3", "-vf", "scale=960:540"];
  const still = await film([...drawn, "-ss", "2", "-frames:v", "1", "-c:v", "png", "-f", "image2"]);
  const [picture] = await decoded(still);
  const { frames = [] } = await fingerprintFile(bytes);
  const { pdq } = fingerprint(picture as Picture);
  expect(frames.filter((frame) => bitsApart(frame.value, pdq) <= 31).map(({ at }) => at)).toEqual([2]);
}, 30_000);
