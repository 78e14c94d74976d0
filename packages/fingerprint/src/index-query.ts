import { MATCH_BITS } from "./fingerprint.ts";
import { createDesk, type Desk } from "./index-desk.ts";
import { HASH_BYTES, isBlank, writeHex } from "./index-hex.ts";
import { type EntryId, findOwner, forgetName, idOf, ownerFor } from "./index-names.ts";
import { appendRow, GROWING_ROWS, liveRows, MOST_ROWS, searchPart } from "./index-part.ts";
import { IndexRefusal } from "./index-refusal.ts";
import {
  afterAdd,
  createState,
  freezeNow,
  type IndexState,
  partsOf,
  type Searchable,
  withdrawEverywhere,
} from "./index-state.ts";

/** An entry near a query: the least distance of any of its fingerprints, in bits. */
export type Match = { readonly id: EntryId; readonly bitsApart: number };

/** An exact index of fingerprints. Opaque: made by `createIndex` or `loadIndex`, changed by `add` and `withdraw`. */
export type FingerprintIndex = { readonly state: IndexState };

/** A view of an index in another thread, made by `openShared`: finds what the index holds, and changes nothing. */
export type IndexReader = { view: Searchable };

/** Rows that `addAll` left out, and why. */
export type SetAside = { readonly row: number; readonly code: "TOO_PLAIN" };

export function createIndex(): FingerprintIndex {
  return { state: createState() };
}

let desk: Desk | undefined;

/** A hash whose bits are dealt as the index keeps them; good until the next call. */
function dealt(hex: string): Uint8Array {
  desk ??= createDesk();
  writeHex(hex, desk.bytes, 0);
  desk.deal(1);
  return desk.bytes.subarray(0, HASH_BYTES);
}

function dealtBytes(hash: Uint8Array): Uint8Array {
  desk ??= createDesk();
  desk.bytes.set(hash);
  desk.deal(1);
  return desk.bytes.subarray(0, HASH_BYTES);
}

/**
 * Adds one fingerprint to an entry; an entry has as many as were added. Found by the next look-up.
 *
 * @throws {IndexRefusal} `NOT_A_FINGERPRINT`, `TOO_PLAIN`, `BAD_ID`, `INDEX_FULL`; then nothing has changed.
 */
export function add(index: FingerprintIndex, id: EntryId, hex: string): void {
  const hash = dealt(hex);
  if (isBlank(new Uint32Array(hash.buffer, 0, 8), 0)) throw new IndexRefusal("TOO_PLAIN");
  appendRow(index.state.growing, hash, ownerFor(index.state.names, id));
  afterAdd(index.state);
}

/**
 * Adds many fingerprints, packed: fast from about 30,000 on, but it blocks for about half a microsecond a row.
 *
 * @param hashes  32 bytes each, as their hex digits spell them
 * @param ids  for each the entry it belongs to
 * @returns the rows that were left out; the others are in
 * @throws {IndexRefusal} `NOT_A_FINGERPRINT` when hashes and ids do not fit, `BAD_ID`, `INDEX_FULL`.
 */
export function addAll(index: FingerprintIndex, hashes: Uint8Array, ids: ArrayLike<EntryId>): SetAside[] {
  if (hashes.length !== ids.length * HASH_BYTES) throw new IndexRefusal("NOT_A_FINGERPRINT");
  const aligned = hashes.byteOffset % 4 === 0 ? hashes : hashes.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  const setAside: SetAside[] = [];
  const owners = new Uint32Array(ids.length);
  for (let row = 0; row < ids.length; row++) {
    if (isBlank(words, row)) setAside.push({ row, code: "TOO_PLAIN" });
    else owners[row] = ownerFor(index.state.names, ids[row] ?? "");
  }
  const left = new Set(setAside.map(({ row }) => row));
  const rows = { hashes: aligned, words, owners, left };
  if (ids.length < GROWING_ROWS) appendRows(index.state, rows);
  else freezeRows(index.state, rows);
  return setAside;
}

type PackedRows = {
  readonly hashes: Uint8Array;
  readonly words: Uint32Array;
  readonly owners: Uint32Array;
  /** Rows that are set aside. */
  readonly left: ReadonlySet<number>;
};

function appendRows(state: IndexState, { hashes, owners, left }: PackedRows): void {
  for (const [row, owner] of owners.entries()) {
    if (left.has(row)) continue;
    appendRow(state.growing, dealtBytes(hashes.subarray(row * HASH_BYTES, (row + 1) * HASH_BYTES)), owner);
    afterAdd(state);
  }
}

function freezeRows(state: IndexState, { words, owners, left }: PackedRows): void {
  for (let from = 0; from < owners.length; from += MOST_ROWS) {
    const to = Math.min(owners.length, from + MOST_ROWS);
    freezeNow(state, {
      rows: to - from,
      hashes: words.subarray(from * 8, to * 8),
      owners: owners.subarray(from, to),
      raw: true,
      isDead: (row) => left.size > 0 && left.has(from + row),
    });
  }
}

/** Takes an entry out with all its fingerprints; no later look-up finds it. Returns how many fingerprints went. */
export function withdraw(index: FingerprintIndex, id: EntryId): number {
  const { state } = index;
  const owner = findOwner(state.names, id);
  if (owner === null) return 0;
  forgetName(state.names, id);
  return withdrawEverywhere(state, owner);
}

function viewOf(index: FingerprintIndex | IndexReader): Searchable {
  if ("view" in index) return index.view;
  return { names: index.state.names, parts: partsOf(index.state) };
}

function search(view: Searchable, hex: string, bits: number): Match[] {
  return searchFor(view, dealt(hex), bits);
}

function searchFor(view: Searchable, hash: Uint8Array, bits: number): Match[] {
  const nearest = new Map<number, number>();
  const found = (owner: number, apart: number): void => {
    if (apart < (nearest.get(owner) ?? Number.POSITIVE_INFINITY)) nearest.set(owner, apart);
  };
  for (const part of view.parts) searchPart(part, hash, bits, found);
  if (nearest.size === 0) return [];
  const matches: Match[] = [];
  for (const [owner, apart] of nearest) {
    const id = idOf(view.names, owner);
    if (id !== null) matches.push({ id, bitsApart: apart });
  }
  return matches.sort((a, b) => a.bitsApart - b.bitsApart);
}

function checkRadius(bits: number): void {
  if (!Number.isInteger(bits) || bits < 0 || bits > MATCH_BITS) throw new IndexRefusal("BAD_RADIUS");
}

/**
 * Every entry with a fingerprint at most `bits` away from `hex`, nearest first: exactly what a scan would find.
 *
 * @throws {IndexRefusal} `NOT_A_FINGERPRINT`, `BAD_RADIUS`.
 */
export function lookup(index: FingerprintIndex | IndexReader, hex: string, bits: number = MATCH_BITS): Match[] {
  checkRadius(bits);
  return search(viewOf(index), hex, bits);
}

/**
 * `lookup` for many fingerprints, in their order.
 *
 * @throws {IndexRefusal} `NOT_A_FINGERPRINT`, `BAD_RADIUS`.
 */
export function lookupMany(
  index: FingerprintIndex | IndexReader,
  hexes: readonly string[],
  bits: number = MATCH_BITS,
): Match[][] {
  checkRadius(bits);
  const view = viewOf(index);
  return hexes.map((hex) => search(view, hex, bits));
}

/**
 * `lookup` for many packed fingerprints: calls back with each entry that is near one of them, a fingerprint's nearest
 * first.
 *
 * @param hashes  32 bytes each, as their hex digits spell them
 * @throws {IndexRefusal} `NOT_A_FINGERPRINT` when the length is no multiple of 32, `BAD_RADIUS`.
 */
export function lookupPacked(
  index: FingerprintIndex | IndexReader,
  hashes: Uint8Array,
  found: (row: number, match: Match) => void,
  bits: number = MATCH_BITS,
): void {
  checkRadius(bits);
  if (hashes.length % HASH_BYTES !== 0) throw new IndexRefusal("NOT_A_FINGERPRINT");
  const view = viewOf(index);
  for (let row = 0; row * HASH_BYTES < hashes.length; row++) {
    const hash = dealtBytes(hashes.subarray(row * HASH_BYTES, (row + 1) * HASH_BYTES));
    for (const match of searchFor(view, hash, bits)) found(row, match);
  }
}

/** How many fingerprints can be found. */
export function sizeOf(index: FingerprintIndex): number {
  return partsOf(index.state).reduce((sum, part) => sum + liveRows(part), 0);
}
