import type { CheckOutcome } from "./place.ts";

/**
 * What one vantage saw of a place. gone: the place itself says so, or everything on it was looked at and none of it is the item ·
 * there: the item · blocked: a block page, or HTTP 451 · absent: search results that no longer hold the links looked for ·
 * unclear: an answer that tells nothing · no-answer: nothing came back.
 */
export const SIGHTS = ["gone", "there", "blocked", "absent", "unclear", "no-answer"] as const;
export type Sight = (typeof SIGHTS)[number];

/** Where one look was made from: a name within the centre, and the country when the operator said which (ISO 3166-1, lowercase). */
export type Sighting = { readonly vantage: string; readonly country: string | null; readonly saw: Sight };

/** What a check is recorded as. Blocked names the countries that could not see it, and those that could. */
export type Verdict =
  | { readonly outcome: Exclude<CheckOutcome, "blocked"> }
  | { readonly outcome: "blocked"; readonly blockedIn: readonly string[]; readonly seenIn: readonly string[] };

/**
 * Brings what several vantages saw to one answer, and never makes a guess better: removed and de-indexed only when every vantage
 * that answered says so. One that answered without telling anything has answered.
 */
export function judgeSightings(sightings: readonly Sighting[]): Verdict {
  const answered = sightings.filter(({ saw }) => saw !== "no-answer");
  const seen = answered.filter(({ saw }) => saw === "there");
  const blocked = answered.filter(({ saw }) => saw === "blocked");
  if (blocked.length > 0) return { outcome: "blocked", blockedIn: countriesOf(blocked), seenIn: countriesOf(seen) };
  if (seen.length > 0) return { outcome: "there" };
  if (answered.length === 0) return { outcome: "cannot-tell" };
  if (answered.every(({ saw }) => saw === "gone")) return { outcome: "removed" };
  if (answered.every(({ saw }) => saw === "absent")) return { outcome: "de-indexed" };
  return { outcome: "cannot-tell" };
}

/** Countries, each once; a vantage without one is called by its name. */
function countriesOf(sightings: readonly Sighting[]): string[] {
  return [...new Set(sightings.map(({ country, vantage }) => country ?? vantage))].sort();
}
