import type { CheckOutcome } from "./place.ts";

/**
 * What one vantage saw of a place. gone: the place itself says so, or the item was seen there before and now everything was looked
 * at, none of it is the item, and nothing new is asked of whoever comes · there: the item · blocked: a block page, or HTTP 451 ·
 * absent: search results that no longer hold the links looked for · unclear: an answer that tells nothing · no-name: the name server
 * there knows no such host, or gives only addresses that lead nowhere public · unreached: the host did not answer there · no-answer:
 * our own way there is down, so nobody looked.
 */
export const SIGHTS = ["gone", "there", "blocked", "absent", "unclear", "no-name", "unreached", "no-answer"] as const;
export type Sight = (typeof SIGHTS)[number];

/** Where one look was made from: a name within the centre, and the country when the operator said which (ISO 3166-1, lowercase). */
export type Sighting = { readonly vantage: string; readonly country: string | null; readonly saw: Sight };

/** What a check is recorded as. Blocked names the countries that could not see it, and those that could. */
export type Verdict =
  | { readonly outcome: Exclude<CheckOutcome, "blocked"> }
  | { readonly outcome: "blocked"; readonly blockedIn: readonly string[]; readonly seenIn: readonly string[] };

/**
 * Brings what several vantages saw to one answer, and never makes a guess better: removed and de-indexed only when every vantage
 * from which we looked says so. One that got no name, or no connection, has looked: a country that blocks by its name servers or
 * cuts connections shows just that. Only where our own way was down did nobody look.
 *
 * A missing name is a block where another country sees the item. Where nobody does it tells nothing: the host may be gone, or
 * blocked everywhere we look from.
 */
export function judgeSightings(sightings: readonly Sighting[]): Verdict {
  const looked = sightings.filter(({ saw }) => saw !== "no-answer");
  const seen = looked.filter(({ saw }) => saw === "there");
  const seenIn = countriesOf(seen);
  const blocked = looked.filter((one) => one.saw === "blocked" || isNameBlocked(one, seenIn));
  if (blocked.length > 0) return { outcome: "blocked", blockedIn: countriesOf(blocked), seenIn };
  if (seen.length > 0) return { outcome: "there" };
  if (looked.length === 0) return { outcome: "cannot-tell" };
  if (looked.every(({ saw }) => saw === "gone")) return { outcome: "removed" };
  if (looked.every(({ saw }) => saw === "absent")) return { outcome: "de-indexed" };
  return { outcome: "cannot-tell" };
}

/** A country that sees the item by another way does not block its name: one name server there fails. */
function isNameBlocked({ saw, country, vantage }: Sighting, seenIn: readonly string[]): boolean {
  return saw === "no-name" && seenIn.length > 0 && !seenIn.includes(country ?? vantage);
}

/** Countries, each once; a vantage without one is called by its name. */
function countriesOf(sightings: readonly Sighting[]): string[] {
  return [...new Set(sightings.map(({ country, vantage }) => country ?? vantage))].sort();
}
