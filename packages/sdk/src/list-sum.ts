import { sha256 } from "@noble/hashes/sha2.js";
import { shake256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/**
 * The sum over a set of digests that can be kept up to date by adding and taking out: LtHash16, 1,024 lanes of 16 bits (Bellare and
 * Micciancio 1997; Lewi, Kim, Maykov, Weis, "Securing Update Propagation with Homomorphic Hashing", 2019). Unlike an XOR, nobody
 * finds another set of the same sum, not even from many old signed texts. Expanded by SHAKE256.
 */
export const SUM_BYTES = 2048;

/** The sum of nothing. */
export function emptySum(): Uint8Array {
  return new Uint8Array(SUM_BYTES);
}

/** The sum with a digest (64 hex digits) more, in place. */
export function addToSum(sum: Uint8Array, digest: string): void {
  combine(sum, digest, 1);
}

/** The sum with a digest less, in place. */
export function takeFromSum(sum: Uint8Array, digest: string): void {
  combine(sum, digest, -1);
}

/** What a head says of the sum: its SHA-256, 64 hex digits. */
export function sumText(sum: Uint8Array): string {
  return bytesToHex(sha256(sum));
}

/** Lanes are little endian. */
function combine(sum: Uint8Array, digest: string, sign: 1 | -1): void {
  const term = expand(hexToBytes(digest));
  for (let at = 0; at < SUM_BYTES; at += 2) {
    const lane = ((sum[at] ?? 0) | ((sum[at + 1] ?? 0) << 8)) + sign * ((term[at] ?? 0) | ((term[at + 1] ?? 0) << 8));
    sum[at] = lane & 255;
    sum[at + 1] = (lane >> 8) & 255;
  }
}

/** Node's own SHAKE256 where there is one: a list of 100,000 is summed in seconds. */
const crypto = globalThis.process?.getBuiltinModule?.("node:crypto");
const expand = (bytes: Uint8Array): Uint8Array =>
  crypto === undefined
    ? shake256(bytes, { dkLen: SUM_BYTES })
    : crypto.createHash("shake256", { outputLength: SUM_BYTES }).update(bytes).digest();
