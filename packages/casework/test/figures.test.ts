import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  auditReleases,
  type Count,
  type Figures,
  type Release,
  readTogether,
  stillHolds,
  suppress,
  TOTAL,
} from "../src/index.ts";
import { givenAway } from "../src/recovery.ts";

const K = 5;
const table = (
  rows: readonly (readonly number[])[],
  period = "2026",
  structural: readonly [number, number][] = [],
): Figures => {
  const dimensions = [rows.map((_, at) => `r${at}`), (rows[0] ?? []).map((_, at) => `c${at}`)];
  const counts = rows.flatMap((row, r) => row.map((count, c): Count => ({ period, at: [`r${r}`, `c${c}`], count })));
  return { dimensions, counts, structural: structural.map(([r, c]) => [`r${r}`, `c${c}`]) };
};
const shown = (release: Release, ...at: string[]) =>
  release.cells.find((cell) => cell.at.join() === at.join())?.value ?? null;

/**
 * Every table of whole numbers up to a bound that agrees with what was published; for each wanted sum the values it takes in them.
 * Knows nothing of algebra: it tries them all.
 */
function valuesByTryingAll(
  unknowns: number,
  published: readonly (readonly [readonly number[], number])[],
  most: number,
) {
  const found: number[][] = [];
  const ends = Array.from({ length: unknowns }, (_, at) => published.filter(([sum]) => Math.max(...sum) === at));
  const fill = (values: number[]) => {
    if (values.length === unknowns) return void found.push([...values]);
    const at = values.length;
    for (let value = 0; value <= most; value += 1) {
      values.push(value);
      const agrees = (ends[at] ?? []).every(
        ([sum, total]) => sum.reduce((left, each) => left - (values[each] ?? 0), total) === 0,
      );
      if (agrees) fill(values);
      values.pop();
    }
  };
  fill([]);
  return (wanted: readonly number[]) =>
    new Set(found.map((values) => wanted.reduce((sum, each) => sum + (values[each] ?? 0), 0)));
}

/** All cells and totals of a table of two rows and three columns, as the numbers of their counts. */
const SUMS: readonly (readonly number[])[] = [
  ...[0, 1, 2, 3, 4, 5].map((at) => [at]),
  [0, 1, 2],
  [3, 4, 5],
  [0, 3],
  [1, 4],
  [2, 5],
  [0, 1, 2, 3, 4, 5],
];

test("what can be worked out is exactly what trying all tables finds, whatever was published", () => {
  const shape = fc.record({
    counts: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }),
    published: fc.subarray(SUMS.map((_, at) => at)),
  });
  fc.assert(
    fc.property(shape, ({ counts, published }) => {
      const countIn = (sum: readonly number[]) => sum.reduce((total, at) => total + (counts[at] ?? 0), 0);
      const known = published.flatMap((at) => (SUMS[at] ? [SUMS[at]] : []));
      const values = valuesByTryingAll(
        6,
        known.map((sum) => [sum, countIn(sum)] as const),
        5,
      );
      const tried = SUMS.map((sum) => values(sum).size === 1);
      expect(givenAway(known, SUMS, counts)).toEqual(tried);
    }),
    { seed: 4, numRuns: 150 },
  );
});

test("the same holds for any sums of five counts, tables or not", () => {
  // Counts are 0 or 3: whatever can move at all can move by at most 3, the largest determinant of four rows of zeros and ones.
  const sum = fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });
  const shape = fc.record({
    counts: fc.array(fc.constantFrom(0, 0, 3), { minLength: 5, maxLength: 5 }),
    published: fc.array(sum, { maxLength: 5 }),
    wanted: fc.array(sum, { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(shape, ({ counts, published, wanted }) => {
      const countIn = (some: readonly number[]) => some.reduce((total, at) => total + (counts[at] ?? 0), 0);
      const values = valuesByTryingAll(
        5,
        published.map((some) => [some, countIn(some)] as const),
        6,
      );
      expect(givenAway(published, wanted, counts)).toEqual(wanted.map((some) => values(some).size === 1));
    }),
    { seed: 6, numRuns: 400 },
  );
});

test("counts that are zero in every table that fits are found, also where no single line says so", () => {
  // a+b = c+d (both 2), a+b+e+f = c+d: e and f can only be zero, though no published sum is zero.
  const counts = [1, 1, 1, 1, 0, 0];
  const published = [
    [0, 1, 4, 5],
    [2, 3],
    [0, 1, 2, 3],
  ];
  expect(givenAway(published, [[4], [5], [0], [4, 5]], counts)).toEqual([true, true, false, true]);
});

describe("a release", () => {
  test("shows no small number, no zero that is not structural, and leaves out enough besides", () => {
    const release = suppress(
      table([
        [12, 3, 20],
        [14, 15, 16],
        [20, 30, 11],
      ]),
      { periods: ["2026"], k: K },
      [],
    );
    expect(shown(release, "r0", "c1")).toBeNull();
    expect(shown(release, TOTAL, TOTAL)).toBe(141);
    expect(release.cells.filter((cell) => cell.value === null)).toHaveLength(4);
    expect(
      auditReleases(
        table([
          [12, 3, 20],
          [14, 15, 16],
          [20, 30, 11],
        ]),
        [release],
        K,
      ),
    ).toBe(0);
  });

  test("of one small cell alone would give it away by subtraction", () => {
    const figures = table([
      [12, 3, 20],
      [14, 15, 16],
    ]);
    const cells = suppress(figures, { periods: ["2026"], k: 1 }, []).cells;
    const naive = cells.map((cell) => (cell.at.join() === "r0,c1" ? { ...cell, value: null } : cell));
    expect(auditReleases(figures, [{ periods: ["2026"], cells: naive }], K)).toBeGreaterThan(0);
  });

  test("shows a zero only where nobody can be", () => {
    const release = suppress(
      table(
        [
          [0, 30],
          [0, 40],
        ],
        "2026",
        [[0, 0]],
      ),
      { periods: ["2026"], k: K },
      [],
    );
    expect(shown(release, "r0", "c0")).toBe(0);
    expect(shown(release, "r1", "c0")).toBeNull();
    const zeros = release.cells.filter((cell) => cell.value === 0);
    expect(zeros.map((cell) => cell.at.join())).toEqual(["r0,c0"]);
  });

  test("never leaves out cells that are few even when counted together", () => {
    const figures = table([
      [1, 1, 50, 60],
      [40, 30, 20, 10],
    ]);
    const release = suppress(figures, { periods: ["2026"], k: K }, []);
    for (const row of ["r0", "r1"]) {
      const total = shown(release, row, TOTAL);
      const parts = ["c0", "c1", "c2", "c3"].map((column) => shown(release, row, column));
      if (total === null || !parts.includes(null)) continue;
      expect(total - parts.reduce<number>((sum, part) => sum + (part ?? 0), 0)).toBeGreaterThanOrEqual(K);
    }
  });

  test("leaves out a third where two that are left out are three together", () => {
    const figures: Figures = {
      dimensions: [["a", "b", "c", "d"]],
      counts: [1, 2, 50, 60].map((count, at) => ({ period: "2026", at: ["abcd"[at] ?? ""], count })),
      structural: [],
    };
    const release = suppress(figures, { periods: ["2026"], k: K }, []);
    expect(release.cells.flatMap(({ at, value }) => (value === null ? [at.join()] : []))).toEqual(["a", "b", "c"]);
  });

  test("of only small numbers shows nothing at all", () => {
    const release = suppress(
      table([
        [1, 0],
        [2, 1],
      ]),
      { periods: ["2026"], k: K },
      [],
    );
    expect(release.cells.every((cell) => cell.value === null)).toBe(true);
  });

  test("holds for any table: no small number shown, none found by trying all tables, and every number shown is true", () => {
    const cell = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 6 }));
    const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(rows, (counted) => {
        const k = 3;
        const figures = table(counted);
        const counts = counted.flat();
        const release = suppress(figures, { periods: ["2026"], k }, []);
        const sumOf = (at: readonly string[]) =>
          counts
            .map((_, n) => n)
            .filter((n) =>
              [`r${Math.floor(n / 3)}`, `c${n % 3}`].every((name, d) => at[d] === TOTAL || at[d] === name),
            );
        const countIn = (sum: readonly number[]) => sum.reduce((total, n) => total + (counts[n] ?? 0), 0);
        const published = release.cells.flatMap(({ at, value }) =>
          value === null ? [] : [[sumOf(at), value] as const],
        );
        for (const [sum, value] of published) {
          expect(value).toBe(countIn(sum));
          expect(value).toBeGreaterThanOrEqual(k);
        }
        const values = valuesByTryingAll(6, published, 7);
        for (const sum of SUMS)
          if (countIn(sum) < k) expect(values(sum).size, JSON.stringify(counted)).toBeGreaterThan(1);
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  test("of three dimensions gives nothing away either", () => {
    const dimensions = [
      ["f", "m"],
      ["10s", "20s"],
      ["seoul", "jeju"],
    ];
    const numbers = [40, 2, 31, 8, 12, 1, 25, 6];
    const cells =
      dimensions[0]?.flatMap((a) => ["10s", "20s"].flatMap((b) => ["seoul", "jeju"].map((c) => [a, b, c]))) ?? [];
    const figures: Figures = {
      dimensions,
      counts: cells.map((at, n) => ({ period: "2026", at, count: numbers[n] ?? 0 })),
      structural: [],
    };
    const release = suppress(figures, { periods: ["2026"], k: K }, []);
    expect(auditReleases(figures, [release], K)).toBe(0);
    expect(release.cells.some((cell) => cell.value !== null)).toBe(true);
  });
});

describe("releases one after another", () => {
  const weeks: Figures = {
    dimensions: [["students", "teachers", "staff"]],
    counts: [
      ...[588, 27, 20].map((count, at) => ({ period: "w1", at: [["students", "teachers", "staff"][at] ?? ""], count })),
      ...[211, 14, 1].map((count, at) => ({ period: "w2", at: [["students", "teachers", "staff"][at] ?? ""], count })),
    ],
    structural: [],
  };

  test("are audited together: the difference of two cumulative tables must not show one person", () => {
    const first = suppress(weeks, { periods: ["w1"], k: K }, []);
    expect(first.cells.every((cell) => cell.value !== null)).toBe(true);
    const alone = suppress(weeks, { periods: ["w1", "w2"], k: K }, []);
    expect(alone.cells.every((cell) => cell.value !== null)).toBe(true);
    expect(auditReleases(weeks, [first, alone], K)).toBeGreaterThan(0);
    const second = suppress(weeks, { periods: ["w1", "w2"], k: K }, [first]);
    expect(auditReleases(weeks, [first, second], K)).toBe(0);
    expect(shown(second, "staff")).toBeNull();
    expect(shown(second, "students")).not.toBeNull();
  });

  test("that differ by several small periods do not show their sum either", () => {
    const figures: Figures = {
      dimensions: [["a", "b", "c"]],
      counts: ["w1", "w2", "w3"].flatMap((period) =>
        ["a", "b", "c"].map((name, at) => ({ period, at: [name], count: period === "w1" || at > 0 ? 50 : 1 })),
      ),
      structural: [],
    };
    const first = suppress(figures, { periods: ["w1"], k: K }, []);
    const third = suppress(figures, { periods: ["w1", "w2", "w3"], k: K }, [first]);
    expect(shown(third, "a")).toBeNull();
    expect(auditReleases(figures, [first, third], K)).toBe(0);
  });

  test("go on when an earlier one, which cannot be called back, gave something away", () => {
    const open: Release = {
      periods: ["w2"],
      cells: [
        { at: ["staff"], value: 1 },
        { at: [TOTAL], value: 226 },
      ],
    };
    const next = suppress(weeks, { periods: ["w1"], k: K }, [open]);
    expect(next.cells.some((cell) => cell.value !== null)).toBe(true);
  });
});

describe("counts of which one person can have several", () => {
  const whose = (...parts: number[]) => new Map(parts.map((part, at) => [`case ${at}`, part]));
  const count = (name: string, ...parts: number[]): Count => ({
    ...{ period: "2026", at: [name], count: parts.reduce((sum, part) => sum + part, 0), whose: whose(...parts) },
  });
  const figuresOf = (...counts: Count[]): Figures => ({
    ...{ dimensions: [counts.map(({ at }) => at.join())], counts, structural: [] },
  });
  const release = (figures: Figures) => suppress(figures, { periods: ["2026"], k: K }, []);

  test("are small while fewer people than the threshold stand behind them", () => {
    const figures = figuresOf(
      count("few", 30, 30, 30, 30),
      count("many", 9, 9, 9, 9, 9),
      count("more", 8, 8, 8, 8, 8, 8),
    );
    expect(shown(release(figures), "few")).toBeNull();
    expect(auditReleases(figures, [release(figures)], K)).toBe(0);
  });

  test("are small while one person has more than half", () => {
    const one = count("one", 20, 3, 3, 3, 3, 3);
    const half = count("half", 15, 3, 3, 3, 3, 3);
    const rest = [count("a", 9, 9, 9, 9, 9), count("b", 7, 7, 7, 7, 7)];
    expect(shown(release(figuresOf(one, ...rest)), "one")).toBeNull();
    expect(shown(release(figuresOf(half, ...rest)), "half")).toBe(30);
  });

  test("of the same people in two cells make no more people together", () => {
    const figures = figuresOf(count("a", 5, 5, 5, 5), count("b", 6, 6, 6, 6));
    expect(release(figures).cells.every(({ value }) => value === null)).toBe(true);
  });
});

test("releases are read together where periods link them, and say so when the figures behind them have changed", () => {
  const figures = table([[40, 50]]);
  const out = suppress(figures, { periods: ["2026"], k: K }, []);
  expect(stillHolds(figures, out)).toBe(true);
  expect(stillHolds(table([[40, 49]]), out)).toBe(false);
  const of = (...periods: string[]): Release => ({ periods, cells: [] });
  const earlier = [of("a"), of("b", "c"), of("c", "d"), of("e")];
  expect(readTogether(earlier, ["d", "x"])).toEqual([earlier[1], earlier[2]]);
  expect(readTogether(earlier, ["x"])).toEqual([]);
});
