import { bitsApart, isFingerprintText, MATCH_BITS } from "./fingerprint.ts";
import { IndexRefusal } from "./index-refusal.ts";

/** Names an entry of a list: a text of 1 to 256 characters, or a whole number from 0 to 2147483647. */
export type EntryId = string | number;

/** An entry near a query: the least distance of any of its fingerprints, in bits. */
export type Match = { readonly id: EntryId; readonly bitsApart: number };

/** An exact index of fingerprints. Opaque: made by `createIndex`, changed by `add` and `withdraw`. */
export type FingerprintIndex = { readonly entries: Map<EntryId, string[]> };

export function createIndex(): FingerprintIndex {
  return { entries: new Map() };
}

/**
 * Adds one fingerprint to an entry; an entry has as many as were added. Found by the next look-up.
 *
 * @throws {IndexRefusal} `NOT_A_FINGERPRINT`, `TOO_PLAIN`, `BAD_ID`, `INDEX_FULL`.
 */
export function add(index: FingerprintIndex, id: EntryId, hex: string): void {
  if (!isFingerprintText(hex)) throw new IndexRefusal("NOT_A_FINGERPRINT");
  const ones = bitsApart(hex, "0".repeat(64));
  if (ones <= MATCH_BITS || ones >= 256 - MATCH_BITS) throw new IndexRefusal("TOO_PLAIN");
  const held = index.entries.get(id);
  if (held === undefined) index.entries.set(id, [hex]);
  else held.push(hex);
}

/** Takes an entry out with all its fingerprints; no later look-up finds it. Returns how many fingerprints went. */
export function withdraw(index: FingerprintIndex, id: EntryId): number {
  const held = index.entries.get(id);
  index.entries.delete(id);
  return held?.length ?? 0;
}

/**
 * Every entry with a fingerprint at most `bits` away from `hex`, nearest first: exactly what a scan would find.
 *
 * @throws {IndexRefusal} `NOT_A_FINGERPRINT`, `BAD_RADIUS`.
 */
export function lookup(index: FingerprintIndex, hex: string, bits: number = MATCH_BITS): Match[] {
  if (!isFingerprintText(hex)) throw new IndexRefusal("NOT_A_FINGERPRINT");
  if (!Number.isInteger(bits) || bits < 0 || bits > MATCH_BITS) throw new IndexRefusal("BAD_RADIUS");
  const matches: Match[] = [];
  for (const [id, held] of index.entries) {
    const nearest = Math.min(...held.map((value) => bitsApart(value, hex)));
    if (nearest <= bits) matches.push({ id, bitsApart: nearest });
  }
  return matches.sort((a, b) => a.bitsApart - b.bitsApart);
}

/** How many fingerprints can be found. */
export function sizeOf(index: FingerprintIndex): number {
  let size = 0;
  for (const held of index.entries.values()) size += held.length;
  return size;
}
