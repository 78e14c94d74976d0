import fc from "fast-check";
import { describe, expect, test } from "vitest";
import gehan from "../../../vectors/survival/gehan-1965.json" with { type: "json" };
import {
  CASES_THAT_COUNT,
  kaplanMeier,
  type Lasting,
  medianOf,
  PLAIN_REQUEST,
  type RouteFacts,
  type RouteRow,
  routeResults,
  routeRowOf,
  shareWithin,
  worksBetter,
} from "../src/index.ts";

const lasting = ([hours, ended]: readonly (number | boolean)[]): Lasting => ({
  hours: Number(hours),
  ended: ended === true,
});

describe("the survival curve", () => {
  const times = gehan.times.map(lasting);
  const curve = kaplanMeier(times);

  test("of the textbook data is the textbook's, with its errors, intervals and median", () => {
    expect(curve.steps.map(({ hours, atRisk, ended }) => [hours, atRisk, ended])).toEqual(
      gehan.steps.map(({ at, atRisk, ended }) => [at, atRisk, ended]),
    );
    for (const [at, step] of curve.steps.entries()) {
      const expected = gehan.steps[at];
      expect(step.lasting).toBeCloseTo(expected?.lasting ?? -1, 4);
      expect(step.error).toBeCloseTo(expected?.error ?? -1, 4);
      const share = shareWithin(curve, step.hours, times.length);
      expect(1 - (share?.high ?? 2)).toBeCloseTo(expected?.low ?? -1, 3);
      expect(1 - (share?.low ?? 2)).toBeCloseTo(expected?.high ?? -1, 3);
    }
    expect(medianOf(curve)).toBe(gehan.median);
  });

  test("agrees with handing the weight of whoever is lost from sight to all who are left (Efron 1967)", () => {
    const time = fc.record({ hours: fc.integer({ min: 1, max: 30 }), ended: fc.boolean() });
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 40 }), (some) => {
        const sorted = some.toSorted(
          (one, other) => one.hours - other.hours || Number(other.ended) - Number(one.ended),
        );
        const weights = sorted.map(() => 1 / sorted.length);
        for (const [at, each] of sorted.entries()) {
          const later = sorted.length - at - 1;
          if (each.ended || later === 0) continue;
          for (let next = at + 1; next < sorted.length; next += 1)
            weights[next] = (weights[next] ?? 0) + (weights[at] ?? 0) / later;
          weights[at] = 0;
        }
        for (const step of kaplanMeier(some).steps) {
          const left = weights.reduce(
            (sum, weight, at) => sum + ((sorted[at]?.hours ?? 0) > step.hours || !sorted[at]?.ended ? weight : 0),
            0,
          );
          expect(step.lasting).toBeCloseTo(left, 9);
        }
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  test("says nothing later than anybody looked, unless everything had ended", () => {
    expect(shareWithin(curve, 36, times.length)).toBeNull();
    expect(shareWithin(curve, 5, times.length)).toMatchObject({ share: 0, low: 0 });
    const over = [5, 6, 7].map((hours) => ({ hours, ended: true }));
    expect(shareWithin(kaplanMeier(over), 48, 3)).toMatchObject({ share: 1, high: 1 });
    expect(shareWithin(kaplanMeier([]), 24, 0)).toBeNull();
  });

  test("counts who was lost from sight as still there, not as ended and not as never asked", () => {
    const half = [
      { hours: 1, ended: true },
      { hours: 24, ended: false },
    ];
    expect(shareWithin(kaplanMeier(half), 24, 2)?.share).toBe(0.5);
    expect(medianOf(kaplanMeier(half))).toBe(1);
    expect(medianOf(kaplanMeier([{ hours: 24, ended: false }]))).toBeNull();
  });

  test("of an even number has its median where half had ended, although the computer's half is a hair more", () => {
    expect(medianOf(kaplanMeier(Array.from({ length: 24 }, (_, at) => ({ hours: at + 1, ended: true }))))).toBe(12);
  });

  test("keeps its interval between none and all, and around the share", () => {
    const time = fc.record({ hours: fc.integer({ min: 1, max: 200 }), ended: fc.boolean() });
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 200 }), (some, hours) => {
        const share = shareWithin(kaplanMeier(some), hours, some.length);
        if (share === null) return;
        expect(share.low).toBeGreaterThanOrEqual(0);
        expect(share.low).toBeLessThanOrEqual(share.share + 1e-12);
        expect(share.high).toBeGreaterThanOrEqual(share.share - 1e-12);
        expect(share.high).toBeLessThanOrEqual(1);
      }),
      { seed: 9, numRuns: 300 },
    );
  });
});

const row = (change: Partial<RouteRow>): RouteRow => ({
  recipient: "registry x",
  ground: null,
  channel: "mail",
  caseKey: "c1",
  answer: { hours: 10, ended: true },
  removal: { hours: 30, ended: true },
  back: null,
  ...change,
});
const rowsOf = (cases: number, recipient: string, removal: Lasting) =>
  Array.from({ length: cases }, (_, at) => row({ recipient, caseKey: `c${at}`, removal }));

describe("results of routes", () => {
  test("are told apart by what one asks for and counted together otherwise; a plain request is a ground of its own", () => {
    const rows = [row({}), row({ ground: "us-tida-223a" }), row({ recipient: "registry tiktok", channel: "form" })];
    expect(
      routeResults(rows, []).map(({ recipient, ground, channel, places }) => [recipient, ground, channel, places]),
    ).toEqual([[null, null, null, 3]]);
    expect(routeResults(rows, ["recipient"]).map(({ recipient, places }) => [recipient, places])).toEqual([
      ["registry x", 2],
      ["registry tiktok", 1],
    ]);
    expect(routeResults(rows, ["ground"]).map(({ ground, places }) => [ground, places])).toEqual([
      [PLAIN_REQUEST, 2],
      ["us-tida-223a", 1],
    ]);
    expect(routeResults(rows, ["recipient", "ground", "channel"])).toHaveLength(3);
  });

  test("of many rows are those of each group by itself", () => {
    const lasting = fc.record({ hours: fc.double({ min: 0, max: 900, noNaN: true }), ended: fc.boolean() });
    const one = fc.record({
      recipient: fc.constantFrom("registry x", "registry y", "site z"),
      ground: fc.constantFrom(null, "us-tida-223a"),
      channel: fc.constantFrom("mail" as const, "form" as const),
      caseKey: fc.constantFrom("c1", "c2", "c3"),
      ...{ answer: lasting, removal: lasting, back: fc.option(lasting) },
    });
    const parts = fc.subarray(["recipient", "ground", "channel"] as const);
    fc.assert(
      fc.property(fc.array(one, { maxLength: 150 }), parts, (rows, by) => {
        const groups = Map.groupBy(rows, (row) => JSON.stringify(by.map((part) => row[part])));
        const results = routeResults(rows, by);
        expect(results).toHaveLength(groups.size);
        for (const [at, group] of [...groups.values()].entries()) {
          const back = group.flatMap((row) => row.back ?? []);
          expect(results[at]).toMatchObject({
            places: group.length,
            cases: new Set(group.map((row) => row.caseKey)).size,
            answer: { curve: kaplanMeier(group.map((row) => row.answer)) },
            removal: { curve: kaplanMeier(group.map((row) => row.removal)) },
            back: { curve: kaplanMeier(back), removed: back.length, ended: back.filter(({ ended }) => ended).length },
          });
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  test("give time to answer, time to removal, the rate, and how much came back, each from its own start", () => {
    const rows = [
      row({ back: { hours: 100, ended: true } }),
      row({ caseKey: "c2", back: { hours: 800, ended: false } }),
      row({ caseKey: "c3", removal: { hours: 200, ended: false }, answer: { hours: 200, ended: false } }),
      row({ caseKey: "c3", removal: { hours: 200, ended: false } }),
    ];
    const [result] = routeResults(rows, ["recipient"]);
    expect(result).toMatchObject({
      cases: 3,
      places: 4,
      answer: { ended: 3, medianHours: 10 },
      removal: {
        ended: 2,
        medianHours: 30,
        within24h: { share: 0 },
        within48h: { share: 0.5 },
        within7d: { share: 0.5 },
      },
      back: { removed: 2, ended: 1, within30d: { share: 0.5 } },
    });
  });
});

describe("what came of one place", () => {
  const sentAt = Temporal.Instant.from("2026-11-01T00:00:00Z");
  const after = (hours: number) => sentAt.add({ hours });
  const rowOf = (change: Partial<RouteFacts>) =>
    routeRowOf({
      ...{ recipient: "registry x", ground: null, channel: "mail", caseKey: "c1" },
      ...{ sentAt, answers: [], checks: [], now: after(500) },
      ...change,
    });

  test("is removed when a check saw it, not when somebody says so", () => {
    const answers = [
      { what: "removed" as const, at: after(5) },
      { what: "received" as const, at: after(1) },
    ];
    const checks = [
      { outcome: "removed" as const, at: after(24) },
      { outcome: "there" as const, at: after(6) },
    ];
    expect(rowOf({ answers })).toMatchObject({
      answer: { hours: 5, ended: true },
      removal: { hours: 0, ended: false },
      back: null,
    });
    expect(rowOf({ answers, checks })).toMatchObject({
      removal: { hours: 24, ended: true },
      back: { hours: 0, ended: false },
    });
  });

  test("was there as long as a check saw it, and a check that cannot tell adds nothing", () => {
    const checks = [
      { outcome: "there" as const, at: after(-5) },
      { outcome: "there" as const, at: after(6) },
      { outcome: "blocked" as const, at: after(24) },
      { outcome: "cannot-tell" as const, at: after(48) },
    ];
    expect(rowOf({ checks })).toMatchObject({
      answer: { hours: 500, ended: false },
      removal: { hours: 24, ended: false },
    });
    expect(rowOf({ checks: [{ outcome: "removed", at: after(-1) }] }).removal).toEqual({ hours: 0, ended: false });
  });

  test("came back when a check after the removal saw it, else it was gone as long as checks saw that", () => {
    const gone = { outcome: "removed" as const, at: after(24) };
    const late = { outcome: "removed" as const, at: after(124) };
    expect(rowOf({ checks: [late, gone] }).back).toEqual({ hours: 100, ended: false });
    expect(rowOf({ checks: [late, gone, { outcome: "there", at: after(74) }] }).back).toEqual({
      hours: 50,
      ended: true,
    });
    expect(rowOf({ checks: [gone, { outcome: "cannot-tell", at: after(900) }] }).back).toEqual({
      hours: 0,
      ended: false,
    });
  });
});

describe("a route works better", () => {
  const fast = { hours: 20, ended: true };
  const silent = { hours: 400, ended: false };
  const result = (cases: number, removal: Lasting) => routeResults(rowsOf(cases, "any", removal), ["recipient"])[0];

  test("when enough cases show it, and never the other way round", () => {
    expect(worksBetter(result(CASES_THAT_COUNT, fast), result(CASES_THAT_COUNT, silent))).toBe(true);
    expect(worksBetter(result(CASES_THAT_COUNT, silent), result(CASES_THAT_COUNT, fast))).toBe(false);
    expect(worksBetter(result(CASES_THAT_COUNT, fast), result(CASES_THAT_COUNT, fast))).toBe(false);
  });

  test("not on one case less, on either side, nor against nothing known", () => {
    expect(worksBetter(result(CASES_THAT_COUNT - 1, fast), result(CASES_THAT_COUNT, silent))).toBe(false);
    expect(worksBetter(result(CASES_THAT_COUNT, fast), result(CASES_THAT_COUNT - 1, silent))).toBe(false);
    expect(worksBetter(result(CASES_THAT_COUNT, fast), undefined)).toBe(false);
  });

  test("not because one case had two hundred places", () => {
    const oneCase = routeResults(
      Array.from({ length: 200 }, () => row({ removal: fast })),
      ["recipient"],
    )[0];
    expect(worksBetter(oneCase, result(CASES_THAT_COUNT, silent))).toBe(false);
  });

  test("not by a difference that chance makes", () => {
    const mixed = (removed: number) =>
      routeResults(
        [
          ...rowsOf(removed, "any", fast),
          ...rowsOf(30 - removed, "any", silent).map((each, at) => ({ ...each, caseKey: `d${at}` })),
        ],
        ["recipient"],
      )[0];
    expect(worksBetter(mixed(17), mixed(14))).toBe(false);
    expect(worksBetter(mixed(28), mixed(5))).toBe(true);
  });
});
