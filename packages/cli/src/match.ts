import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FingerprintRefusal, lookup, type Match, queriesOf } from "@jikim/fingerprint";
import { decodePictures, fingerprintFile } from "@jikim/fingerprint/decode";
import { type Command, CommandRefusal } from "./command.ts";
import { type ListFile, readList } from "./list-file.ts";

const USAGE =
  "jikim match --list LIST DIR|FILE… [--json]   which files show what is on the list; exit 0 found, 1 not found";

type FileResult = { readonly file: string } & (
  | { readonly matches: readonly Match[]; readonly tooPlain: boolean }
  | { readonly error: { readonly code: string; readonly message: string } }
);

/** `jikim match --list LIST DIR`. */
export const match: Command = {
  usage: USAGE,
  async run(words) {
    const { values, positionals } = readWords(words);
    if (values.list === undefined || positionals.length === 0) throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
    const list = await readList(values.list);
    const files = (await Promise.all(positionals.map(filesUnder))).flat().sort();
    let found = 0;
    let failed = 0;
    for (const [at, file] of files.entries()) {
      showProgress(at, files.length, found);
      const result = await matchFile(list, file);
      if ("error" in result) failed++;
      else if (result.matches.length > 0) found++;
      process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : asText(result));
    }
    showProgress(files.length, files.length, found);
    process.stderr.write(`${found} of ${files.length} files found, ${failed} not readable\n`);
    if (found > 0) return 0;
    return failed > 0 ? 2 : 1;
  },
};

function readWords(words: readonly string[]) {
  try {
    const options = { list: { type: "string", multiple: true }, json: { type: "boolean" } } as const;
    return parseArgs({ args: [...words], allowPositionals: true, options });
  } catch {
    throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
  }
}

async function filesUnder(path: string): Promise<string[]> {
  const at = await stat(path).catch(() => null);
  if (at === null) throw new CommandRefusal("NOT_FOUND", `There is no such file or folder: ${path}`);
  if (!at.isDirectory()) return [path];
  const files = await readdir(path, { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
}

/** The hashes to look up for a file; none when it is too plain. */
async function hashesOf(file: string): Promise<string[]> {
  try {
    const hashes: string[] = [];
    for await (const picture of decodePictures(await readFile(file))) {
      hashes.push(...queriesOf(picture).map(({ value }) => value));
    }
    return hashes;
  } catch (error) {
    if (!(error instanceof FingerprintRefusal) || error.code !== "NOT_A_PICTURE") throw error;
    const { frames = [] } = await fingerprintFile(file);
    return frames.map(({ value }) => value);
  }
}

function nearestOf(all: readonly Match[]): Match[] {
  const nearest = new Map<Match["id"], Match>();
  for (const each of all) {
    if (each.bitsApart < (nearest.get(each.id)?.bitsApart ?? Number.POSITIVE_INFINITY)) nearest.set(each.id, each);
  }
  return [...nearest.values()].sort((a, b) => a.bitsApart - b.bitsApart);
}

async function matchFile(list: ListFile, file: string): Promise<FileResult> {
  try {
    const hashes = await hashesOf(file);
    return {
      file,
      matches: nearestOf(hashes.flatMap((hash) => lookup(list.index, hash))),
      tooPlain: hashes.length === 0,
    };
  } catch (error) {
    if (!(error instanceof FingerprintRefusal)) throw error;
    return { file, error: { code: error.code, message: error.message } };
  }
}

function asText(result: FileResult): string {
  if ("error" in result) return `error      ${result.file}   ${result.error.message}\n`;
  if (result.tooPlain) return `too plain  ${result.file}\n`;
  if (result.matches.length === 0) return `-          ${result.file}\n`;
  const entries = result.matches.map(({ id, bitsApart }) => `${id} (${bitsApart} bits)`);
  return `found      ${result.file}   ${entries.join(", ")}\n`;
}

function showProgress(done: number, all: number, found: number): void {
  if (!process.stderr.isTTY) return;
  const filled = all === 0 ? 30 : Math.round((30 * done) / all);
  const end = done === all ? "\n" : "";
  process.stderr.write(`\r[${"#".repeat(filled).padEnd(30)}] ${done}/${all}, ${found} found${end}`);
}
