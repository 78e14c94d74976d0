import type { FingerprintIndex } from "../src/index.ts";
import { createDesk } from "../src/index-desk.ts";
import { rowsIn } from "../src/index-part.ts";
import { partsOf } from "../src/index-state.ts";

/** Numbers from 0 to 2^32, the same for the same seed (xorshift128, Marsaglia 2003). */
export function seeded(seed: number): () => number {
  let [a, b, c, d] = [seed, 362436069, 521288629, 88675123];
  return () => {
    const t = a ^ (a << 11);
    a = b;
    b = c;
    c = d;
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
    return d >>> 0;
  };
}

export function randomHashes(count: number, seed: number): Uint8Array {
  const next = seeded(seed);
  const words = new Uint32Array(count * 8);
  for (let at = 0; at < words.length; at++) words[at] = next();
  return new Uint8Array(words.buffer);
}

export function hexOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("hex");
}

/** The hash with exactly `bits` bits flipped. */
export function flip(hash: Uint8Array, bits: number, next: () => number): Uint8Array {
  const copy = Uint8Array.from(hash);
  const places = new Set<number>();
  while (places.size < bits) places.add(next() % 256);
  for (const place of places) copy[place >> 3] = (copy[place >> 3] ?? 0) ^ (1 << (place & 7));
  return copy;
}

export type Planted = { readonly hex: string; readonly row: number; readonly bits: number };

/** Near-copies of random rows, the distances from 0 to 31 in turn. */
export function plantQueries(hashes: Uint8Array, perDistance: number): Planted[] {
  const next = seeded(77);
  return Array.from({ length: perDistance * 32 }, (_, at) => {
    const row = next() % (hashes.length / 32);
    const bits = at % 32;
    return { hex: hexOf(flip(hashes.subarray(row * 32, row * 32 + 32), bits, next)), row, bits };
  });
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const desk = createDesk();

/** The plain scan in the same WebAssembly: every hash, stopping half-way through one that is too far already. */
export function scanOnce(index: FingerprintIndex, hex: string): { ms: number; matches: number } {
  desk.bytes.set(Buffer.from(hex, "hex"));
  desk.deal(1);
  const query = desk.bytes.subarray(0, 32);
  let matches = 0;
  const began = performance.now();
  for (const part of partsOf(index.state)) {
    part.bytes.set(query, part.scratchAt);
    const rows = rowsIn(part);
    for (let from = 0; from < rows; ) {
      matches += part.kernel.scan(from, rows, 31);
      from = part.words[part.scratchAt / 4 + 16] ?? rows;
    }
  }
  return { ms: performance.now() - began, matches };
}
