import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type FingerprintIndex, IndexRefusal, lookup, MATCH_BITS, saveIndex } from "@jikim/fingerprint";
import { type Command, CommandRefusal } from "./command.ts";
import { readList } from "./list-file.ts";

const USAGE = `jikim index build --out FILE LIST…   one index of lists in hex, CSV or the sdk's form
jikim index query FILE HEX… [--bits 31]   entries near each fingerprint; "-" reads them from standard input
jikim index stats FILE   how many fingerprints an index or a list holds`;

/** `jikim index build|query|stats`. */
export const index: Command = {
  usage: USAGE,
  async run(words) {
    const { values, positionals } = readWords(words);
    const [action, ...files] = positionals;
    if (action === "build" && values.out !== undefined && files.length > 0) return build(values.out, files);
    if (action === "query" && files.length > 1) return query(files, Number(values.bits ?? MATCH_BITS));
    if (action === "stats" && files.length === 1) return stats(files);
    throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
  },
};

function readWords(words: readonly string[]) {
  try {
    const options = { out: { type: "string" }, bits: { type: "string" } } as const;
    return parseArgs({ args: [...words], allowPositionals: true, options });
  } catch {
    throw new CommandRefusal("BAD_ARGUMENTS", USAGE);
  }
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Writes beside the file and renames, so that a crash leaves the old index or the new one. */
function writeIndex(from: FingerprintIndex, path: string): void {
  const file = openSync(`${path}.new`, "w", 0o600);
  for (const chunk of saveIndex(from)) {
    for (let at = 0; at < chunk.length; at += writeSync(file, chunk, at));
  }
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}

async function build(out: string, lists: readonly string[]): Promise<number> {
  const began = performance.now();
  const list = await readList(lists);
  writeIndex(list.index, out);
  const seconds = Math.round(performance.now() - began) / 1000;
  print({ fingerprints: list.fingerprints, setAside: list.setAside, seconds });
  return 0;
}

async function* hexesOf(words: readonly string[]): AsyncGenerator<string> {
  for (const word of words) {
    if (word !== "-") yield word;
    else for await (const line of createInterface({ input: process.stdin })) if (line !== "") yield line.trim();
  }
}

async function query([file = "", ...words]: readonly string[], bits: number): Promise<number> {
  const list = await readList([file]);
  let found = false;
  try {
    for await (const hex of hexesOf(words)) {
      const matches = lookup(list.index, hex, bits);
      found ||= matches.length > 0;
      print({ matches });
    }
  } catch (error) {
    if (error instanceof IndexRefusal) throw new CommandRefusal(error.code, error.message);
    throw error;
  }
  return found ? 0 : 1;
}

async function stats(files: readonly string[]): Promise<number> {
  const list = await readList(files);
  const parts = [list.index.state.growing, ...list.index.state.settled];
  const bytes = parts.reduce((sum, part) => sum + part.layout.end, 0);
  print({ fingerprints: list.fingerprints, setAside: list.setAside, parts: parts.length, bytes });
  return 0;
}
