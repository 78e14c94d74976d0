/**
 * What somebody can work out exactly from published sums of counts that are never negative. Rational arithmetic throughout (whole
 * numbers, rows reduced by their common divisor): no rounding, so that "cannot be worked out" is a statement and not a guess.
 */

/** One published sum, or one that somebody wants to know: the unknown counts it adds up, by their number. */
export type Sum = readonly number[];

type Row = bigint[];

/**
 * Which of the wanted sums the published ones give away.
 *
 * A sum is given away when it is a combination of published ones and of counts that must be zero. A count that is zero must be so
 * where no other non-negative solution makes it larger; all others can move a little. Over the reals this is exact. Over whole
 * numbers it is exact for tables of one and two dimensions with their totals (their systems are totally unimodular: Hoffman and
 * Kruskal 1956); beyond that a whole-number argument could in rare cases say more.
 * @param counts  the true counts; only whether each is zero matters.
 * @returns for each wanted sum whether it is given away.
 */
export function givenAway(published: readonly Sum[], wanted: readonly Sum[], counts: readonly number[]): boolean[] {
  // Counts that are not zero come first, so that what is left over after them speaks of the zeros alone.
  const order = counts
    .map((_, at) => at)
    .toSorted((one, other) => Number(counts[one] === 0) - Number(counts[other] === 0));
  const column = new Map(order.map((count, at) => [count, at]));
  const rowOf = (sum: Sum): Row => {
    const row: Row = Array.from({ length: counts.length }, () => 0n);
    for (const count of sum) row[column.get(count) ?? 0] = 1n;
    return row;
  };
  const firstZero = counts.filter((count) => count !== 0).length;
  const reduced = reduce(published.map(rowOf));
  const aboutZeros = reduced.filter((row) => pivotOf(row) >= firstZero).map((row) => row.slice(firstZero));
  const forced = forcedZeros(aboutZeros).map((at) => rowOf([order[firstZero + at] ?? 0]));
  const known = forced.length === 0 ? reduced : reduce([...reduced, ...forced]);
  return wanted.map((sum) => isCombination(rowOf(sum), known));
}

const pivotOf = (row: Row): number => row.findIndex((value) => value !== 0n);

/** Reduced row echelon form; pivots positive, rows without common divisor, in the order of their pivots. */
function reduce(rows: readonly Row[]): Row[] {
  const done: Row[] = [];
  for (const row of rows) {
    const left = shorten(clear(row, done));
    const pivot = pivotOf(left);
    if (pivot < 0) continue;
    for (let at = 0; at < done.length; at += 1) done[at] = eliminate(done[at] ?? [], left, pivot);
    done.push(left);
  }
  return done.toSorted((one, other) => pivotOf(one) - pivotOf(other));
}

function clear(row: Row, by: readonly Row[]): Row {
  return by.reduce((left, each) => eliminate(left, each, pivotOf(each)), row);
}

function isCombination(row: Row, known: readonly Row[]): boolean {
  return clear(row, known).every((value) => value === 0n);
}

/**
 * Takes so much of another row away that the column becomes zero.
 * @param other  positive in that column, so that no entry of the row elsewhere changes its sign by it alone.
 */
function eliminate(row: Row, other: Row, column: number): Row {
  const [mine, its] = [row[column] ?? 0n, other[column] ?? 0n];
  return mine === 0n ? row : divide(row.map((value, at) => value * its - (other[at] ?? 0n) * mine));
}

/** Divides a row by its common divisor and makes its first entry positive. */
function shorten(row: Row): Row {
  const divided = divide(row);
  return (divided.find((value) => value !== 0n) ?? 1n) < 0n ? divided.map((value) => -value) : divided;
}

function divide(row: Row): Row {
  let divisor = 0n;
  for (const value of row) {
    let [a, b] = [divisor, value < 0n ? -value : value];
    while (b !== 0n) [a, b] = [b, a % b];
    divisor = a;
    if (divisor === 1n) return row;
  }
  return divisor <= 1n ? row : row.map((value) => value / divisor);
}

/**
 * Unknowns that are zero in every non-negative solution of `rows · z = 0` (rows reduced, pivots positive).
 *
 * Each z is split into u + v with u at most 1, and the sum of the u is made as large as can be: solutions can be stretched, so that
 * in the best one u is 1 wherever z can be more than zero, and 0 where it cannot. Simplex by Bland's rule (1977), which never cycles.
 */
function forcedZeros(rows: readonly Row[]): number[] {
  const width = rows[0]?.length ?? 0;
  if (width === 0) return [];
  const right = 3 * width;
  const unit = (at: number) => (column: number) =>
    column === at || column === 2 * width + at || column === right ? 1n : 0n;
  const tableau: Row[] = [
    ...rows.map((row) => [...row, ...row, ...Array.from({ length: width + 1 }, () => 0n)]),
    ...Array.from({ length: width }, (_, at) => Array.from({ length: right + 1 }, (__, column) => unit(at)(column))),
  ];
  const basis = [
    ...rows.map((row) => width + pivotOf(row)),
    ...Array.from({ length: width }, (_, at) => 2 * width + at),
  ];
  let goal: Row = Array.from({ length: right + 1 }, (_, column) => (column < width ? -1n : 0n));
  for (;;) {
    const entering = goal.findIndex((value, column) => column < right && value < 0n);
    if (entering < 0) break;
    const leaving = leavingRow(tableau, basis, entering);
    const row = tableau[leaving];
    if (row === undefined) break;
    for (let at = 0; at < tableau.length; at += 1)
      if (at !== leaving) tableau[at] = eliminate(tableau[at] ?? [], row, entering);
    goal = eliminate(goal, row, entering);
    basis[leaving] = entering;
  }
  const isOne = new Set(basis.filter((column, at) => column < width && tableau[at]?.[right] !== 0n));
  return Array.from({ length: width }, (_, at) => at).filter((at) => !isOne.has(at));
}

/** The row that limits an entering column most; of equals the one whose basic column comes first. */
function leavingRow(tableau: readonly Row[], basis: readonly number[], entering: number): number {
  let best = -1;
  const right = (tableau[0]?.length ?? 1) - 1;
  for (let at = 0; at < tableau.length; at += 1) {
    const entry = tableau[at]?.[entering] ?? 0n;
    if (entry <= 0n) continue;
    if (best < 0) {
      best = at;
      continue;
    }
    const mine = (tableau[at]?.[right] ?? 0n) * (tableau[best]?.[entering] ?? 0n);
    const its = (tableau[best]?.[right] ?? 0n) * entry;
    if (mine < its || (mine === its && (basis[at] ?? 0) < (basis[best] ?? 0))) best = at;
  }
  return best;
}
