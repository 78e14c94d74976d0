import { add, type FingerprintIndex, lookup, withdraw } from "../src/index.ts";
import { flip, hexOf, percentile, randomHashes, seeded } from "./match-queries.ts";
import type { MatchRow } from "./match-row.ts";

const ADDS_A_SECOND = 10_000;
const LOOKUPS_A_SECOND = 2_000;
const SECONDS = 1;
const WINDOWS = 20;

type Load = { readonly adds: readonly string[]; readonly queries: readonly string[]; readonly firstId: number };

function millisecondsOf(act: () => void): number {
  const began = performance.now();
  act();
  return performance.now() - began;
}

/**
 * Serves look-ups that arrive at fixed moments, whatever else is going on, and gives the time from arrival to answer, so
 * that a look-up that has to wait for an add counts its wait. The clock goes on by
 * the time each step takes, and leaps over idle time. Milliseconds.
 */
function waitsOf(index: FingerprintIndex, { adds, queries, firstId }: Load): number[] {
  const waits: number[] = [];
  let now = 0;
  let added = 0;
  while (waits.length < queries.length) {
    const arrival = (waits.length * 1000) / LOOKUPS_A_SECOND;
    const due = added < adds.length ? (added * 1000) / ADDS_A_SECOND : Number.POSITIVE_INFINITY;
    if (now >= arrival) {
      now += millisecondsOf(() => lookup(index, queries[waits.length] ?? ""));
      waits.push(now - arrival);
    } else if (now >= due) {
      now += millisecondsOf(() => {
        add(index, firstId + added, adds[added] ?? "");
        if (added % 10 === 9) withdraw(index, firstId + added - 5);
      });
      added++;
    } else now = Math.min(arrival, due);
  }
  return waits;
}

function queriesNear(hashes: Uint8Array, next: () => number): string[] {
  return Array.from({ length: SECONDS * LOOKUPS_A_SECOND }, () => {
    const row = next() % (hashes.length / 32);
    return hexOf(flip(hashes.subarray(row * 32, row * 32 + 32), next() % 32, next));
  });
}

/**
 * Look-up latency with 10,000 adds and 1,000 withdrawals a second, on one thread, beside the same without them. Twenty
 * seconds of each, in turn, all of them counted: on a machine that is busy with other things both are slower.
 */
export function updatesRow(index: FingerprintIndex, hashes: Uint8Array): MatchRow {
  const next = seeded(5);
  const quiet: number[][] = [];
  const busy: number[][] = [];
  for (let window = 0; window < WINDOWS; window++) {
    const fresh = randomHashes(SECONDS * ADDS_A_SECOND, 100 + window);
    const adds = Array.from({ length: fresh.length / 32 }, (_, at) => hexOf(fresh.subarray(at * 32, at * 32 + 32)));
    const firstId = 20_000_000 + window * adds.length;
    quiet.push(waitsOf(index, { adds: [], queries: queriesNear(hashes, next), firstId }));
    busy.push(waitsOf(index, { adds, queries: queriesNear(hashes, next), firstId }));
  }
  const of = (windows: readonly number[][], share: number): number => percentile(windows.flat(), share);
  const [value, baseline] = [of(busy, 0.99), of(quiet, 0.99)];
  const middle = { p50: of(busy, 0.5), p50Quiet: of(quiet, 0.5), p95: of(busy, 0.95), p95Quiet: of(quiet, 0.95) };
  const detail = { ...middle, longest: of(busy, 1), longestQuiet: of(quiet, 1) };
  const ratio = baseline / value;
  return { name: "updates-p99", value, unit: "ms", baseline, ratio, ...detail, addsASecond: ADDS_A_SECOND };
}
