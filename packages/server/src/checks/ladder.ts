/** Hours after a removal was answered, or first seen, at which a place is looked at again: pictures come back soon or late. */
const LADDER_HOURS = [1, 6, 24, 48, 7 * 24, 30 * 24, 90 * 24];

/** The next look at a place; null when the ladder is done, or there is nothing to count from. */
export function nextCheckAt(from: Temporal.Instant | null, now: Temporal.Instant): Temporal.Instant | null {
  if (from === null) return null;
  const moments = LADDER_HOURS.map((hours) => from.add({ hours }));
  return moments.find((moment) => Temporal.Instant.compare(moment, now) > 0) ?? null;
}
