import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addBusinessDays,
  CALENDARS,
  calendarOf,
  dayOf,
  dueAfter,
  holidaysOn,
  isBusinessDay,
  isKnown,
  type LegalClock,
  nextBusinessDay,
} from "../src/index.ts";

const KOREA = CALENDARS.kr;
const day = (text: string) => Temporal.PlainDate.from(text);
const at = (text: string) => Temporal.Instant.from(text);
const legal = (length: "hours" | "days" | "business-days", count: number): LegalClock => ({
  kind: "legal",
  length,
  count,
  law: { ko: "가상법", en: "Invented Act" },
  article: "1",
  from: "receipt",
  source: "none",
  asOf: "2026-11-22",
  mark: "read",
});

/** Korea's holidays from the rules of the decree and Temporal's own lunar calendar: another way to the same table. */
function holidaysByRule(year: number): Set<string> {
  const days = Array.from({ length: day(`${year}-01-01`).daysInYear }, (_, n) => day(`${year}-01-01`).add({ days: n }));
  const lunar = (monthCode: string, dayOfMonth: number) => {
    const found = days.find((each) => {
      const there = each.withCalendar("dangi");
      return there.monthCode === monthCode && there.day === dayOfMonth;
    });
    if (found === undefined) throw new Error(`${monthCode} ${dayOfMonth} is not in ${year}`);
    return found;
  };
  const around = (middle: Temporal.PlainDate) => [middle.subtract({ days: 1 }), middle, middle.add({ days: 1 })];
  const fixed = (text: string) => [day(`${year}-${text}`)];
  const madeUpFor = ["03-01", "05-05", "08-15", "10-03", "10-09", "12-25", ...(year >= 2026 ? ["05-01", "07-17"] : [])];
  const groups = [
    ...["01-01", "06-06"].map((text) => ({ days: fixed(text), moves: 8 })),
    ...madeUpFor.map((text) => ({ days: fixed(text), moves: 6 })),
    { days: [lunar("M04", 8)], moves: 6 },
    { days: around(lunar("M01", 1)), moves: 7 },
    { days: around(lunar("M08", 15)), moves: 7 },
  ];
  const named = groups.flatMap((group) => group.days.map(String));
  const holidays = new Set(named);
  const settled = new Set<string>();
  for (const { days: own, moves } of groups) {
    // From which weekday on a holiday is made up for; two on one day are made up for once.
    const meets = own.find(
      (each) => each.dayOfWeek >= moves || (moves < 8 && named.filter((text) => text === each.toString()).length > 1),
    );
    const last = own.at(-1);
    if (meets === undefined || last === undefined || settled.has(meets.toString())) continue;
    settled.add(meets.toString());
    let instead = last;
    while (instead.dayOfWeek >= 6 || holidays.has(instead.toString())) instead = instead.add({ days: 1 });
    holidays.add(instead.toString());
  }
  return holidays;
}

/** Elections and what the cabinet declared: no rule of the calendar gives them. */
const DECIDED = ["2025-01-27", "2025-06-03", "2026-06-03", "2028-04-12", "2030-03-27", "2030-06-12"];

describe("Korean holidays", () => {
  test.each([2025, 2026, 2027, 2028, 2029, 2030])(
    "of %i are those that the decree and the lunar calendar give",
    (year) => {
      const listed = new Set(
        KOREA.holidays?.map((holiday) => holiday.day).filter((text) => text.startsWith(`${year}`)),
      );
      const decided = DECIDED.filter((text) => text.startsWith(`${year}`));
      expect([...listed].toSorted()).toEqual([...holidaysByRule(year), ...decided].toSorted());
    },
  );

  test("that somebody decided fall on a Wednesday beside no holiday when they are regular elections still to come", () => {
    for (const text of ["2026-06-03", "2028-04-12", "2030-03-27", "2030-06-12"]) {
      expect(day(text).dayOfWeek, text).toBe(3);
      for (const beside of [-1, 1]) expect(holidaysOn(KOREA, day(text).add({ days: beside })), text).toEqual([]);
    }
  });

  test("each carry a source, the day it was looked at and a mark, and the years for which they are known are said", () => {
    for (const { source, name } of KOREA.holidays ?? []) {
      expect([source.where, name.ko, name.en].every((text) => text !== "")).toBe(true);
      expect(day(source.asOf).toString()).toBe(source.asOf);
    }
    expect(isKnown(KOREA, day("2030-12-31"))).toBe(true);
    expect(isKnown(KOREA, day("2031-01-01"))).toBe(false);
    expect(isKnown(KOREA, day("2024-12-31"))).toBe(false);
    expect(isKnown(CALENDARS.us, day("2026-07-04"))).toBe(false);
  });
});

describe("business days", () => {
  test("are no weekend and no holiday", () => {
    expect(isBusinessDay(KOREA, day("2026-11-20"))).toBe(true);
    expect(isBusinessDay(KOREA, day("2026-11-21"))).toBe(false);
    expect(isBusinessDay(KOREA, day("2026-09-24"))).toBe(false);
    expect(isBusinessDay(KOREA, day("2026-03-02"))).toBe(false);
    expect(nextBusinessDay(KOREA, day("2025-10-03")).toString()).toBe("2025-10-10");
    expect(addBusinessDays(KOREA, day("2025-10-02"), 1).toString()).toBe("2025-10-10");
  });

  test("counted one by one or all at once are the same, and none is ever a day of rest", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2190 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        (from, one, other) => {
          const first = nextBusinessDay(KOREA, day("2025-01-01").add({ days: from }));
          const last = addBusinessDays(KOREA, first, one + other);
          expect(addBusinessDays(KOREA, addBusinessDays(KOREA, first, one), other)).toEqual(last);
          expect(isBusinessDay(KOREA, last)).toBe(true);
          let between = 0;
          for (
            let each = first.add({ days: 1 });
            Temporal.PlainDate.compare(each, last) <= 0;
            each = each.add({ days: 1 })
          )
            if (isBusinessDay(KOREA, each)) between += 1;
          expect(between).toBe(one + other);
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe("a period", () => {
  test("of hours runs through nights, holidays and changes of the clock", () => {
    // New York moves its clock on by an hour in the night to 14 March 2027: 48 hours end an hour later by the wall.
    const due = dueAfter(legal("hours", 48), at("2027-03-13T12:00:00-05:00"), CALENDARS.us);
    expect(due?.toZonedDateTimeISO("America/New_York").toPlainDateTime().toString()).toBe("2027-03-15T13:00:00");
    expect(dueAfter(legal("hours", 24), at("2026-09-24T00:00:00Z"), KOREA)).toEqual(at("2026-09-25T00:00:00Z"));
  });

  test("of days does not count the first day and counts the last in full, in its own zone", () => {
    const due = dueAfter(legal("days", 7), at("2026-11-02T15:30:00Z"), KOREA);
    expect(dayOf(KOREA, at("2026-11-02T15:30:00Z")).toString()).toBe("2026-11-03");
    expect(due).toEqual(at("2026-11-11T00:00:00+09:00"));
  });

  test("that ends on a day of rest ends on the next business day where a rule says so, and nowhere else", () => {
    expect(dueAfter(legal("days", 7), at("2026-09-18T09:00:00+09:00"), KOREA)).toEqual(at("2026-09-29T00:00:00+09:00"));
    expect(dueAfter(legal("days", 7), at("2026-11-14T09:00:00+01:00"), CALENDARS.eu)).toEqual(
      at("2026-11-24T00:00:00+01:00"),
    );
    expect(dueAfter(legal("days", 7), at("2026-11-14T09:00:00-05:00"), CALENDARS.us)).toEqual(
      at("2026-11-22T00:00:00-05:00"),
    );
  });

  test("of days across a change of the clock ends at midnight, not an hour beside it", () => {
    const due = dueAfter(legal("days", 2), at("2027-03-26T10:00:00+01:00"), { ...CALENDARS.eu, rolls: null });
    expect(due).toEqual(at("2027-03-29T00:00:00+02:00"));
  });

  test("of business days skips what is none", () => {
    const due = dueAfter(legal("business-days", 3), at("2026-09-22T10:00:00+09:00"), KOREA);
    expect(due).toEqual(at("2026-09-30T00:00:00+09:00"));
  });

  test("whose jurisdiction nobody knows is counted by Korea's calendar", () => {
    expect(calendarOf(null)).toBe(KOREA);
    expect(calendarOf("gb").timeZone).toBe("Europe/London");
  });
});
