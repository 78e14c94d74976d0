import { describe, expect, test } from "vitest";
import { dueIfClosedBy, erasureDueAt, mayEraseOnRequest, type RetentionFacts, retentionRule } from "../src/index.ts";

const closedAt = Temporal.Instant.from("2026-11-22T15:30:00Z");
const facts: RetentionFacts = {
  ...{ status: "kr-public", ownDays: 365, minor: false, policeRequested: false, closedAt },
};
const dueAt = (changes: Partial<RetentionFacts>) =>
  erasureDueAt(retentionRule({ ...facts, ...changes }), closedAt)?.toString() ?? null;

describe("a Korean public centre keeps", () => {
  test("an ordinary case five years and one that police asked for ten, by the Korean day", () => {
    expect(dueAt({})).toBe("2031-11-22T15:30:00Z");
    expect(dueAt({ policeRequested: true })).toBe("2036-11-22T15:30:00Z");
    // Closed on 29 February by the Korean calendar, on the 28th by the world's.
    const leap = Temporal.Instant.from("2028-02-28T16:00:00Z");
    expect(erasureDueAt(retentionRule(facts), leap)?.toString()).toBe("2033-02-27T16:00:00Z");
  });

  test("a child's case for good, also where the age is not known or police asked", () => {
    for (const minor of [true, null])
      for (const policeRequested of [true, false]) expect(dueAt({ minor, policeRequested })).toBeNull();
    expect(retentionRule({ ...facts, minor: null })?.why.en).toContain("not known");
  });

  test("each rule with its article, its source and how sure we are", () => {
    for (const minor of [true, false, null])
      for (const policeRequested of [true, false])
        expect(retentionRule({ ...facts, minor, policeRequested })).toMatchObject({
          article: "2-6(4)",
          source: { mark: "read", asOf: "2026-06-08" },
        });
  });
});

test("at her request an ordinary case goes at once; a child's and one that police asked for do not, and it is said why", () => {
  expect(mayEraseOnRequest(retentionRule(facts)).allowed).toBe(true);
  for (const changes of [{ minor: true }, { minor: null }, { policeRequested: true }]) {
    const { allowed, why } = mayEraseOnRequest(retentionRule({ ...facts, ...changes }));
    expect(allowed).toBe(false);
    expect(why.ko).toContain("제2조의6");
  }
});

test("any other centre keeps as long as it said itself, a child's case too, and destroys on request", () => {
  expect(dueAt({ status: "other", ownDays: 30, minor: true })).toBe("2026-12-22T15:30:00Z");
  const rule = retentionRule({ ...facts, status: "other" });
  expect(rule?.source.mark).toBe("general");
  expect(mayEraseOnRequest(rule).allowed).toBe(true);
});

test("an open case, and a centre that has not said what it is, have no day", () => {
  expect(erasureDueAt(retentionRule(facts), null)).toBeNull();
  expect(dueAt({ status: null })).toBeNull();
});

test("what was closed later than a bound is not due under any rule, and what is due was closed by then", () => {
  const day = Temporal.Instant.from("2032-02-29T15:00:00Z");
  const bounds = {
    "kr-public": dueIfClosedBy(facts, day),
    other: dueIfClosedBy({ status: "other", ownDays: 30 }, day),
  };
  for (const status of ["kr-public", "other"] as const)
    for (let hours = 0; hours < 24 * 365 * 7; hours += 13) {
      const closed = day.subtract({ hours });
      const due = erasureDueAt(retentionRule({ ...facts, status, ownDays: 30 }), closed);
      const isDue = due !== null && Temporal.Instant.compare(due, day) <= 0;
      const bound = bounds[status];
      if (isDue) expect(bound !== null && Temporal.Instant.compare(closed, bound) <= 0).toBe(true);
    }
  expect(bounds["kr-public"]?.until(day).total("hours")).toBeGreaterThan(24 * 365 * 5 - 48);
  expect(dueIfClosedBy({ ...facts, status: null }, day)).toBeNull();
});
