import { MATCH_BITS } from "./fingerprint.ts";
import { IndexRefusal } from "./index-refusal.ts";

/** A hash in the index: the 32 bytes its hex digits spell, in their order. */
export const HASH_BYTES = 32;

const DIGITS = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 16; digit++) DIGITS[digit.toString(16).charCodeAt(0)] = digit;

/**
 * Writes the 32 bytes of a fingerprint in hex to `into` at `at`.
 *
 * @throws {IndexRefusal} `NOT_A_FINGERPRINT`; then `into` may hold half of it.
 */
export function writeHex(hex: string, into: Uint8Array, at: number): void {
  if (typeof hex !== "string" || hex.length !== HASH_BYTES * 2) throw new IndexRefusal("NOT_A_FINGERPRINT");
  let bad = 0;
  for (let byte = 0; byte < HASH_BYTES; byte++) {
    const value = ((DIGITS[hex.charCodeAt(byte * 2)] ?? -1) << 4) | (DIGITS[hex.charCodeAt(byte * 2 + 1)] ?? -1);
    bad |= value;
    into[at + byte] = value;
  }
  if (bad < 0) throw new IndexRefusal("NOT_A_FINGERPRINT");
}

function onesIn(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * True for a hash within a match of all zeros or all ones, as a blank picture has it: it would match every blank picture.
 * A PDQ hash of a real picture has 128 ones or hardly fewer, as its bits are split at their median.
 *
 * @param words  hashes as 32-bit words, eight a hash
 */
export function isBlank(words: Uint32Array, row: number): boolean {
  let ones = 0;
  for (let word = row * 8; word < row * 8 + 8; word++) ones += onesIn(words[word] ?? 0);
  return ones <= MATCH_BITS || ones >= 256 - MATCH_BITS;
}
