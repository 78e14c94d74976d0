import { isInForce, type Law } from "./law.ts";

/** Longest time, in days, since a row was looked at for a notice to assert it. Ours; no law sets it. */
export const RECHECK_DAYS = 180;

/**
 * Somebody of a centre looked at the source of a row again. `text`: the row as it then stood (`textOf`); a reading says nothing of a
 * row whose text has changed since. `stands` false: the law no longer says what the row says.
 */
export type Reading = {
  readonly lawId: string;
  readonly text: string;
  /** ISO day of the look. */
  readonly day: string;
  readonly stands: boolean;
};

/** When a row was looked at, and whether it was found to stand. */
export type Look = Pick<Reading, "day" | "stands">;

/** The readings of a centre, in the order in which they were recorded. */
export type Readings = readonly Reading[];

/** What was known to nobody but Jikim's authors: a centre that has read nothing again. */
export const NO_READINGS: Readings = [];

/** A row as text, by which a reading knows it: all of it but the day on which it was last looked at. */
export function textOf({ source: { where, mark }, ...row }: Law): string {
  return JSON.stringify({ ...row, source: { where, mark } }, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** The last look at a row on or before a day: that of the row itself, or a later one of the centre. Of one day, the last recorded. */
export function lastLooked(law: Law, day: Temporal.PlainDate, readings: Readings): Look {
  const text = textOf(law);
  const on = day.toString();
  const first: Look = { day: law.source.asOf, stands: true };
  return readings
    .filter((reading) => reading.lawId === law.id && reading.text === text && reading.day <= on)
    .reduce((last, reading) => (reading.day >= last.day ? reading : last), first);
}

/** Whether a notice sent that day may say "under this law you must": read, in force, looked at lately, and not found to have changed. */
export function mayAssert(law: Law, day: Temporal.PlainDate, readings: Readings): boolean {
  if (law.source.mark !== "read" || !isInForce(law.inForce, day)) return false;
  const last = lastLooked(law, day, readings);
  const age = Temporal.PlainDate.from(last.day).until(day, { largestUnit: "day" }).days;
  return last.stands && age >= 0 && age <= RECHECK_DAYS;
}

/** The last day on which a row that may be asserted that day still may, if nobody looks again; null: it may not that day. */
export function assertableUntil(law: Law, day: Temporal.PlainDate, readings: Readings): Temporal.PlainDate | null {
  if (!mayAssert(law, day, readings)) return null;
  const end = Temporal.PlainDate.from(lastLooked(law, day, readings).day).add({ days: RECHECK_DAYS });
  const { until } = law.inForce;
  const last = until === null ? end : Temporal.PlainDate.from(until).subtract({ days: 1 });
  return Temporal.PlainDate.compare(last, end) < 0 ? last : end;
}
