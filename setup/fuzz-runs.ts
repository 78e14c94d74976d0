/**
 * How many bad inputs a parser is fed: 2,000 in `npm test`, more in `npm run fuzz`, which sets JIKIM_FUZZ_RUNS. The seeds stay fixed, so that
 * a failure names an input that comes again.
 */
export const FUZZ_RUNS = Number(process.env.JIKIM_FUZZ_RUNS ?? 2000);

/** Milliseconds for such a test that has a limit of its own: only against hanging. */
export const FUZZ_TIMEOUT = 120_000 * Math.max(1, FUZZ_RUNS / 2000);
