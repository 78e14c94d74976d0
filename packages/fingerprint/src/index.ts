export type { FileFingerprints } from "./file-fingerprints.ts";
export {
  bitsApart,
  FINGERPRINT_KINDS,
  type Fingerprint,
  type FingerprintKind,
  isFingerprintText,
  MATCH_BITS,
  MAX_FINGERPRINTS,
  MIN_QUALITY,
  shortName,
} from "./fingerprint.ts";
export {
  add,
  createIndex,
  type EntryId,
  type FingerprintIndex,
  lookup,
  type Match,
  sizeOf,
  withdraw,
} from "./index-query.ts";
export { INDEX_REFUSALS, IndexRefusal, type IndexRefusalCode } from "./index-refusal.ts";
export { type Fingerprinted, fingerprint, type Pixels, ready, type Turn } from "./pdq.ts";
export { FINGERPRINT_REFUSALS, FingerprintRefusal, type FingerprintRefusalCode } from "./refusal.ts";
export { matchVideos, type VideoMatch } from "./video.ts";
