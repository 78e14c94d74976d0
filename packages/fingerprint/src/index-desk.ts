import { HASH_BYTES } from "./index-hex.ts";
import { type Kernel, kernelOn } from "./index-part.ts";

/** Bytes that fit on a desk. */
export const DESK_BYTES = 2 ** 20;

const TABLE_AT = DESK_BYTES + 65_536;
const PAGES = 18;
const BITS = 256;

/** A small memory with a kernel of its own, for work on what does not lie in a part. */
export type Desk = {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  /** Checksum of the first `length` bytes, a multiple of 32. */
  sum(length: number): bigint;
  /** Deals the bits of the first `count` hashes as the index keeps them. */
  deal(count: number): void;
};

/**
 * Where each bit of a hash goes. Any even mixture does; this one is Fisher-Yates by xorshift32 from 2463534242 (Marsaglia
 * 2003). Snapshots keep hashes dealt this way: another order needs another snapshot version.
 */
function dealtPlaces(): Uint8Array {
  const places = Uint8Array.from({ length: BITS }, (_, bit) => bit);
  let random = 2463534242;
  for (let left = BITS - 1; left > 0; left--) {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    const other = (random >>> 0) % (left + 1);
    const held = places[left] ?? 0;
    places[left] = places[other] ?? 0;
    places[other] = held;
  }
  return places;
}

function writeTable(table: Uint8Array): void {
  const places = dealtPlaces();
  for (let bit = 0; bit < BITS; bit++) {
    const place = places[bit] ?? 0;
    const halfByte = bit >> 2;
    for (let value = 0; value < 16; value++) {
      if (((value >> (bit & 3)) & 1) === 0) continue;
      const at = (halfByte * 16 + value) * HASH_BYTES + (place >> 3);
      table[at] = (table[at] ?? 0) | (1 << (place & 7));
    }
  }
}

export function createDesk(): Desk {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const kernel: Kernel = kernelOn(memory);
  const bytes = new Uint8Array(memory.buffer);
  writeTable(bytes.subarray(TABLE_AT));
  return {
    bytes,
    words: new Uint32Array(memory.buffer),
    sum: (length) => BigInt.asUintN(64, kernel.checksum(0, length)),
    deal: (count) => kernel.deal(0, count, TABLE_AT),
  };
}
