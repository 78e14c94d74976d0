import { readFile, stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Fingerprinted, FingerprintRefusal, fingerprint as fingerprintOf } from "@jikim/fingerprint";
import { decodePictures, FILE_BOUNDS, fingerprintFile } from "@jikim/fingerprint/decode";
import { type Command, CommandRefusal } from "./command.ts";

const USAGE = "jikim fingerprint [--json] FILE…   PDQ of pictures, frames of videos; exit 0 fine, 2 a file was refused";
const TOO_PLAIN = "too plain to recognise";

type FileError = { readonly code: string; readonly message: string };
type Frame = { readonly at: number; readonly pdq: string; readonly quality: number };
type FileLine = { readonly file: string } & (
  | { readonly error: FileError }
  | { readonly seconds: number; readonly frames: readonly Frame[]; readonly note?: string }
  | (Pick<Fingerprinted, "pdq" | "quality" | "dihedral"> & { readonly note?: string })
);

/** `jikim fingerprint FILE…`: one JSON object a line with `--json`, else one line of text. */
export const fingerprint: Command = {
  usage: USAGE,
  async run(words) {
    const { values, positionals } = readWords(words);
    if (positionals.length === 0) throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
    let failed = 0;
    for (const file of positionals) {
      const line = await lineOf(file);
      if ("error" in line) failed++;
      process.stdout.write(values.json ? `${JSON.stringify(line)}\n` : asText(line));
    }
    return failed > 0 ? 2 : 0;
  },
};

function readWords(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: { json: { type: "boolean" } } });
  } catch {
    throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
  }
}

async function lineOf(file: string): Promise<FileLine> {
  try {
    const found = await stat(file).catch(() => null);
    if (found === null) return { file, error: { code: "NOT_FOUND", message: "there is no such file" } };
    if (!found.isFile()) return { file, error: { code: "NOT_A_FILE", message: "this is not a file" } };
    return { file, ...(await hashesOf(file, found.size)) };
  } catch (error) {
    if (!(error instanceof FingerprintRefusal)) throw error;
    return { file, error: { code: error.code, message: error.message } };
  }
}

async function hashesOf(file: string, bytes: number) {
  const pictures: (Fingerprinted & { at: number })[] = [];
  if (bytes <= FILE_BOUNDS.pictureBytes) {
    try {
      for await (const picture of decodePictures(await readFile(file))) {
        pictures.push({ ...fingerprintOf(picture), at: picture.at });
      }
    } catch (error) {
      if (!(error instanceof FingerprintRefusal) || error.code !== "NOT_A_PICTURE") throw error;
    }
  }
  const [only, second] = pictures;
  if (only === undefined) return filmOf(file);
  const note = pictures.every(({ tooPlain }) => tooPlain) ? { note: TOO_PLAIN } : {};
  if (second === undefined) return { pdq: only.pdq, quality: only.quality, dihedral: only.dihedral, ...note };
  const frames = pictures.map(({ at, pdq, quality }) => ({ at, pdq, quality }));
  return { seconds: frames.at(-1)?.at ?? 0, frames, ...note };
}

async function filmOf(file: string) {
  const { frames = [], seconds = 0, tooPlain } = await fingerprintFile(file);
  const lines = frames.map(({ at = 0, value, quality }) => ({ at, pdq: value, quality }));
  return { seconds, frames: lines, ...(tooPlain ? { note: TOO_PLAIN } : {}) };
}

function asText(line: FileLine): string {
  if ("error" in line) return `error: ${line.error.message}   ${line.file}\n`;
  const note = line.note === undefined ? "" : `   (${line.note})`;
  if ("pdq" in line) return `${line.pdq}  ${String(line.quality).padStart(3)}  ${line.file}${note}\n`;
  const frames = line.frames.map(({ at, pdq, quality }) => `${pdq}  ${String(quality).padStart(3)}  at ${at} s\n`);
  return `${line.file}: ${line.frames.length} frames${note}\n${frames.join("")}`;
}
