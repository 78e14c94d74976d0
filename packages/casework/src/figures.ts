import { givenAway, type Sum } from "./recovery.ts";

/**
 * Disclosure control of published counts: small numbers in public tables point at one child. Counts below a threshold are left out,
 * zeros too unless nobody could be there (structural); then more cells are left out until none of the small ones can be worked out
 * from the totals and from every release before. Threshold and complementary suppression to a fixed point, then an exact audit:
 * Hundepool et al., Statistical Disclosure Control (2012), ch. 4.
 */

/** Least count shown below province or school level, or for less than a year; and for a nation's year. Ours: Korea has no rule. */
export const THRESHOLDS = { small: 10, national: 5 } as const;

/** Stands for "all of them" in a cell's place. */
export const TOTAL = "total";

/** A count of one cell in one stretch of time. Periods never overlap; a release adds some of them up. */
export type Count = {
  readonly period: string;
  readonly at: readonly string[];
  readonly count: number;
  /** How many of them are whose, where one person has several; together `count`. Missing: each is another person's. */
  readonly whose?: ReadonlyMap<string, number>;
};

/** What is counted. A count that is missing is zero. */
export type Figures = {
  /** Categories of each dimension; none is called "total". */
  readonly dimensions: readonly (readonly string[])[];
  /** Counts of every period that was ever released, and of those to be released now. */
  readonly counts: readonly Count[];
  /** Cells in which nobody can be, such as pupils under ten at a university: shown as zero. */
  readonly structural: readonly (readonly string[])[];
};

/** A cell or a total; `value` null: left out. */
export type PublishedCell = { readonly at: readonly string[]; readonly value: number | null };

/** A table as it went out: the sum of its periods, with all totals. */
export type Release = { readonly periods: readonly string[]; readonly cells: readonly PublishedCell[] };

/** The share of a count that one person may have at most: with more, whoever knows the count knows about her. Ibid., ch. 4.2 (dominance). */
const MOST_OF_ONE = 0.5;

/**
 * Makes a release in which no count below the threshold can be seen or worked out, neither from it nor together with earlier ones.
 * Guarded are the cells and totals of every period, of every release, and of what one release has and another has not.
 *
 * What earlier releases alone give away cannot be called back and does not hold up a new one: audit each before it goes out.
 * @param plan  `k`: counts below it, and counts of fewer people or mostly of one, are small.
 */
export function suppress(
  figures: Figures,
  plan: { readonly periods: readonly string[]; readonly k: number },
  earlier: readonly Release[],
): Release {
  const book = openBook(figures, [plan.periods, ...earlier.map((release) => release.periods)]);
  const before = earlier.flatMap((release) => sumsOf(book, release));
  const small = smallSums(book, plan.k);
  const lost = givenAway(before, small, book.counts);
  const guarded = small.filter((_, at) => !lost[at]);
  let cells = allCells(figures).map((at): PublishedCell => {
    const { sum, value } = book.lookUp(at, plan.periods);
    return { at, value: book.isSmall(sum, plan.k) ? null : value };
  });
  for (;;) {
    const release: Release = { periods: plan.periods, cells };
    const open = openLine(book, release, plan.k) ?? firstGivenAway(book, release, before, guarded);
    if (open === null) return release;
    const next = nextToHide(book, release, open);
    if (next === null) return release;
    cells = cells.map((cell) => (cell === next ? { at: cell.at, value: null } : cell));
  }
}

/** Cells and totals of small counts that these releases together give away. Empty is what one wants. */
export function auditReleases(figures: Figures, releases: readonly Release[], k: number): number {
  const book = openBook(
    figures,
    releases.map((release) => release.periods),
  );
  const known = releases.flatMap((release) => sumsOf(book, release));
  return givenAway(known, smallSums(book, k), book.counts).filter(Boolean).length;
}

/**
 * The releases that a new one of these periods would be read together with: those that share a period with it, or with one of them.
 * @param earlier  every release that went out
 */
export function readTogether<R extends Release>(earlier: readonly R[], periods: readonly string[]): readonly R[] {
  const reached = new Set(periods);
  const touches = (release: R) => release.periods.some((period) => reached.has(period));
  for (let before = 0; before < reached.size; ) {
    before = reached.size;
    for (const period of earlier.filter(touches).flatMap((release) => release.periods)) reached.add(period);
  }
  return earlier.filter(touches);
}

/**
 * Whether a release still says what these figures say. Where it does not, someone withdrew or was erased since: a new release of the
 * same periods would tell by how much.
 */
export function stillHolds(figures: Figures, release: Release): boolean {
  const book = openBook(figures, [release.periods]);
  return release.cells.every(({ at, value }) => value === null || value === book.lookUp(at, release.periods).value);
}

/** The unknown counts by number, and sums of them by cell and periods. */
type Book = {
  readonly figures: Figures;
  readonly spans: readonly (readonly string[])[];
  readonly counts: readonly number[];
  readonly lookUp: (at: readonly string[], periods: readonly string[]) => { readonly sum: Sum; readonly value: number };
  /** Whether a sum points at few people; one in which nobody can be does not. */
  readonly isSmall: (sum: Sum, k: number) => boolean;
};

const keyOf = (at: readonly string[]): string => JSON.stringify(at);

function openBook(figures: Figures, spans: readonly (readonly string[])[]): Book {
  const structural = new Set(figures.structural.map(keyOf));
  const inner = product(figures.dimensions).filter((at) => !structural.has(keyOf(at)));
  const periods = [...new Set(spans.flat())];
  const given = new Map(figures.counts.map((count) => [`${count.period} ${keyOf(count.at)}`, count]));
  const unknowns = periods.flatMap((period) => inner.map((at) => ({ period, at })));
  const known = unknowns.map(({ period, at }) => given.get(`${period} ${keyOf(at)}`) ?? { count: 0 });
  const counts = known.map(({ count }) => count);
  const isSmall = openPeople(known);
  const found = new Map<string, { readonly sum: Sum; readonly value: number }>();
  const lookUp: Book["lookUp"] = (at, span) => {
    const key = `${keyOf(at)} ${keyOf(span)}`;
    const before = found.get(key);
    if (before !== undefined) return before;
    const wanted = new Set(span);
    const fits = (cell: readonly string[]) => at.every((part, where) => part === TOTAL || part === cell[where]);
    const sum = unknowns.flatMap((unknown, number) => (wanted.has(unknown.period) && fits(unknown.at) ? [number] : []));
    const looked = { sum, value: sum.reduce((total, number) => total + (counts[number] ?? 0), 0) };
    found.set(key, looked);
    return looked;
  };
  return { figures, spans, counts, lookUp, isSmall };
}

/** Tells of sums of these counts whether they point at few people. */
function openPeople(counts: readonly Pick<Count, "count" | "whose">[]): Book["isSmall"] {
  const found = new Map<string, { readonly value: number; readonly people: number; readonly most: number }>();
  const weigh = (sum: Sum) => {
    const key = sum.join(" ");
    const before = found.get(key);
    if (before !== undefined) return before;
    const whose = new Map<string, number>();
    let [value, single] = [0, 0];
    for (const { count, whose: of } of sum.flatMap((number) => counts[number] ?? [])) {
      value += count;
      if (of === undefined) single += count;
      for (const [person, part] of of ?? []) whose.set(person, (whose.get(person) ?? 0) + part);
    }
    // Not by spreading into Math.max: a year of a country has more people than a call takes arguments.
    const most = [...whose.values()].reduce((one, other) => Math.max(one, other), Math.min(single, 1));
    const weighed = { value, people: whose.size + single, most };
    found.set(key, weighed);
    return weighed;
  };
  return (sum, k) => {
    if (sum.length === 0) return false;
    const { value, people, most } = weigh(sum);
    return people < k || value < k || most > MOST_OF_ONE * value;
  };
}

function product(dimensions: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return dimensions.reduce<readonly (readonly string[])[]>(
    (cells, categories) => cells.flatMap((cell) => categories.map((category) => [...cell, category])),
    [[]],
  );
}

/** Every cell and every total. */
function allCells(figures: Figures): readonly (readonly string[])[] {
  return product(figures.dimensions.map((categories) => [...categories, TOTAL]));
}

function sumsOf(book: Book, { cells, periods }: Release): readonly Sum[] {
  const sums = cells.flatMap(({ at, value }) => (value === null ? [] : [book.lookUp(at, periods).sum]));
  return sums.filter((sum) => sum.length > 0);
}

/** Sums that nobody may learn: small counts of each period, each release, and of what two releases share or have apart. */
function smallSums(book: Book, k: number): readonly Sum[] {
  const apart = book.spans.flatMap((one) =>
    book.spans.flatMap((other) => {
      const both = new Set(other);
      return [one.filter((period) => both.has(period)), one.filter((period) => !both.has(period))];
    }),
  );
  const single = book.spans.flat().map((period) => [period]);
  const spans = new Map([...book.spans, ...apart, ...single].map((span) => [keyOf(span.toSorted()), span]));
  return [...spans.values()].flatMap((span) =>
    allCells(book.figures).flatMap((at) => {
      const { sum } = book.lookUp(at, span);
      return book.isSmall(sum, k) ? [sum] : [];
    }),
  );
}

/** A hole in a release: a total, and those below it along one dimension, that together say too much. */
type Hole = { readonly near: readonly PublishedCell[] };

/**
 * The first shown total with one hidden part, which is then no secret, or whose hidden parts together are small: "these two are three
 * in all" points at people just as well.
 */
function openLine(book: Book, release: Release, k: number): Hole | null {
  for (const total of release.cells) {
    if (total.value === null) continue;
    for (const parts of partsOf(book, release, total)) {
      const hidden = parts.filter((part) => part.value === null);
      const together = hidden.flatMap((part) => book.lookUp(part.at, release.periods).sum);
      if (hidden.length === 1 || book.isSmall(together, k)) return { near: [...parts, total] };
    }
  }
  return null;
}

/** What a total is the sum of, along each dimension in which it is one. */
function partsOf(book: Book, release: Release, { at }: PublishedCell): readonly (readonly PublishedCell[])[] {
  const cells = new Map(release.cells.map((cell) => [keyOf(cell.at), cell]));
  return at.flatMap((part, where) => {
    if (part !== TOTAL) return [];
    const names = (book.figures.dimensions[where] ?? []).map((category) => keyOf(at.with(where, category)));
    return [names.flatMap((name) => cells.get(name) ?? [])];
  });
}

/** The first guarded sum that this release and those before give away, with the shown cells that hold part of it. */
function firstGivenAway(book: Book, release: Release, before: readonly Sum[], guarded: readonly Sum[]): Hole | null {
  const given = givenAway([...before, ...sumsOf(book, release)], guarded, book.counts);
  const sum = guarded.find((_, at) => given[at]);
  if (sum === undefined) return null;
  const wanted = new Set(sum);
  const near = release.cells.filter(({ at }) =>
    book.lookUp(at, release.periods).sum.some((count) => wanted.has(count)),
  );
  const lines = near.flatMap((cell) => partsOf(book, release, cell).flat());
  return { near: [...new Set([...near, ...lines])] };
}

/** The shown cell to leave out next: near the hole if there is one, single cells before totals, the smallest first. */
function nextToHide(book: Book, { cells, periods }: Release, hole: Hole): PublishedCell | null {
  const totals = ({ at }: PublishedCell) => at.filter((part) => part === TOTAL).length;
  const shown = (some: readonly PublishedCell[]) =>
    some
      .filter(({ at, value }) => value !== null && book.lookUp(at, periods).sum.length > 0)
      .toSorted((one, other) => totals(one) - totals(other) || (one.value ?? 0) - (other.value ?? 0));
  return shown(hole.near)[0] ?? shown(cells)[0] ?? null;
}
