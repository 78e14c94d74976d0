import type { Calendar, Holiday } from "./calendars/holiday.ts";
import { KOREAN_CALENDAR } from "./calendars/kr.ts";
import type { Jurisdiction, Source } from "./laws/law.ts";

const asOf = "2026-11-22";
const weekendsOnly = (timeZone: string, rolls: Source | null = null): Calendar => ({
  timeZone,
  holidays: null,
  known: null,
  rolls,
});

/**
 * Calendars by jurisdiction. Where a country has several zones, that of its capital or largest city: only days, never hours, depend
 * on it. Outside Korea only weekends are known, since holidays there differ by state and have not been read.
 */
export const CALENDARS: Readonly<Record<Jurisdiction, Calendar>> = {
  kr: KOREAN_CALENDAR,
  us: weekendsOnly("America/New_York"),
  eu: weekendsOnly("Europe/Brussels", {
    where: "Regulation (EEC, Euratom) No 1182/71, art. 3(4)",
    asOf,
    mark: "general",
  }),
  gb: weekendsOnly("Europe/London"),
  au: weekendsOnly("Australia/Sydney"),
  jp: weekendsOnly("Asia/Tokyo"),
  tw: weekendsOnly("Asia/Taipei"),
  ca: weekendsOnly("America/Toronto"),
};

/** The calendar of a jurisdiction; where that is not known, Korea's, since the centre lives by it. */
export function calendarOf(jurisdiction: Jurisdiction | null): Calendar {
  return CALENDARS[jurisdiction ?? "kr"];
}

/** The civil day of an instant in the calendar's zone. */
export function dayOf(calendar: Calendar, at: Temporal.Instant): Temporal.PlainDate {
  return at.toZonedDateTimeISO(calendar.timeZone).toPlainDate();
}

/** The holidays of that day; two may fall on one. */
export function holidaysOn(calendar: Calendar, day: Temporal.PlainDate): readonly Holiday[] {
  const text = day.toString();
  return calendar.holidays?.filter((holiday) => holiday.day === text) ?? [];
}

/** Monday to Friday and no known holiday. */
export function isBusinessDay(calendar: Calendar, day: Temporal.PlainDate): boolean {
  return day.dayOfWeek <= 5 && holidaysOn(calendar, day).length === 0;
}

/** Whether the holidays of that day are known; where not, `isBusinessDay` knows weekends only. */
export function isKnown(calendar: Calendar, day: Temporal.PlainDate): boolean {
  if (calendar.known === null) return false;
  const { from, until } = calendar.known;
  return Temporal.PlainDate.compare(from, day) <= 0 && Temporal.PlainDate.compare(day, until) <= 0;
}

/** The given day, or the first business day after it. */
export function nextBusinessDay(calendar: Calendar, day: Temporal.PlainDate): Temporal.PlainDate {
  let next = day;
  while (!isBusinessDay(calendar, next)) next = next.add({ days: 1 });
  return next;
}

/** So many business days later; the first day is not counted. @param count  a whole number, 0 or more. */
export function addBusinessDays(calendar: Calendar, day: Temporal.PlainDate, count: number): Temporal.PlainDate {
  let last = day;
  for (let counted = 0; counted < count; counted += 1) last = nextBusinessDay(calendar, last.add({ days: 1 }));
  return last;
}

/** The end of the day that is so many days after that of `from`, moved on from a day of rest where the calendar says so. */
export function endOfDay(calendar: Calendar, from: Temporal.Instant, days: number): Temporal.Instant {
  const last = dayOf(calendar, from).add({ days });
  return midnightAfter(calendar, calendar.rolls === null ? last : nextBusinessDay(calendar, last));
}

/** The end of the day that is so many business days after that of `from`. */
export function endOfBusinessDay(calendar: Calendar, from: Temporal.Instant, days: number): Temporal.Instant {
  return midnightAfter(calendar, addBusinessDays(calendar, dayOf(calendar, from), days));
}

/** The first moment after a civil day; where the clock jumps over midnight, the first moment there is. */
function midnightAfter(calendar: Calendar, day: Temporal.PlainDate): Temporal.Instant {
  return day.add({ days: 1 }).toZonedDateTime(calendar.timeZone).toInstant();
}
