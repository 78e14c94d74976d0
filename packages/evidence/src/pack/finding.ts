/** What a verification looks at. */
export const CHECKS = [
  "opened",
  "whole",
  "unchanged",
  "in-order",
  "signed",
  "vouched",
  "timed",
  "logged",
  "witnessed",
] as const;
export type Check = (typeof CHECKS)[number];

/** holds: seen to be so · fails: seen not to be so · unchecked: nothing at hand to check it by. */
export type Finding = {
  readonly check: Check;
  readonly state: "holds" | "fails" | "unchecked";
  /** The part it is about, where it is about one. */
  readonly part: string | null;
  readonly why: Why | null;
  /** What was found, such as a time: for reading, not for machines. */
  readonly detail: string | null;
};

/** Why something fails or could not be checked. */
export const WHYS = [
  "WRONG_KEY",
  "NOT_A_PACK",
  "CUT_OR_ALTERED",
  "TWICE",
  "TOO_MANY_FILES",
  "MISSING",
  "UNLISTED",
  "ALTERED",
  "LISTS_DIFFER",
  "OUT_OF_ORDER",
  "BAD_SIGNATURE",
  "MALFORMED",
  "NO_ROOT_GIVEN",
  "NOT_VOUCHED",
  "NO_TIMESTAMP",
  "NO_AUTHORITY_GIVEN",
  "TIMESTAMP_REFUSED",
  "TIME_DIFFERS",
  "NO_LOG_ENTRY",
  "OTHER_ENTRY",
  "NOT_IN_THE_LOG",
  "NO_WITNESS_GIVEN",
  "NOT_WITNESSED",
] as const;
export type Why = (typeof WHYS)[number];

type Said = { readonly ko: string; readonly en: string };

const CHECK_WORDS: Readonly<Record<Check, Said>> = {
  opened: { ko: "꾸러미가 열립니다", en: "the pack opens" },
  whole: {
    ko: "목록에 있는 것이 빠짐없이 있고, 없는 것은 들어 있지 않습니다",
    en: "every file that is listed is there, and no other",
  },
  unchanged: { ko: "파일이 봉인된 그대로입니다", en: "the files are as they were sealed" },
  "in-order": { ko: "파일의 순서가 봉인된 그대로입니다", en: "the files are in the order in which they were sealed" },
  signed: { ko: "목록에 서명이 있고 서명이 맞습니다", en: "the manifest is signed, and the signature holds" },
  vouched: {
    ko: "서명한 열쇠를 센터의 오프라인 루트가 보증합니다",
    en: "the centre's offline root vouches for the key that signed",
  },
  timed: { ko: "믿을 수 있는 기관이 시각을 확인했습니다", en: "a trusted authority stamped the time" },
  logged: { ko: "센터의 기록(로그)에 올라 있습니다", en: "it stands in the centre's log" },
  witnessed: { ko: "센터 밖의 증인이 그 기록에 서명했습니다", en: "a witness outside the centre signed that log" },
};

const WHY_WORDS: Readonly<Record<Why, Said>> = {
  WRONG_KEY: { ko: "이 열쇠로는 열리지 않습니다", en: "this key does not open it" },
  NOT_A_PACK: { ko: "지킴 꾸러미가 아닙니다", en: "it is not a pack" },
  CUT_OR_ALTERED: { ko: "잘렸거나 바뀌었습니다", en: "it was cut short or altered" },
  TWICE: { ko: "같은 이름의 파일이 두 번 들어 있습니다", en: "a file comes twice" },
  TOO_MANY_FILES: { ko: "파일이 너무 많습니다", en: "there are too many files" },
  MISSING: { ko: "목록에 있으나 들어 있지 않습니다", en: "listed but not there" },
  UNLISTED: { ko: "들어 있으나 목록에 없습니다", en: "there but not listed" },
  ALTERED: { ko: "내용이 봉인된 것과 다릅니다", en: "its content is not what was sealed" },
  LISTS_DIFFER: { ko: "목록들이 서로 다릅니다", en: "the lists contradict each other" },
  OUT_OF_ORDER: { ko: "다른 자리에 있습니다", en: "it stands in another place" },
  BAD_SIGNATURE: { ko: "서명이 맞지 않습니다", en: "the signature does not hold" },
  MALFORMED: { ko: "정해진 꼴이 아닙니다", en: "it is malformed" },
  NO_ROOT_GIVEN: {
    ko: "센터의 루트를 주지 않아, 누가 서명했는지는 확인하지 못했습니다",
    en: "no root was given, so who signed could not be checked",
  },
  NOT_VOUCHED: { ko: "루트가 이 열쇠를 보증하지 않습니다", en: "the root does not vouch for this key" },
  NO_TIMESTAMP: { ko: "시각 확인이 아직 없습니다", en: "it was not stamped yet" },
  NO_AUTHORITY_GIVEN: {
    ko: "믿을 기관의 인증서를 주지 않았습니다",
    en: "no trusted authority's certificate was given",
  },
  TIMESTAMP_REFUSED: { ko: "시각 확인을 믿을 수 없습니다", en: "the timestamp is not to be believed" },
  TIME_DIFFERS: { ko: "적힌 시각이 확인된 시각보다 뒤입니다", en: "it claims a time after the one that was stamped" },
  NO_LOG_ENTRY: { ko: "아직 기록에 올라 있지 않습니다", en: "it was not logged yet" },
  OTHER_ENTRY: { ko: "기록의 항목이 이 꾸러미의 것이 아닙니다", en: "the entry is not about this pack" },
  NOT_IN_THE_LOG: {
    ko: "기록에 들어 있다는 증명이 맞지 않습니다",
    en: "the proof that it is in the log does not hold",
  },
  NO_WITNESS_GIVEN: { ko: "믿을 증인을 주지 않았습니다", en: "no trusted witness was given" },
  NOT_WITNESSED: { ko: "주어진 증인의 서명이 없습니다", en: "none of the given witnesses signed" },
};

const STATE_WORDS: Readonly<Record<Finding["state"], Said>> = {
  holds: { ko: "맞음", en: "holds" },
  fails: { ko: "아님", en: "fails" },
  unchecked: { ko: "확인 못 함", en: "not checked" },
};

/** A finding in a plain sentence. */
export function sayFinding({ check, state, part, why, detail }: Finding, language: "ko" | "en"): string {
  const reason = why === null ? "" : `: ${WHY_WORDS[why][language]}`;
  const about = [part, detail].filter((each) => each !== null).join(", ");
  return `${STATE_WORDS[state][language]} · ${CHECK_WORDS[check][language]}${reason}${about === "" ? "" : ` (${about})`}`;
}
