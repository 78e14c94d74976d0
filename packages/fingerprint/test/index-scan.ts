import { bitsApart, type EntryId, type Match } from "../src/index.ts";

/** Numbers from 0 to 2^32, the same for the same seed (xorshift128, Marsaglia 2003). */
export function seeded(seed: number): () => number {
  let [a, b, c, d] = [seed, 362436069, 521288629, 88675123];
  const next = (): number => {
    const t = a ^ (a << 11);
    [a, b, c] = [b, c, d];
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
    return d >>> 0;
  };
  for (let warm = 0; warm < 16; warm++) next();
  return next;
}

export function randomHash(next: () => number): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => next() & 255);
}

/** The hash with exactly `bits` bits flipped, at random places or at those given. */
export function flipped(hash: Uint8Array, bits: number | readonly number[], next: () => number): Uint8Array {
  const copy = Uint8Array.from(hash);
  const places = new Set(typeof bits === "number" ? [] : bits);
  while (typeof bits === "number" && places.size < bits) places.add(next() % 256);
  for (const place of places) copy[place >> 3] = (copy[place >> 3] ?? 0) ^ (1 << (place & 7));
  return copy;
}

export function hexOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("hex");
}

/** What the index must find: every row is looked at, bit by bit. */
export function scan(rows: readonly { id: EntryId; hex: string }[], hex: string, bits: number): Match[] {
  const nearest = new Map<EntryId, number>();
  for (const row of rows) {
    const apart = bitsApart(row.hex, hex);
    if (apart <= bits && apart < (nearest.get(row.id) ?? 257)) nearest.set(row.id, apart);
  }
  return [...nearest].map(([id, apart]) => ({ id, bitsApart: apart }));
}

export function sorted(matches: readonly Match[]): Match[] {
  return [...matches].sort((a, b) => a.bitsApart - b.bitsApart || (String(a.id) < String(b.id) ? -1 : 1));
}
