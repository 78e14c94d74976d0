import { add, type FingerprintIndex, lookup, withdraw } from "../src/index.ts";
import type { MatchRow } from "./match.ts";
import { flip, hexOf, percentile, randomHashes, seeded } from "./match-queries.ts";

const ADDS_A_SECOND = 10_000;
const LOOKUPS_A_SECOND = 2_000;
const SECONDS = 12;

type Load = { readonly adds: readonly string[]; readonly queries: readonly string[] };

/**
 * Serves look-ups that arrive at fixed moments, whatever else is going on, and measures from arrival to answer, so that
 * a look-up that has to wait for an add counts its wait. Milliseconds.
 */
function waitsOf(index: FingerprintIndex, load: Load): number[] {
  const waits: number[] = [];
  const began = performance.now();
  let added = 0;
  while (waits.length < load.queries.length) {
    const now = performance.now() - began;
    const due = Math.min(load.adds.length, Math.floor((now / 1000) * ADDS_A_SECOND));
    const arrival = (waits.length * 1000) / LOOKUPS_A_SECOND;
    if (now >= arrival) {
      lookup(index, load.queries[waits.length] ?? "");
      waits.push(performance.now() - began - arrival);
    } else if (added < due) {
      add(index, 20_000_000 + added, load.adds[added] ?? "");
      if (added % 10 === 9) withdraw(index, 20_000_000 + added - 5);
      added++;
    }
  }
  return waits;
}

/** Look-up latency with 10,000 adds and 1,000 withdrawals a second, on one thread, beside the same without them. */
export function updatesRow(index: FingerprintIndex, hashes: Uint8Array): MatchRow {
  const next = seeded(5);
  const count = SECONDS * LOOKUPS_A_SECOND;
  const queries = Array.from({ length: count }, () => {
    const row = next() % (hashes.length / 32);
    return hexOf(flip(hashes.subarray(row * 32, row * 32 + 32), next() % 32, next));
  });
  const fresh = randomHashes(SECONDS * ADDS_A_SECOND, 6);
  const adds = Array.from({ length: fresh.length / 32 }, (_, at) => hexOf(fresh.subarray(at * 32, at * 32 + 32)));
  const quiet = waitsOf(index, { adds: [], queries });
  const busy = waitsOf(index, { adds, queries });
  const baseline = percentile(quiet, 0.99);
  const value = percentile(busy, 0.99);
  const detail = { p50: percentile(busy, 0.5), p50Quiet: percentile(quiet, 0.5), longest: percentile(busy, 1) };
  return {
    name: "updates-p99",
    value,
    unit: "ms",
    baseline,
    ratio: baseline / value,
    ...detail,
    addsASecond: ADDS_A_SECOND,
  };
}
