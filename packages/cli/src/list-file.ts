import { createReadStream, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import {
  addAll,
  createIndex,
  type EntryId,
  type FingerprintIndex,
  IndexRefusal,
  isFingerprintText,
  loadIndex,
  MIN_QUALITY,
  sizeOf,
} from "@jikim/fingerprint";
import { type Entry, listChangeSchema, snapshotPageSchema } from "@jikim/sdk/wire";
import { CommandRefusal } from "./command.ts";

/** A list of fingerprints read from a file, and what of it could not be used. */
export type ListFile = { readonly index: FingerprintIndex; readonly fingerprints: number; readonly setAside: number };

const LEAST_ROOM = 32 * 4096;

/** Where the rows of a list go. Bad rows are counted, never fatal. */
type Gathering = { readonly take: (id: EntryId, hex: string) => void; setAside: number };

function gather(gathering: Gathering, id: EntryId, hex: string): void {
  const usable = isFingerprintText(hex) && (typeof id === "number" || (id.length > 0 && id.length <= 256));
  if (usable) gathering.take(id, hex);
  else gathering.setAside++;
}

/** Gathers rows for one bulk add, which makes the best index of them. */
function intoIndex(index: FingerprintIndex): { gathering: Gathering; flush: () => void } {
  let hashes = new Uint8Array(LEAST_ROOM);
  const ids: EntryId[] = [];
  const take = (id: EntryId, hex: string): void => {
    if (ids.length * 32 === hashes.length) {
      const larger = new Uint8Array(hashes.length * 2);
      larger.set(hashes);
      hashes = larger;
    }
    hashes.set(Buffer.from(hex, "hex"), ids.length * 32);
    ids.push(id);
  };
  const gathering: Gathering = { take, setAside: 0 };
  const flush = (): void => {
    gathering.setAside += addAll(index, hashes.subarray(0, ids.length * 32), ids).length;
  };
  return { gathering, flush };
}

/** The fields of a line of CSV; a field in quotes may hold commas and doubled quotes, but no line feed. */
function fieldsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => {
    return quoted === undefined ? (plain ?? "").trim() : quoted.replaceAll('""', '"');
  });
}

type Columns = { readonly hash: number; readonly id: number; readonly quality: number };

function columnsOf(line: string): Columns | null {
  const names = fieldsOf(line.toLowerCase());
  const hash = names.findIndex((name) => ["pdq", "hash", "value", "fingerprint"].includes(name));
  if (hash < 0) return null;
  return { hash, id: names.findIndex((name) => ["id", "entry"].includes(name)), quality: names.indexOf("quality") };
}

function gatherCsvLine(gathering: Gathering, columns: Columns, line: string, number: number): void {
  const fields = fieldsOf(line);
  const quality = columns.quality < 0 ? 100 : Number(fields[columns.quality]);
  if (!(quality >= MIN_QUALITY)) gathering.setAside++;
  else gather(gathering, columns.id < 0 ? number : (fields[columns.id] ?? ""), fields[columns.hash] ?? "");
}

function gatherEntry(gathering: Gathering, entry: Entry): void {
  for (const { value, quality } of entry.fingerprints) {
    if (quality < MIN_QUALITY) gathering.setAside++;
    else gather(gathering, entry.id, value);
  }
}

/** Puts and withdrawals of a payload in the order of the list. Signatures are the sdk's business and not checked here. */
function gatherChange(entries: Map<string, Entry>, payload: string): boolean {
  const { data } = listChangeSchema.safeParse(parsed(payload));
  if (data?.change.kind === "put") entries.set(data.change.entry.id, data.change.entry);
  if (data?.change.kind === "withdraw") entries.delete(data.change.entryId);
  return data !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The payloads in a line of the sdk's stored list, or in a snapshot page; null when it is neither. */
function payloadsOf(line: string): string[] | null {
  const value = parsed(line);
  if (typeof value === "string") return [value];
  const page = snapshotPageSchema.safeParse(value);
  if (page.success) return page.data.puts.map(({ payload }) => payload);
  if (typeof value !== "object" || value === null || !("proof" in value)) return null;
  if (!("changes" in value) || !Array.isArray(value.changes)) return [];
  return value.changes.filter((change): change is string => typeof change === "string");
}

async function readLines(path: string, gathering: Gathering): Promise<void> {
  const entries = new Map<string, Entry>();
  let columns: Columns | null = null;
  let number = 0;
  for await (const raw of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const line = raw.trim();
    if (number === 1) columns = columnsOf(line);
    if (line === "" || line.startsWith("#") || (number === 1 && columns !== null)) continue;
    if (columns !== null) gatherCsvLine(gathering, columns, line, number);
    else if (line.startsWith("{") || line.startsWith('"')) {
      const payloads = payloadsOf(line);
      if (payloads === null) gathering.setAside++;
      for (const payload of payloads ?? []) if (!gatherChange(entries, payload)) gathering.setAside++;
    } else {
      const [hex = "", id] = line.split(/[\s,]+/);
      gather(gathering, id ?? number, hex);
    }
  }
  for (const entry of entries.values()) gatherEntry(gathering, entry);
}

async function startsAs(path: string, magic: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) throw new CommandRefusal("LIST_NOT_FOUND", "The list cannot be opened.");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return buffer.subarray(0, bytesRead).toString("latin1") === magic;
  } finally {
    await file.close();
  }
}

function readIndex(path: string): ListFile {
  const file = openSync(path, "r");
  try {
    const { index, setAside } = loadIndex((into) => readSync(file, into));
    return { index, fingerprints: sizeOf(index), setAside };
  } catch (error) {
    if (error instanceof IndexRefusal) throw new CommandRefusal(error.code, error.message);
    throw error;
  }
}

/**
 * Reads a list: one fingerprint in hex a line, an id after it or not (then the line's number is its id); CSV with a line
 * of names (pdq, hash, value or fingerprint; id or entry; quality); the sdk's stored list or a snapshot page; or an index
 * built by `jikim index build`. Rows that are no fingerprint, or too plain, are counted and left out.
 *
 * @throws {CommandRefusal} `LIST_NOT_FOUND`, `LIST_EMPTY`, and an index's refusals.
 */
export async function readList(paths: readonly string[]): Promise<ListFile> {
  const [first] = paths;
  if (paths.length === 1 && first !== undefined && (await startsAs(first, "JIKIMIDX"))) return readIndex(first);
  const index = createIndex();
  const { gathering, flush } = intoIndex(index);
  for (const path of paths) {
    if (await startsAs(path, "JIKIMIDX")) throw new CommandRefusal("ONE_INDEX", "An index is read alone.");
    await readLines(path, gathering);
  }
  flush();
  const fingerprints = sizeOf(index);
  if (fingerprints === 0) throw new CommandRefusal("LIST_EMPTY", "The list holds no fingerprint that can be used.");
  return { index, fingerprints, setAside: gathering.setAside };
}

/**
 * The fingerprints of lists in hex, for a search elsewhere.
 *
 * @throws {CommandRefusal} `LIST_NOT_FOUND`, `LIST_EMPTY`, `NOT_A_LIST` for an index, which keeps no hex.
 */
export async function readHexes(paths: readonly string[]): Promise<{ id: string; hex: string }[]> {
  const rows: { id: string; hex: string }[] = [];
  const gathering: Gathering = { take: (id, hex) => void rows.push({ id: String(id), hex }), setAside: 0 };
  for (const path of paths) {
    if (await startsAs(path, "JIKIMIDX")) throw new CommandRefusal("NOT_A_LIST", "Give the list, not an index of it.");
    await readLines(path, gathering);
  }
  if (rows.length === 0) throw new CommandRefusal("LIST_EMPTY", "The list holds no fingerprint that can be used.");
  return rows;
}
