/** One line of the benchmark. `ratio` says how many times better than the baseline, measured in the same run. */
export type MatchRow = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number;
  readonly ratio: number;
  readonly [detail: string]: number | string;
};
