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
  "belongs",
  "proved",
  "kept-apart",
  "marks",
  "custody",
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
  /** Number of the exhibit that it is about; null when it is about the pack itself. */
  readonly exhibit: number | null;
  /** Of a chat: how many messages are shown and how many are proved to have been left out. */
  readonly messages: { readonly shown: number; readonly leftOut: number } | null;
  /** Of a timestamp that holds, and was asked for more than a day after the sealing: the hours between. */
  readonly hoursLate: number | null;
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
  "UNSAFE_NAME",
  "NAMES_COLLIDE",
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
  "TIMES_IMPOSSIBLE",
  "NO_LOG_ENTRY",
  "OTHER_ENTRY",
  "NOT_IN_THE_LOG",
  "NO_WITNESS_GIVEN",
  "NOT_WITNESSED",
  "OTHER_CASE",
  "SAME_EXHIBIT",
  "UNPROVED",
  "COUNTS_DIFFER",
  "TOO_LARGE",
  "NOT_A_KEPT_BODY",
  "IS_THERE",
] as const;
export type Why = (typeof WHYS)[number];

/** What holds. */
export function held(check: Check, detail: string | null = null): Finding {
  return { check, state: "holds", part: null, why: null, detail, exhibit: null, messages: null, hoursLate: null };
}

export function failed(check: Check, why: Why, part: string | null = null, detail: string | null = null): Finding {
  return { check, state: "fails", part, why, detail, exhibit: null, messages: null, hoursLate: null };
}

export function unchecked(check: Check, why: Why): Finding {
  return { check, state: "unchecked", part: null, why, detail: null, exhibit: null, messages: null, hoursLate: null };
}

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
  belongs: {
    ko: "이 사건의 증거이고, 꾸러미보다 먼저 봉인되었습니다",
    en: "it is an exhibit of this case, sealed before the pack",
  },
  proved: {
    ko: "보이는 말은 그 대화에 있던 그대로이고, 나머지는 빠짐없이 빼놓은 것입니다",
    en: "the messages shown stood in that chat as they are, and all others are counted as left out",
  },
  "kept-apart": {
    ko: "수집할 때 남긴 것은 이 꾸러미에 없고, 센터에 봉인되어 있습니다",
    en: "what the capture kept is not in this pack; it stays sealed at the centre",
  },
  marks: {
    ko: "파일에서 읽은 표시가 정해진 꼴로 들어 있습니다. 표시가 무엇을 뜻하는지는 파일 없이 확인할 수 없습니다",
    en: "marks that were read of a file are there in their form; what they say cannot be checked without the file",
  },
  custody: {
    ko: "꾸러미가 되기까지 한 일이 한 줄에 하나씩 적혀 있습니다. 빠진 일이 없는지는 센터의 기록(로그)만 말할 수 있습니다",
    en: "what was done with it until it was packed is written down, an act to a line; only a centre's log can say that none is missing",
  },
  witnessed: { ko: "센터 밖의 증인이 그 기록에 서명했습니다", en: "a witness outside the centre signed that log" },
};

const WHY_WORDS: Readonly<Record<Why, Said>> = {
  WRONG_KEY: { ko: "이 열쇠로는 열리지 않습니다", en: "this key does not open it" },
  NOT_A_PACK: { ko: "지킴 꾸러미가 아닙니다", en: "it is not a pack" },
  CUT_OR_ALTERED: { ko: "잘렸거나 바뀌었습니다", en: "it was cut short or altered" },
  TWICE: { ko: "같은 이름의 파일이 두 번 들어 있습니다", en: "a file comes twice" },
  TOO_MANY_FILES: { ko: "파일이 너무 많습니다", en: "there are too many files" },
  MISSING: { ko: "목록에 있으나 들어 있지 않습니다", en: "listed but not there" },
  UNLISTED: { ko: "들어 있으나 센터가 서명하지 않았습니다", en: "there, but the centre did not sign it" },
  UNSAFE_NAME: {
    ko: "풀면 다른 자리에 놓일 수 있는 이름입니다",
    en: "a name that could be unpacked into another place",
  },
  NAMES_COLLIDE: {
    ko: "풀면 다른 파일을 덮어쓸 수 있는 이름입니다",
    en: "a name that could be unpacked over another file",
  },
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
  TIMES_IMPOSSIBLE: { ko: "적힌 시각들이 서로 맞지 않습니다", en: "its times contradict each other" },
  NO_LOG_ENTRY: { ko: "아직 기록에 올라 있지 않습니다", en: "it was not logged yet" },
  OTHER_ENTRY: { ko: "기록의 항목이 이 꾸러미의 것이 아닙니다", en: "the entry is not about this pack" },
  NOT_IN_THE_LOG: {
    ko: "기록에 들어 있다는 증명이 맞지 않습니다",
    en: "the proof that it is in the log does not hold",
  },
  NO_WITNESS_GIVEN: { ko: "믿을 증인을 주지 않았습니다", en: "no trusted witness was given" },
  OTHER_CASE: { ko: "다른 사건의 것입니다", en: "it is of another case" },
  SAME_EXHIBIT: { ko: "같은 증거가 두 번 들어 있습니다", en: "the same exhibit comes twice" },
  UNPROVED: {
    ko: "그 대화에 있었다고 증명되지 않는 말이 있습니다",
    en: "some messages are not proved to have stood in that chat",
  },
  COUNTS_DIFFER: {
    ko: "보이는 말과 빼놓은 말을 더해도 전체가 되지 않습니다",
    en: "shown and left out messages do not add up to all",
  },
  TOO_LARGE: { ko: "너무 커서 확인하지 못했습니다", en: "it is too large to be checked" },
  NOT_A_KEPT_BODY: {
    ko: "빼놓았다고 하나, 그 증거의 서명된 목록에는 남겨 둔 것으로 적혀 있지 않습니다",
    en: "it is said to be left out, but the exhibit's own signed list does not have it as something that was kept",
  },
  IS_THERE: { ko: "빼놓았다고 하나 들어 있습니다", en: "it is said to be left out, but it is there" },
  NOT_WITNESSED: { ko: "주어진 증인의 서명이 없습니다", en: "none of the given witnesses signed" },
};

const STATE_WORDS: Readonly<Record<Finding["state"], Said>> = {
  holds: { ko: "맞음", en: "holds" },
  fails: { ko: "아님", en: "fails" },
  unchecked: { ko: "확인 못 함", en: "not checked" },
};

const COUNTED = {
  ko: (shown: number, leftOut: number) => `보이는 말 ${shown}개, 빼놓은 말 ${leftOut}개`,
  en: (shown: number, leftOut: number) => `${shown} messages shown, ${leftOut} left out`,
};

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`;
const LATE = {
  ko: (days: number, hours: number) =>
    `. 다만 봉인하고 ${days}일 ${hours}시간 뒤에 확인된 것이라, 그 사이의 때는 센터의 시계만 말합니다`,
  en: (days: number, hours: number) =>
    `. But it was stamped ${counted(days, "day")} and ${counted(hours, "hour")} after it was sealed: of the time between only the centre's own clock speaks`,
};

/** A finding in a plain sentence. */
export function sayFinding(finding: Finding, language: "ko" | "en"): string {
  const { check, state, part, why, detail, exhibit, messages, hoursLate } = finding;
  const reason = why === null ? "" : `: ${WHY_WORDS[why][language]}`;
  const counts = messages && COUNTED[language](messages.shown, messages.leftOut);
  const about = [part, detail, counts].filter((each) => each !== null).join(", ");
  const late = hoursLate === null ? "" : LATE[language](Math.floor(hoursLate / 24), hoursLate % 24);
  const whose = exhibit === null ? "" : `${language === "ko" ? "증거" : "exhibit"} ${exhibit}: `;
  return `${STATE_WORDS[state][language]} · ${whose}${CHECK_WORDS[check][language]}${reason}${about === "" ? "" : ` (${about})`}${late}`;
}
