/**
 * Code lists of the Korean central centre (한국여성인권진흥원, yearly reports 2021-2024): what is counted must print in its tables.
 * Keys are ours; the Korean labels are the published ones.
 */

/** Harm, several may hold: 유포, 불법촬영, 유포협박, 유포불안, 합성·편집, 사이버 괴롭힘, 기타. */
export const HARMS = ["circulated", "filmed", "threatened", "feared", "synthesised", "harassed", "other"] as const;
export type Harm = (typeof HARMS)[number];

/**
 * Age at the time of the report. The published bands are decades; 10대 is cut at the ages where Korean law changes:
 * 14 (consent of a legal representative: Personal Information Protection Act art. 22-2) and 19 (child or youth: Youth Protection
 * Act against sexual abuse art. 2(1)).
 */
export const AGE_BANDS = ["under-10", "10-13", "14-17", "18", "19", "20s", "30s", "40s", "50-plus", "unknown"] as const;
export type AgeBand = (typeof AGE_BANDS)[number];

const MINOR: ReadonlySet<AgeBand> = new Set(["under-10", "10-13", "14-17", "18", "unknown"]);

/** Whether the stricter rules for children hold. Unknown counts as a child; in Korea a child or youth is under 19 (act cited above). */
export function countsAsMinor(band: AgeBand): boolean {
  return MINOR.has(band);
}

/** Roles of staff. Admin neither opens cases nor signs keys; auditor sees the log only, analyst figures only. */
export const ROLES = ["intake", "caseworker", "supervisor", "admin", "auditor", "analyst"] as const;
export type Role = (typeof ROLES)[number];
