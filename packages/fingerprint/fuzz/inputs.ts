import { readFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { add, createIndex, saveIndex } from "../src/index.ts";

/** Chance as whole numbers below a bound, from a fixed seed. */
export type Pick = (below: number) => number;

export function pickFrom(seed: number): Pick {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Small valid files of every kind that is read, to be damaged. */
export async function pictureCorpus(): Promise<Uint8Array[]> {
  const noise = {
    create: {
      width: 40,
      height: 30,
      channels: 3,
      background: "#456",
      noise: { type: "gaussian", mean: 120, sigma: 40 },
    },
  } as const;
  const formats: ((picture: Sharp) => Sharp)[] = [
    (picture) => picture.jpeg(),
    (picture) => picture.jpeg({ progressive: true }).withMetadata({ orientation: 6 }),
    (picture) => picture.png(),
    (picture) => picture.png({ palette: true }),
    (picture) => picture.webp(),
    (picture) => picture.webp({ lossless: true }),
    (picture) => picture.gif(),
    (picture) => picture.avif(),
  ];
  const files = await Promise.all(formats.map((format) => format(sharp(noise)).toBuffer()));
  return [...files, await readFile(new URL("../test/files/smooth-500x375.heic", import.meta.url))];
}

/** A snapshot of a small index, to be damaged. */
export function snapshot(): Uint8Array {
  const index = createIndex();
  const pick = pickFrom(99);
  for (let id = 0; id < 40; id++) add(index, id, Array.from({ length: 64 }, () => pick(16).toString(16)).join(""));
  return Buffer.concat([...saveIndex(index)]);
}

const TELLING = [0, 1, 0x7f, 0x80, 0xff];

/** Damages bytes: flips, overwrites with telling values, cuts, repeats, swaps in a piece of another file. */
export function damaged(bytes: Uint8Array, other: Uint8Array, pick: Pick): Uint8Array {
  let now = Uint8Array.from(bytes);
  for (let times = 1 + pick(6); times > 0 && now.length > 0; times--) {
    const at = pick(pick(2) === 0 ? Math.min(64, now.length) : now.length);
    const kind = pick(6);
    if (kind === 0) now[at] = (now[at] ?? 0) ^ (1 << pick(8));
    else if (kind === 1) now[at] = TELLING[pick(TELLING.length)] ?? 0;
    else if (kind === 2) now = now.slice(0, at);
    else if (kind === 3) now.fill(TELLING[pick(TELLING.length)] ?? 0, at, at + 1 + pick(8));
    else if (kind === 4) now = Uint8Array.from(Buffer.concat([now.subarray(0, at), now.subarray(at >> 1)]));
    else now.set(other.subarray(0, Math.min(pick(200), other.length, now.length - at)), at);
  }
  return now;
}
