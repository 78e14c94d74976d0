import type { Act, AgeBand, CheckOutcome, Harm, PlaceState } from "@jikim/casework";
import type { FingerprintRefusalCode } from "@jikim/fingerprint";
import { m } from "../paraglide/messages.js";

type Names<K extends string> = Readonly<Record<K, () => string>>;

/** Plain words for the code lists; each is called while drawing, so that it follows the language. */
export const AGE_NAMES: Names<AgeBand> = {
  "under-10": m.age_under_10,
  "10-13": m.age_10_13,
  "14-17": m.age_14_17,
  "18": m.age_18,
  "19": m.age_19,
  "20s": m.age_20s,
  "30s": m.age_30s,
  "40s": m.age_40s,
  "50-plus": m.age_50_plus,
  unknown: m.age_unknown,
};

export const HARM_NAMES: Names<Harm> = {
  circulated: m.harm_circulated,
  filmed: m.harm_filmed,
  threatened: m.harm_threatened,
  feared: m.harm_feared,
  synthesised: m.harm_synthesised,
  harassed: m.harm_harassed,
  other: m.harm_other,
};

export const ACT_NAMES: Names<Act> = {
  remove: m.act_remove,
  share: m.act_share,
  police: m.act_police,
  statistics: m.act_statistics,
};

export const PLACE_NAMES: Names<PlaceState> = {
  open: m.place_open,
  asked: m.place_asked,
  removed: m.place_removed,
  blocked: m.place_blocked,
  "de-indexed": m.place_de_indexed,
  back: m.place_back,
};

export const OUTCOME_NAMES: Names<CheckOutcome> = {
  removed: m.check_removed,
  there: m.check_there,
  blocked: m.check_blocked,
  "de-indexed": m.check_de_indexed,
  "cannot-tell": m.check_cannot_tell,
};

/** Why a chosen file has no fingerprint. Several reasons share the same plain words. */
export const UNREADABLE_NAMES: Names<FingerprintRefusalCode> = {
  TOO_SMALL: m.file_too_small,
  TOO_LARGE: m.file_too_large,
  TOO_MANY_BYTES: m.file_too_large,
  BAD_PIXELS: m.file_damaged,
  EMPTY: m.file_damaged,
  NOT_A_PICTURE: m.file_not_a_picture,
  WRONG_TYPE: m.file_not_a_picture,
  DAMAGED: m.file_damaged,
  NO_FRAMES: m.file_damaged,
  TOO_LONG: m.file_too_large,
  NOT_SUPPORTED: m.file_not_supported,
};
