import { add, type FingerprintIndex, lookup, withdraw } from "../src/index.ts";
import type { MatchRow } from "./match.ts";
import { flip, hexOf, percentile, randomHashes, seeded } from "./match-queries.ts";

const ADDS_A_SECOND = 10_000;
const LOOKUPS_A_SECOND = 2_000;
const SECONDS = 2;
const WINDOWS = 6;

type Load = { readonly adds: readonly string[]; readonly queries: readonly string[]; readonly firstId: number };

/** Milliseconds of this thread's own work that `act` takes: what others do on the machine does not count. */
function workOf(act: () => void): number {
  const before = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Serves look-ups that arrive at fixed moments, whatever else is going on, and gives the time from arrival to answer, so
 * that a look-up that has to wait for an add counts its wait. The clock stands for a thread with a core of its own: it
 * goes on by the work that each step takes. Milliseconds.
 */
function waitsOf(index: FingerprintIndex, { adds, queries, firstId }: Load): number[] {
  const waits: number[] = [];
  let now = 0;
  let added = 0;
  while (waits.length < queries.length) {
    const arrival = (waits.length * 1000) / LOOKUPS_A_SECOND;
    const due = added < adds.length ? (added * 1000) / ADDS_A_SECOND : Number.POSITIVE_INFINITY;
    if (now >= arrival) {
      now += workOf(() => lookup(index, queries[waits.length] ?? ""));
      waits.push(now - arrival);
    } else if (now >= due) {
      now += workOf(() => {
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
 * Look-up latency with 10,000 adds and 1,000 withdrawals a second, on one thread, beside the same without them: the median
 * of six windows of two seconds each, in turn, as the machine may be busy with other things as well.
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
  const middle = (windows: readonly number[][], share: number): number => {
    return percentile(
      windows.map((waits) => percentile(waits, share)),
      0.5,
    );
  };
  const [value, baseline] = [middle(busy, 0.99), middle(quiet, 0.99)];
  const detail = { p50: middle(busy, 0.5), p50Quiet: middle(quiet, 0.5), longest: middle(busy, 1) };
  const ratio = baseline / value;
  return { name: "updates-p99", value, unit: "ms", baseline, ratio, ...detail, addsASecond: ADDS_A_SECOND };
}
