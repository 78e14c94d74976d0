import { createDesk } from "./index-desk.ts";
import { HASH_BYTES } from "./index-hex.ts";
import { createPart, isDead, type Part, rowsIn, takeRows } from "./index-part.ts";

/** Rows to be frozen, in any order of their owners. */
export type RowSource = {
  readonly rows: number;
  /** 32-bit words, eight a row. */
  readonly hashes: Uint32Array;
  readonly owners: Uint32Array;
  /** Rows as their hex digits spell them, whose bits are still to be dealt. */
  readonly raw?: boolean;
  /** Rows that are left out. */
  isDead(row: number): boolean;
};

const COPY_ROWS = 2048;
const COUNT_ROWS = 8192;
const PLACE_ROWS = 4096;
const WORDS = 16;
const GROUPS = 256;

export function sourceOf(part: Part): RowSource {
  const rows = rowsIn(part);
  const { hashesAt, ownersAt } = part.layout;
  return {
    rows,
    hashes: part.words.subarray(hashesAt / 4, hashesAt / 4 + rows * 8),
    owners: part.words.subarray(ownersAt / 4, ownersAt / 4 + rows),
    isDead: (row) => isDead(part, row),
  };
}

/** Rows by owner; null when they stand so already. */
function orderOf(source: RowSource): Uint32Array | null {
  let sorted = true;
  for (let row = 1; row < source.rows && sorted; row++) {
    sorted = (source.owners[row - 1] ?? 0) <= (source.owners[row] ?? 0);
  }
  if (sorted) return null;
  const span = 2 ** Math.ceil(Math.log2(source.rows));
  const keys = Float64Array.from(source.owners.subarray(0, source.rows), (owner, row) => owner * span + row).sort();
  return Uint32Array.from(keys, (key) => key % span);
}

type Walk = { readonly source: RowSource; readonly order: Uint32Array | null; at: number };

function rowAt(walk: Walk): number {
  return walk.order === null ? walk.at : (walk.order[walk.at] ?? 0);
}

function ownerAt(walk: Walk): number {
  return walk.source.owners[rowAt(walk)] ?? 0;
}

function skipDead(walk: Walk): void {
  while (walk.at < walk.source.rows && walk.source.isDead(rowAt(walk))) walk.at++;
}

/** The walk whose next owner is least, and the least owner among the others. */
function leastOf(walks: Walk[]): { least: Walk | null; limit: number } {
  let least: Walk | null = null;
  let limit = Number.POSITIVE_INFINITY;
  for (const walk of walks) {
    skipDead(walk);
    if (walk.at >= walk.source.rows) continue;
    if (least === null || ownerAt(walk) < ownerAt(least)) {
      if (least !== null) limit = Math.min(limit, ownerAt(least));
      least = walk;
    } else limit = Math.min(limit, ownerAt(walk));
  }
  return { least, limit };
}

type Copy = { readonly part: Part; readonly owners: Uint32Array; rows: number };

/** Copies up to `COPY_ROWS` rows of one walk, as long as no other walk's owner comes first. */
function copyRun(walk: Walk, limit: number, to: Copy): void {
  const { source } = walk;
  const base = to.part.layout.hashesAt / 4;
  const end = Math.min(walk.at + COPY_ROWS, source.rows);
  for (; walk.at < end; walk.at++) {
    const row = rowAt(walk);
    if (source.isDead(row)) continue;
    const owner = source.owners[row] ?? 0;
    if (owner > limit) return;
    const from = row * 8;
    const into = base + to.rows * 8;
    for (let word = 0; word < 8; word++) to.part.words[into + word] = source.hashes[from + word] ?? 0;
    to.owners[to.rows] = owner;
    to.rows++;
  }
}

/** Deals the bits of raw rows as the index keeps them. */
function* dealRows(part: Part, rows: number): Generator<void> {
  const desk = createDesk();
  const { hashesAt } = part.layout;
  for (let row = 0; row < rows; row += COPY_ROWS, yield) {
    const count = Math.min(COPY_ROWS, rows - row);
    const from = hashesAt + row * HASH_BYTES;
    desk.bytes.set(part.bytes.subarray(from, from + count * HASH_BYTES));
    desk.deal(count);
    part.bytes.set(desk.bytes.subarray(0, count * HASH_BYTES), from);
  }
}

function* buildBuckets(part: Part, rows: number): Generator<void> {
  const { kernel } = part;
  for (let word = 0; word < WORDS; word += 4) {
    for (let row = 0; row < rows; row += COUNT_ROWS, yield) kernel.count(word, row, Math.min(rows, row + COUNT_ROWS));
  }
  for (let word = 0; word < WORDS; word++, yield) kernel.sum(word);
  const groups = Math.max(1, Math.min(GROUPS, Math.floor(PLACE_ROWS / ((rows >> 9) + 32))));
  for (let word = 0; word < WORDS; word++) {
    for (let row = 0; row < rows; row += PLACE_ROWS, yield) kernel.place(word, row, Math.min(rows, row + PLACE_ROWS));
    for (let group = 0; group < GROUPS; group += groups, yield) {
      kernel.settle(word, group, Math.min(GROUPS, group + groups));
    }
  }
}

/** Makes a frozen part of the living rows of sources, in slices of about a tenth of a millisecond. Null when none live. */
export function* freeze(sources: readonly RowSource[]): Generator<void, Part | null> {
  let living = 0;
  for (const source of sources) {
    for (let row = 0; row < source.rows; row++) {
      if (!source.isDead(row)) living++;
      if (row % 65_536 === 65_535) yield;
    }
  }
  if (living === 0) return null;
  const walks = sources.map((source) => ({ source, order: orderOf(source), at: 0 }));
  const copy: Copy = { part: createPart("frozen", living), owners: new Uint32Array(living), rows: 0 };
  for (let next = leastOf(walks); next.least !== null; next = leastOf(walks)) {
    copyRun(next.least, next.limit, copy);
    yield;
  }
  if (sources.some(({ raw }) => raw === true)) yield* dealRows(copy.part, copy.rows);
  yield* buildBuckets(copy.part, copy.rows);
  const { ownersAt } = copy.part.layout;
  copy.part.bytes.fill(0, ownersAt, copy.part.layout.deadAt);
  copy.part.words.set(copy.owners.subarray(0, copy.rows), ownersAt / 4);
  takeRows(copy.part, copy.rows);
  return copy.part;
}
