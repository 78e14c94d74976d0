/** One line of the bench. `ratio` is value to baseline, measured in the same run; null where nothing comparable exists. */
export type Row = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number | null;
  readonly ratio: number | null;
};

export function printRow(row: Omit<Row, "ratio">): void {
  const ratio = row.baseline === null ? null : rounded(row.value / row.baseline);
  process.stdout.write(
    `${JSON.stringify({ ...row, value: rounded(row.value), baseline: row.baseline && rounded(row.baseline), ratio })}\n`,
  );
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
