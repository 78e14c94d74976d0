import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { fingerprint, MATCH_BITS } from "@jikim/fingerprint";
import { decodePictures } from "@jikim/fingerprint/decode";
import type { Planted } from "./site.ts";

/** Where a planted picture was found, and in which form. */
export type Leak = { readonly trick: string; readonly form: string; readonly file: string };

const SIGNS = ["\x89PNG\r\n", "\xff\xd8\xff", "RIFF"].map((sign) => Buffer.from(sign, "latin1"));

function needlesOf(picture: Buffer): readonly (readonly [string, Buffer])[] {
  const piece = picture.subarray(Math.floor(picture.length * 0.1), Math.floor(picture.length * 0.1) + 30);
  const shifted = [0, 1, 2].map((at) => Buffer.from(piece.subarray(at, at + 27).toString("base64")));
  return [
    ["bytes", piece],
    ...shifted.map((needle) => ["base64", needle] as const),
    ["hex", Buffer.from(piece.toString("hex"))],
    ["numbers", Buffer.from([...piece].join(","))],
    ["escapes", Buffer.from([...piece].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""))],
  ];
}

/** A search for planted pictures by their bytes, and by what they look like when something else encoded them. */
export async function openSearch(planted: Planted) {
  const needles = Object.entries(planted).flatMap(([trick, picture]) =>
    needlesOf(picture).map(([form, needle]) => ({ trick, form, needle })),
  );
  const looks = await Promise.all(
    Object.entries(planted).map(async ([trick, picture]) => ({ trick, pdq: await lookOf(picture) })),
  );
  const inBytes = async (bytes: Buffer, file: string): Promise<Leak[]> => {
    const found = needles.flatMap(({ trick, form, needle }) => (bytes.includes(needle) ? [{ trick, form, file }] : []));
    for (const start of startsIn(bytes)) {
      const pdq = await lookOf(bytes.subarray(start));
      if (pdq === null) continue;
      for (const look of looks)
        if (look.pdq !== null && bitsApart(look.pdq, pdq) <= MATCH_BITS)
          found.push({ trick: look.trick, form: "look", file });
    }
    return found;
  };
  const seen = new Map<string, string>();
  return {
    inBytes,
    /** All files below a folder, also what is compressed in them; a file that did not change is not read twice. */
    async inFolder(folder: string): Promise<{ leaks: Leak[]; files: number }> {
      const leaks: Leak[] = [];
      let files = 0;
      for (const file of filesIn(folder)) {
        const bytes = read(file);
        if (bytes === null || bytes.length === 0) continue;
        files += 1;
        const mark = `${bytes.length} ${bytes.subarray(0, 4096).toString("base64")}`;
        if (seen.get(file) === mark) continue;
        seen.set(file, mark);
        for (const form of [bytes, unpacked(bytes)]) if (form !== null) leaks.push(...(await inBytes(form, file)));
      }
      return { leaks, files };
    },
  };
}

function startsIn(bytes: Buffer): number[] {
  const starts: number[] = [];
  for (const sign of SIGNS)
    for (let at = bytes.indexOf(sign); at !== -1 && starts.length < 200; at = bytes.indexOf(sign, at + 1))
      starts.push(at);
  return starts;
}

async function lookOf(bytes: Buffer): Promise<string | null> {
  try {
    for await (const picture of decodePictures(bytes)) return fingerprint(picture).pdq;
  } catch {
    // Not a picture after all.
  }
  return null;
}

function bitsApart(one: string, two: string): number {
  const apart = BigInt(`0x${one}`) ^ BigInt(`0x${two}`);
  return apart.toString(2).replaceAll("0", "").length;
}

function unpacked(bytes: Buffer): Buffer | null {
  const at = bytes.indexOf(Buffer.from([0x1f, 0x8b, 8]));
  try {
    return at === -1 ? null : gunzipSync(bytes.subarray(at));
  } catch {
    return null;
  }
}

/** Every file of a folder that others write and remove meanwhile: what is gone when it is come to is passed over, and nothing else. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
      const path = join(folder, each.name);
      if (each.isDirectory()) return filesIn(path);
      return each.isFile() ? [path] : [];
    });
  } catch {
    return [];
  }
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
