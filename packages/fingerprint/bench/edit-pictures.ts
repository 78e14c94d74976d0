import { execFile } from "node:child_process";
import { mkdir, readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { type Chance, chanceFrom, type Rgb, rgbOf } from "./edit-list.ts";

const run = promisify(execFile);

/** Debian packages of pictures whose results are reported; the README says what was changed after seeing them. */
const PACKAGES = [
  "lomiri-wallpapers-16.04",
  "lomiri-wallpapers-20.04",
  "mate-backgrounds",
  "plasma-workspace-wallpapers",
  "ukui-wallpapers",
  "gnome-backgrounds",
  "palapeli-data",
];

/** Smaller files are thumbnails and logos. */
const LEAST_BYTES = 60_000;
/** MATE's logos and abstract drawings, which are no photographs by the name of their folders. */
const DRAWN = /\/mate\/(desktop|abstract)\//;
/** Other cuts and colours of a picture that is taken already, and screenshots of the desktop it was made for. */
const REPEATED = /screenshot|images_dark|1080x1920|720x1440|1622x2880|5640x3172|-d\.webp$/;

async function unpacked(name: string): Promise<string> {
  const folder = join(tmpdir(), "jikim-bench-photos", name);
  if (await stat(join(folder, "content")).catch(() => null)) return folder;
  await mkdir(folder, { recursive: true });
  await run("apt-get", ["download", name], { cwd: folder });
  const archive = (await readdir(folder)).find((file) => file.endsWith(".deb"));
  if (archive === undefined) throw new Error(`apt-get download ${name} left no file`);
  await run("dpkg-deb", ["-x", join(folder, archive), join(folder, "content")]);
  return folder;
}

/** Real, harmless pictures, at most 800 pixels wide or high. */
export async function realPictures(): Promise<{ file: string; picture: Rgb }[]> {
  const pictures: { file: string; picture: Rgb }[] = [];
  for (const name of PACKAGES) {
    const files = await readdir(await unpacked(name), { recursive: true, withFileTypes: true });
    for (const { parentPath, name: file } of files.filter(
      (one) => one.isFile() && /\.(jpe?g|png|webp)$/.test(one.name),
    )) {
      const path = join(parentPath, file);
      if (DRAWN.test(path) || REPEATED.test(path) || (await stat(path)).size < LEAST_BYTES) continue;
      const picture = await rgbOf(
        sharp(path).autoOrient().resize(800, 800, { fit: "inside", withoutEnlargement: true }),
      );
      pictures.push({ file: path, picture });
    }
  }
  return pictures;
}

/** An invented landscape: hills of noise before a sky, each with colours of its own. */
export function landscape(seed: number): Rgb {
  const chance = chanceFrom(seed * 7 + 3);
  const [width, height] = [480, 360];
  const waves = Array.from({ length: 24 }, () => ({
    x: (chance() - 0.5) * 0.5 * chance(),
    y: (chance() - 0.5) * 0.5 * chance(),
    phase: chance() * 7,
    weight: 10 + 30 * chance(),
  }));
  const ridges = Array.from({ length: 4 }, (_, at) => ({
    base: (at + 1 + chance()) * 70,
    slope: chance(),
    turn: chance() * 9,
  }));
  const paints = Array.from({ length: 5 }, () => [chance(), chance(), chance()].map((share) => 40 + 190 * share));
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const layer = ridges.filter((r) => y > r.base + 40 * Math.sin(x * 0.03 * r.slope + r.turn)).length;
      const light =
        waves.reduce((sum, wave) => sum + wave.weight * Math.sin(x * wave.x + y * wave.y + wave.phase), 0) * 0.25;
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = (paints[layer]?.[c] ?? 0) + light;
    }
  }
  return { data: Uint8Array.from(data), width, height };
}

const SAYINGS = [
  "ok",
  "see you at eight",
  "did you eat?",
  "어디야",
  "지금 가는 중이야",
  "what a day",
  "그래 알겠어",
  "haha",
  "call me",
];

function bubble(y: number, chance: Chance): string {
  const lines = 1 + Math.floor(chance() * 3);
  const mine = chance() < 0.5;
  const width = 160 + chance() * 300;
  const x = mine ? 700 - width : 90;
  const text = Array.from({ length: lines }, (_, at) => {
    const saying = SAYINGS[Math.floor(chance() * SAYINGS.length)] ?? "";
    return `<text x="${x + 16}" y="${y + 34 + at * 34}" font-size="24" font-family="sans-serif" fill="#222">${saying}</text>`;
  }).join("");
  const face = mine ? "" : `<circle cx="48" cy="${y + 30}" r="28" fill="hsl(${chance() * 360} 50% 60%)"/>`;
  const fill = mine ? "#ffe94a" : "#ffffff";
  return `${face}<rect x="${x}" y="${y}" width="${width}" height="${lines * 34 + 20}" rx="18" fill="${fill}"/>${text}`;
}

/** A screenshot of an invented chat. */
export function chat(seed: number): Promise<Rgb> {
  const chance = chanceFrom(seed * 13 + 5);
  const paper = ["#b2c7da", "#ffffff", "#1c1c1e", "#e5ddd5"][Math.floor(chance() * 4)] ?? "#fff";
  let y = 130;
  let body = `<rect width="720" height="1480" fill="${paper}"/><rect width="720" height="100" fill="#f4f4f4"/>`;
  body += `<text x="90" y="70" font-size="30" font-family="sans-serif">room ${Math.floor(chance() * 900)}</text>`;
  while (y < 1300) {
    body += bubble(y, chance);
    y += 80 + chance() * 150;
  }
  body += `<rect y="1390" width="720" height="90" fill="#fafafa"/><rect x="90" y="1406" width="520" height="58" rx="28" fill="#e6e6e6"/>`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="1480">${body}</svg>`;
  return rgbOf(sharp(Buffer.from(drawing)));
}
