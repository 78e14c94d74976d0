import type { Bilingual, Source } from "./laws/law.ts";

/** What a centre is, for how long it must keep and when it must destroy; entered by its admin with the paper it rests on. */
export const LEGAL_STATUSES = ["kr-public", "other"] as const;
export type LegalStatus = (typeof LEGAL_STATUSES)[number];

/** How long records are kept, from the day the case was closed. */
export type Keep = "permanent" | { readonly years: number } | { readonly days: number };

export type RetentionRule = {
  readonly id: "kr-minor" | "kr-police-requested" | "kr-ordinary" | "own";
  readonly law: Bilingual;
  readonly article: string;
  readonly source: Source;
  readonly keep: Keep;
  readonly why: Bilingual;
};

export type RetentionFacts = {
  /** Null: the centre has not recorded it. */
  readonly status: LegalStatus | null;
  /** Where the centre itself is the one who set the period. */
  readonly ownDays: number;
  /** Null: not known; counts as a child. */
  readonly minor: boolean | null;
  /** An investigator asked for it. */
  readonly policeRequested: boolean;
  readonly closedAt: Temporal.Instant | null;
};

const SUPPORT: Bilingual = {
  ko: "성폭력방지 및 피해자보호 등에 관한 법률 시행규칙",
  en: "Enforcement Rule of the Sexual Violence Prevention and Victim Protection Act",
};
const RULE_2_6: Source = {
  where: "성폭력방지법 시행규칙 제2조의6 제4항. 보관 기간이 언제부터인지는 읽은 부분에 없어, 종결한 날부터 셉니다",
  asOf: "2026-06-08",
  mark: "read",
};
/** Keeping personal data no longer than it serves; the text was not read. */
const OWN: Source = {
  where: "센터가 스스로 정한 기간. 개인정보 보호법 제21조는 읽지 않음",
  asOf: "2026-11-22",
  mark: "general",
};

/**
 * The rule that a case's records fall under. Pictures are never kept under any. Null where the centre has not said what it is: then nothing is
 * erased by itself, and the desk says why.
 */
export function retentionRule({ status, minor, policeRequested, ownDays }: RetentionFacts): RetentionRule | null {
  if (status === null) return null;
  if (status === "other")
    return {
      ...{ id: "own", law: { ko: "센터의 규칙", en: "The centre's own rule" }, article: "", source: OWN },
      keep: { days: ownDays },
      why: {
        ko: "법이 정한 기간을 찾지 못해 센터가 정했습니다.",
        en: "No statutory period is known; the centre set one.",
      },
    };
  const rule = { law: SUPPORT, article: "2-6(4)", source: RULE_2_6 };
  if (minor !== false)
    return {
      ...{ ...rule, id: "kr-minor", keep: "permanent" },
      why:
        minor === null
          ? {
              ko: "나이를 몰라 만 19세 미만으로 봅니다: 영구 보관.",
              en: "The age is not known and counts as under 19: permanent.",
            }
          : { ko: "아동·청소년 사건의 기록은 영구 보관합니다.", en: "Records of a child's case are permanent." },
    };
  if (policeRequested)
    return {
      ...{ ...rule, id: "kr-police-requested", keep: { years: 10 } },
      why: { ko: "수사기관이 요청한 사건: 10년.", en: "An investigator asked for it: 10 years." },
    };
  return {
    ...{ ...rule, id: "kr-ordinary", keep: { years: 5 } },
    why: { ko: "그 밖의 사건: 5년.", en: "Any other case: 5 years." },
  };
}

/** Korean law counts by Korean days; a centre elsewhere sets days, where the zone does not matter. */
const ZONE = "Asia/Seoul";

/** When the records fall due for erasure; null: never, or not while the case is open. */
export function erasureDueAt(rule: RetentionRule | null, closedAt: Temporal.Instant | null): Temporal.Instant | null {
  if (rule === null || closedAt === null || rule.keep === "permanent") return null;
  return closedAt.toZonedDateTimeISO(ZONE).add(rule.keep).toInstant();
}

/** Years of the shortest period of a Korean public centre. */
const SHORTEST_YEARS = 5;

/** Cases that were closed later than this cannot be due yet, under whichever rule; null where nothing is erased by itself. */
export function dueIfClosedBy(
  { status, ownDays }: Pick<RetentionFacts, "status" | "ownDays">,
  now: Temporal.Instant,
): Temporal.Instant | null {
  if (status === null) return null;
  const shortest = status === "other" ? { days: ownDays } : { years: SHORTEST_YEARS };
  // A day more: whoever adds five years to 29 February does not come back to it.
  return now.toZonedDateTimeISO(ZONE).subtract(shortest).add({ days: 1 }).toInstant();
}

/** Whether records go at once because she asks, and why not. */
export function mayEraseOnRequest(rule: RetentionRule | null): { readonly allowed: boolean; readonly why: Bilingual } {
  if (rule === null || rule.id === "own")
    return {
      allowed: true,
      why: { ko: "보관하라는 법이 알려져 있지 않습니다.", en: "No law is known that would have it kept." },
    };
  if (rule.id === "kr-ordinary")
    return {
      allowed: true,
      why: {
        ko: "요청하면 바로 없앱니다 (시행규칙 제2조의6 제4항).",
        en: "Destroyed at once when she asks (Rule 2-6(4)).",
      },
    };
  if (rule.id === "kr-police-requested")
    return {
      allowed: false,
      why: {
        ko: "수사기관이 요청한 기록이라 10년 동안 없앨 수 없습니다 (시행규칙 제2조의6 제4항).",
        en: "An investigator asked for these records, so they must be kept for 10 years (Rule 2-6(4)).",
      },
    };
  return {
    allowed: false,
    why: {
      ko: "아동·청소년 사건의 기록은 법이 영구히 보관하게 합니다 (시행규칙 제2조의6 제4항). 요청과 어떻게 맞물리는지는 변호사에게 물어 주세요.",
      en: "The law has records of a child's case kept for good (Rule 2-6(4)). How that goes with a request is for counsel.",
    },
  };
}
