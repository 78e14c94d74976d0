import { HASH_BYTES } from "./index-hex.ts";
import { INDEX_KERNEL } from "./index-kernel.ts";

// An index is a few parts, each a memory of its own with a kernel on it: frozen parts, packed and never changed but for
// marking rows as dead, and growing ones, which take rows one at a time. The layout is described in decisions/0010.

/** Rows of one frozen part at most: 24 bits number them while it is built, and 1.8 GB is far from the 4 GiB of a memory. */
export const MOST_ROWS = 2 ** 24;
/** Rows of a growing part: 16 bits link them, and half of what those could is still searched in microseconds. */
export const GROWING_ROWS = 32_768;
/** Readers that can share an index, the writer among them. */
export const MOST_READERS = 64;

/** A growing part of up to so many rows is searched row by row: that is sooner done than following its chains. */
const SCANNED_ROWS = 512;

const PAGE = 65_536;
const HEADER = 256;
const KIND = 11;
const ROWS_NOW = 12;
const SCRATCH_AT = 13;
const SCRATCH_BYTES = 14;
const SERIAL = 15;
const FROZEN_SCRATCH = 65_536;
const GROWING_SCRATCH = 16_384 + GROWING_ROWS * 8;

export type Kernel = {
  open(scratchAt: number): void;
  count(word: number, from: number, to: number): void;
  sum(word: number): void;
  place(word: number, from: number, to: number): void;
  settle(word: number, from: number, to: number): void;
  find(radius: number, resume: number): number;
  more(): number;
  hitsAt(): number;
  scan(from: number, to: number, radius: number): number;
  link(row: number): void;
  findLinked(radius: number): number;
  checksum(from: number, to: number): bigint;
  deal(at: number, count: number, table: number): void;
};

export type PartKind = "frozen" | "growing";

export type Part = {
  readonly kind: PartKind;
  readonly memory: WebAssembly.Memory;
  readonly kernel: Kernel;
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly scratchAt: number;
  /** Rows marked as dead; kept by the writer only. */
  deadRows: number;
};

/** Where things lie in a part's memory, in bytes; all multiples of 64. */
export type Layout = {
  readonly kind: PartKind;
  /** Rows there is room for; in a frozen part, rows there are. */
  readonly rows: number;
  readonly hashesAt: number;
  readonly ownersAt: number;
  readonly deadAt: number;
  readonly startsAt: number;
  readonly bandsAt: number;
  readonly bandBytes: number;
  readonly cursorsAt: number;
  readonly chainsAt: number;
  /** End of what a snapshot keeps; scratch follows. */
  readonly end: number;
};

const WORDS = 16;
const KEYS = 65_536;
const STARTS_BYTES = (KEYS + 64) * 4;
const CURSORS_BYTES = (KEYS + 256) * 4;
const LEAST_OWNERS_BYTES = 65_536; // building gathers at least 32 postings for each of 256 groups there

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

function pagesOf(rows: number): number {
  return Math.max(1, Math.ceil(rows / 65_536));
}

export function layoutOf(kind: PartKind, rows: number): Layout {
  let at = HEADER;
  const take = (bytes: number): number => {
    const from = at;
    at += roundUp(bytes);
    return from;
  };
  const hashesAt = take(rows * HASH_BYTES);
  const ownersAt = take(kind === "frozen" ? Math.max(rows * 4, LEAST_OWNERS_BYTES) : rows * 4);
  const deadAt = take(rows / 8 + 8);
  const growing = kind === "growing";
  const startsAt = take(growing ? WORDS * KEYS * 2 : WORDS * STARTS_BYTES);
  const cursorsAt = take(growing ? 0 : CURSORS_BYTES);
  const chainsAt = take(growing ? rows * WORDS * 2 : 0);
  const bandBytes = growing ? 0 : roundUp(rows * 4 + (rows + KEYS * pagesOf(rows)) / 8 + KEYS + 64);
  const bandsAt = take(WORDS * bandBytes);
  const places = { hashesAt, ownersAt, deadAt, startsAt, cursorsAt, chainsAt, bandsAt, bandBytes };
  return { kind, rows, ...places, end: at };
}

function writeHeader(words: Uint32Array, layout: Layout): void {
  const { rows, hashesAt, ownersAt, deadAt, startsAt, bandsAt, bandBytes, cursorsAt, chainsAt, end } = layout;
  const growing = layout.kind === "growing";
  words.set([rows, pagesOf(rows), hashesAt, ownersAt, deadAt, startsAt, bandsAt, bandBytes, cursorsAt, 0, chainsAt]);
  words[KIND] = growing ? 1 : 0;
  words[ROWS_NOW] = 0;
  words[SCRATCH_AT] = end;
  words[SCRATCH_BYTES] = growing ? GROWING_SCRATCH : FROZEN_SCRATCH;
}

let compiled: WebAssembly.Module | undefined;
let lastSerial = 0;

/** A kernel on a shared memory. */
export function kernelOn(memory: WebAssembly.Memory): Kernel {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(INDEX_KERNEL), (letter) => letter.charCodeAt(0)));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as Kernel;
}

/**
 * A part with room for `rows` rows. Scratch that no reader touches costs address space, not memory.
 *
 * @throws {RangeError} when the machine has not that much memory.
 */
export function createPart(kind: PartKind, rows: number): Part {
  const layout = layoutOf(kind, rows);
  const scratch = MOST_READERS * (kind === "growing" ? GROWING_SCRATCH : FROZEN_SCRATCH);
  const pages = Math.ceil((layout.end + scratch) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const words = new Uint32Array(memory.buffer);
  writeHeader(words, layout);
  words[SERIAL] = ++lastSerial;
  return openPart(memory, 0);
}

/** The part in a memory, for one of its readers; the writer is reader 0. */
export function openPart(memory: WebAssembly.Memory, reader: number): Part {
  const words = new Uint32Array(memory.buffer);
  const kind = words[KIND] === 1 ? "growing" : "frozen";
  const layout = layoutOf(kind, words[0] ?? 0);
  const kernel = kernelOn(memory);
  const scratchAt = (words[SCRATCH_AT] ?? 0) + reader * (words[SCRATCH_BYTES] ?? 0);
  kernel.open(scratchAt);
  return { kind, memory, kernel, words, bytes: new Uint8Array(memory.buffer), layout, scratchAt, deadRows: 0 };
}

/** Tells the parts of one index apart, in every thread. */
export function serialOf(part: Part): number {
  return part.words[SERIAL] ?? 0;
}

/** Rows that have been written, dead ones among them. */
export function rowsIn(part: Part): number {
  return part.words[ROWS_NOW] ?? 0;
}

export function liveRows(part: Part): number {
  return rowsIn(part) - part.deadRows;
}

/** Adds a row to a growing part that is not full; found from now on. */
export function appendRow(part: Part, hash: Uint8Array, owner: number): void {
  const row = rowsIn(part);
  part.bytes.set(hash, part.layout.hashesAt + row * HASH_BYTES);
  part.words[part.layout.ownersAt / 4 + row] = owner;
  part.words[ROWS_NOW] = row + 1;
  part.kernel.link(row);
}

/** Takes the first `rows` rows as written to memory, with their marks; those of a growing part become findable. */
export function takeRows(part: Part, rows: number): void {
  part.words[ROWS_NOW] = rows;
  if (part.kind === "growing") for (let row = 0; row < rows; row++) part.kernel.link(row);
  part.deadRows = 0;
  for (let byte = 0; byte < Math.ceil(rows / 8); byte++) {
    for (let bits = part.bytes[part.layout.deadAt + byte] ?? 0; bits > 0; bits &= bits - 1) part.deadRows++;
  }
}

export function isDead(part: Part, row: number): boolean {
  return (((part.bytes[part.layout.deadAt + (row >> 3)] ?? 0) >> (row & 7)) & 1) === 1;
}

function markDead(part: Part, row: number): number {
  const bit = 1 << (row & 7);
  const fresh = (Atomics.or(part.bytes, part.layout.deadAt + (row >> 3), bit) & bit) === 0;
  if (fresh) part.deadRows++;
  return fresh ? 1 : 0;
}

/** First row of a frozen part whose owner is at least `owner`; rows stand in order of their owners. */
function firstRowOf(part: Part, owner: number): number {
  const base = part.layout.ownersAt / 4;
  let low = 0;
  let high = rowsIn(part);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((part.words[base + middle] ?? 0) < owner) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Marks the rows of an owner as dead; no look-up finds them from now on. Returns how many were alive. */
export function withdrawOwner(part: Part, owner: number): number {
  const base = part.layout.ownersAt / 4;
  const rows = rowsIn(part);
  let marked = 0;
  if (part.kind === "growing") {
    const owners = part.words.subarray(base, base + rows);
    for (let row = owners.indexOf(owner); row >= 0; row = owners.indexOf(owner, row + 1)) marked += markDead(part, row);
    return marked;
  }
  for (let row = firstRowOf(part, owner); row < rows && part.words[base + row] === owner; row++) {
    marked += markDead(part, row);
  }
  return marked;
}

function findGrowing({ kernel }: Part, rows: number, radius: number): number {
  return rows <= SCANNED_ROWS ? kernel.scan(0, rows, radius) : kernel.findLinked(radius);
}

/** Calls back with owner and distance of each row within `radius` bits of the hash. */
export function searchPart(part: Part, hash: Uint8Array, radius: number, found: (owner: number, bits: number) => void) {
  const { kernel, words } = part;
  part.bytes.set(hash, part.scratchAt);
  const rows = part.kind === "growing" ? rowsIn(part) : 0;
  if (part.kind === "growing" && rows === 0) return;
  let hits = part.kind === "frozen" ? kernel.find(radius, 0) : findGrowing(part, rows, radius);
  for (;;) {
    if (hits > 0) {
      const first = kernel.hitsAt() >>> 2;
      for (let at = first; at < first + hits * 2; at += 2) found(words[at] ?? 0, words[at + 1] ?? 0);
    }
    if (part.kind === "growing" || kernel.more() === 0) return;
    hits = kernel.find(radius, 1);
  }
}
