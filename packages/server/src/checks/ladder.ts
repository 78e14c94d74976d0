/** Hours after a notice left, a removal was answered, or it was first seen gone, at which a place is looked at: pictures come back soon or late. */
export const LADDER_HOURS = [1, 6, 24, 48, 7 * 24, 30 * 24, 90 * 24] as const;

/** A centre's looks come from one address: scattered over minutes, they do not come at the same moment of every hour. */
const MOST_JITTER_SECONDS = 300;

/**
 * The next look at a place; null when the ladder is done, or there is nothing to count from.
 * @param chance  0 to 1, for the jitter.
 */
export function nextCheckAt(
  from: Temporal.Instant | null,
  now: Temporal.Instant,
  chance: number,
): Temporal.Instant | null {
  if (from === null) return null;
  const moments = LADDER_HOURS.map((hours) => from.add({ hours }));
  const next = moments.find((moment) => Temporal.Instant.compare(moment, now) > 0);
  return next?.add({ seconds: Math.floor(chance * MOST_JITTER_SECONDS) }) ?? null;
}
