import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Store, StoreName } from "./store.ts";

/**
 * Keeps each name in a file of a folder (made when missing, for the owner only). Adding is one write and an fsync; replacing
 * writes a new file, fsyncs it and renames it over the old one, so that a crash leaves either, never a mixture.
 */
export function folderStore(folder: string): Store {
  const fileOf = (name: StoreName) => join(folder, `${name}.jsonl`);
  const last = new Map<StoreName, Promise<unknown>>();
  /** One act on a file after the other: an act must not take the other's half-written line for a crash's. */
  const inTurn = <T>(name: StoreName, act: () => Promise<T>): Promise<T> => {
    const mine = (last.get(name) ?? Promise.resolve()).then(act);
    last.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  };
  return {
    read: (name) => inTurn(name, () => readLines(fileOf(name))),
    append: (name, lines) => inTurn(name, () => appendLines(fileOf(name), lines)),
    replace: (name, lines) => inTurn(name, () => replaceLines(fileOf(name), lines)),
  };
}

async function readLines(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (failure) {
    if (isMissing(failure)) return [];
    throw failure;
  }
  // What follows the last line feed is a line that a crash cut off.
  return text.split("\n").slice(0, -1);
}

async function appendLines(file: string, lines: readonly string[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, "a+", 0o600);
  try {
    const { size } = await handle.stat();
    await cutOffTail(handle, size);
    await handle.appendFile(`${lines.join("\n")}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Removes a line that an earlier crash cut off, so that the next one does not grow onto it. */
async function cutOffTail(handle: Awaited<ReturnType<typeof open>>, size: number): Promise<void> {
  let end = size;
  const chunk = Buffer.alloc(65_536);
  while (end > 0) {
    const from = Math.max(0, end - chunk.length);
    const { bytesRead } = await handle.read(chunk, 0, end - from, from);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (at >= 0) {
      end = from + at + 1;
      break;
    }
    end = from;
  }
  if (end < size) await handle.truncate(end);
}

async function replaceLines(file: string, lines: Iterable<string>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.new`;
  const handle = await open(fresh, "w", 0o600);
  try {
    for (const part of inParts(lines)) await handle.appendFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
  await syncFolder(dirname(file));
}

function* inParts(lines: Iterable<string>): Generator<string> {
  let part = "";
  for (const line of lines) {
    part += `${line}\n`;
    if (part.length > 1 << 20) {
      yield part;
      part = "";
    }
  }
  yield part;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(failure: unknown): boolean {
  return failure instanceof Error && "code" in failure && failure.code === "ENOENT";
}
