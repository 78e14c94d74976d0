/**
 * How a fingerprint came about: `pdq`, the whole picture; `view`, the picture as an edit foreseen would leave it, by our
 * own view hash; `vpdq-frame`, PDQ of one frame of a video. All are compared alike: within 31 of 256 bits.
 */
export const FINGERPRINT_KINDS = ["pdq", "view", "vpdq-frame"] as const;
export type FingerprintKind = (typeof FINGERPRINT_KINDS)[number];

/** Most fingerprints that stand for one item on a list. */
export const MAX_FINGERPRINTS = 32;

/** One hash of an item. Personal data: it can be partly inverted and is never published. */
export type Fingerprint = {
  readonly kind: FingerprintKind;
  /** 64 lowercase hex digits, 256 bits. */
  readonly value: string;
  /** 0 to 100; below `MIN_QUALITY` too plain to be trusted alone. */
  readonly quality: number;
  /** Seconds from the start of the video; only for frames. */
  readonly at?: number;
  /** Which view of the picture was hashed, such as `left-10-t0`; only for views. At most 24 of a-z, 0-9 and "-". */
  readonly part?: string;
};

/** 31 bits: the distance at and below which two hashes are the same picture (Meta, PDQ, 2019). */
export const MATCH_BITS = 31;
/** Below this quality a hash is too flat to be trusted for matching (Meta, PDQ, 2019). */
export const MIN_QUALITY = 50;

export function isFingerprintText(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
}

function onesIn(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** A hash as eight 32-bit words, for many comparisons. Takes text already known to be a fingerprint. */
export function wordsOf(value: string): Uint32Array {
  return Uint32Array.from({ length: 8 }, (_, word) => Number.parseInt(value.slice(word * 8, word * 8 + 8), 16));
}

/** Bits in which two hashes of eight words differ, 0 to 256. */
export function wordsApart(a: Uint32Array, b: Uint32Array): number {
  let bits = 0;
  for (let at = 0; at < 8; at++) bits += onesIn((a[at] ?? 0) ^ (b[at] ?? 0));
  return bits;
}

/**
 * Bits in which two hashes differ, 0 to 256.
 *
 * @throws {RangeError} when either is not 64 lowercase hex digits.
 */
export function bitsApart(a: string, b: string): number {
  if (!isFingerprintText(a) || !isFingerprintText(b))
    throw new RangeError("not a fingerprint: 64 lowercase hex digits");
  return wordsApart(wordsOf(a), wordsOf(b));
}

/**
 * A short neutral name such as `3f-a1-07-9c`, by which staff tell items apart without seeing them. It is mixed from all
 * bits, so it does not show the fingerprint; two items share one by chance in about one of four milliard pairs.
 */
export function shortName(value: string): string {
  let mixed = 0x811c9dc5; // FNV-1a, 32 bits
  for (let at = 0; at < value.length; at++) mixed = Math.imul(mixed ^ value.charCodeAt(at), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b); // finaliser of MurmurHash3
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  const hex = ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, "0");
  return hex.replace(/..(?=.)/g, "$&-");
}
