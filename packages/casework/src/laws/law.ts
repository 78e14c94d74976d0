/** What laws say, as data. Not legal advice: every row carries its source, the day it was last looked at, and how sure we are. */

export type Bilingual = { readonly ko: string; readonly en: string };

/**
 * read: in the text of the law or the primary document · secondary: press, law firm, third-party text · general: general knowledge,
 * unchecked · unknown: looked for and not found.
 */
export const MARKS = ["read", "secondary", "general", "unknown"] as const;
export type Mark = (typeof MARKS)[number];

export type Source = {
  readonly where: string;
  /** ISO day on which it was last looked at. */
  readonly asOf: string;
  readonly mark: Mark;
};

/** ISO days; `until` is the first day it no longer holds. `from` null: it held when it was looked at, since when is not known. */
export type InForce = { readonly from: string | null; readonly until: string | null };

/** A crime. The day of the act picks the text: two rows of one article never hold on the same day. */
export type Offence = {
  readonly kind: "offence";
  readonly id: string;
  readonly law: Bilingual;
  readonly article: string;
  readonly act: Bilingual;
  readonly penalty: Bilingual;
  readonly inForce: InForce;
  readonly source: Source;
};

/** From what a legal period runs. `order`: from an act of an authority that the sender of a notice does not see. */
export const PERIOD_STARTS = ["receipt", "sending", "order"] as const;
export type PeriodStart = (typeof PERIOD_STARTS)[number];

/** A period that a law sets, with its start in a word and in the law's own. "without-delay" has no hours; none may be invented. */
export type LegalPeriod =
  | { readonly kind: "legal"; readonly length: "without-delay"; readonly start: PeriodStart; readonly from: Bilingual }
  | {
      readonly kind: "legal";
      readonly length: "hours" | "days" | "business-days";
      readonly count: number;
      readonly start: PeriodStart;
      readonly from: Bilingual;
    }
  | { readonly kind: "none" };

/** A target that somebody set for themselves: another type, so that it cannot be shown as law. */
export type PolicyTarget = {
  readonly kind: "policy";
  readonly hours: number;
  readonly whose: Bilingual;
  readonly source: Source;
};

/** What a notice must hold to be valid under a ground. */
export const NOTICE_FIELDS = [
  "place",
  "reason",
  "sender-name",
  "sender-contact",
  "signature",
  "good-faith",
  "authority",
  "identity-document",
  "mandate",
  "progress-contact",
  "depicted-name",
  "truth",
  /** That what is shown is intimate. */
  "intimate-content",
  /** For a search engine: the page of results, and the page that they lead to. */
  "search-result",
] as const;
export type NoticeField = (typeof NOTICE_FIELDS)[number];

/** A ground on which removal can be demanded. */
export type Ground = {
  readonly kind: "ground";
  readonly id: string;
  readonly law: Bilingual;
  readonly article: string;
  readonly what: Bilingual;
  /** public: only what is open to the general public; closed rooms need another way. */
  readonly reaches: "public" | "any";
  readonly senders: Bilingual;
  readonly notice: readonly NoticeField[];
  readonly period: LegalPeriod;
  readonly onFailure: Bilingual;
  /** How the poster may answer; null where the law knows none. */
  readonly counterNotice: Bilingual | null;
  readonly inForce: InForce;
  readonly source: Source;
};

export type Law = Offence | Ground;

export const JURISDICTIONS = ["kr", "us", "eu", "gb", "au", "jp", "tw", "ca"] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

export type LawTable = {
  readonly jurisdiction: Jurisdiction;
  readonly laws: readonly Law[];
  readonly targets: readonly PolicyTarget[];
};

export function isInForce({ from, until }: InForce, day: Temporal.PlainDate): boolean {
  if (from !== null && Temporal.PlainDate.compare(day, from) < 0) return false;
  return until === null || Temporal.PlainDate.compare(day, until) < 0;
}

/** The offences of a table whose text held on the day of the act. */
export function offencesOn(table: LawTable, dayOfAct: Temporal.PlainDate): readonly Offence[] {
  return table.laws.filter((law): law is Offence => law.kind === "offence" && isInForce(law.inForce, dayOfAct));
}
