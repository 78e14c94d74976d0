export { type Edit, editsBetween, type FamilyMatch, familyOf, matchFamilies, type Query, queriesOf } from "./family.ts";
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
export type { EntryId } from "./index-names.ts";
export {
  add,
  addAll,
  createIndex,
  type FingerprintIndex,
  type IndexReader,
  lookup,
  lookupMany,
  lookupPacked,
  type Match,
  type SetAside,
  sizeOf,
  withdraw,
} from "./index-query.ts";
export { INDEX_REFUSALS, IndexRefusal, type IndexRefusalCode } from "./index-refusal.ts";
export { openShared, refreshShared, type SharedIndex, shareIndex } from "./index-share.ts";
export { type Loaded, loadIndex, saveIndex } from "./index-snapshot.ts";
export { type Fingerprinted, fingerprint, type Pixels, ready, type Turn } from "./pdq.ts";
export { FINGERPRINT_REFUSALS, FingerprintRefusal, type FingerprintRefusalCode } from "./refusal.ts";
export { matchVideos, type VideoMatch } from "./video.ts";
