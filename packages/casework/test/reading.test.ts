import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assertableUntil,
  clocksOf,
  JURISDICTIONS,
  LAWS,
  type Law,
  mayAssert,
  NO_READINGS,
  RECHECK_DAYS,
  textOf,
} from "../src/index.ts";
import { someFacts } from "./writing-facts.ts";

const ALL = JURISDICTIONS.flatMap((each) => LAWS[each].laws);
const find = (id: string): Law => {
  const law = ALL.find((each) => each.id === id);
  if (law === undefined) throw new Error(`no row ${id}`);
  return law;
};
const row = find("kr-tba-22-5");
const day = (days: number) => Temporal.PlainDate.from(row.source.asOf).add({ days });
const reading = (days: number, stands = true) => ({
  ...{ lawId: row.id, text: textOf(row), day: day(days).toString(), stands },
});

describe("a row of law that the centre looked up again", () => {
  test("may be asserted for as long again, from that look", () => {
    const late = day(RECHECK_DAYS + 1);
    expect(mayAssert(row, late, NO_READINGS)).toBe(false);
    expect(mayAssert(row, late, [reading(RECHECK_DAYS)])).toBe(true);
    expect(mayAssert(row, day(2 * RECHECK_DAYS), [reading(RECHECK_DAYS)])).toBe(true);
    expect(mayAssert(row, day(2 * RECHECK_DAYS + 1), [reading(RECHECK_DAYS)])).toBe(false);
  });

  test("is asserted no more once it was found to have changed, until it is found to stand", () => {
    const found = [reading(10), reading(20, false)];
    expect(mayAssert(row, day(19), found)).toBe(true);
    expect(mayAssert(row, day(20), found)).toBe(false);
    expect(mayAssert(row, day(40), [...found, reading(30)])).toBe(true);
    expect(mayAssert(row, day(20), [reading(20, false), reading(20)])).toBe(true);
    expect(mayAssert(row, day(20), [reading(20), reading(20, false)])).toBe(false);
  });

  test("is another row once its text has changed, and a reading of one row says nothing of another", () => {
    const late = day(RECHECK_DAYS + 1);
    const law = row.kind === "ground" ? { ...row, notice: [...row.notice, "signature" as const] } : row;
    expect(mayAssert(law, late, [reading(RECHECK_DAYS)])).toBe(false);
    expect(mayAssert(row, late, [{ ...reading(RECHECK_DAYS), lawId: "kr-network-44-2" }])).toBe(false);
    expect(textOf({ ...row, source: { ...row.source, asOf: "2030-01-01" } })).toBe(textOf(row));
  });

  test("stays what it is: a row that nobody read, or that is not in force, is not asserted for a reading", () => {
    for (const id of ["eu-dsa-16", "kr-spc-14-2-1-2020"]) {
      const law = find(id);
      const looked = { lawId: id, text: textOf(law), day: "2026-11-20", stands: true };
      expect(mayAssert(law, Temporal.PlainDate.from("2026-11-22"), [looked]), id).toBe(false);
    }
  });

  test("starts a legal clock that names the day of that look", () => {
    const ground = row.kind === "ground" ? row : null;
    const late = { day: day(RECHECK_DAYS + 5), readings: [reading(RECHECK_DAYS)] };
    expect(clocksOf(ground, "kr", late)[0]).toMatchObject({ kind: "legal", asOf: day(RECHECK_DAYS).toString() });
    expect(clocksOf(ground, "kr", { ...late, readings: NO_READINGS })[0]).toMatchObject({ kind: "policy" });
  });

  test("is said to end on the last day on which it may be asserted", () => {
    const first = day(0);
    expect(assertableUntil(row, first, NO_READINGS)).toEqual(day(RECHECK_DAYS));
    expect(assertableUntil(row, day(RECHECK_DAYS + 1), NO_READINGS)).toBeNull();
    const ending = { ...row, inForce: { from: null, until: day(31).toString() } };
    expect(assertableUntil(ending, first, NO_READINGS)).toEqual(day(30));
  });

  test("whatever was recorded: the last day it may be asserted is one, and the next is none unless a later look changes it", () => {
    fc.assert(
      fc.property(someFacts, fc.constantFrom(...ALL), ({ day, readings }, law) => {
        const earlier = readings.filter((each) => each.day <= day.toString());
        const last = assertableUntil(law, day, earlier);
        expect(last !== null).toBe(mayAssert(law, day, earlier));
        if (last === null) return;
        expect(mayAssert(law, last, earlier)).toBe(true);
        expect(mayAssert(law, last.add({ days: 1 }), earlier)).toBe(false);
      }),
      { numRuns: 2000, seed: 180 },
    );
  });
});
