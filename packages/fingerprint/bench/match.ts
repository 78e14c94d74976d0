import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addAll, createIndex, type FingerprintIndex, loadIndex, lookup, saveIndex } from "../src/index.ts";
import { partsOf } from "../src/index-state.ts";
import { type Planted, percentile, plantQueries, randomHashes, scanOnce } from "./match-queries.ts";
import { hashesOfCrops } from "./match-real.ts";
import type { MatchRow } from "./match-row.ts";
import { updatesRow } from "./match-updates.ts";
import { largeFiles } from "./photos.ts";

const MILLION = 1_000_000;
const PLANTED_PER_DISTANCE = 100;
const SCANS = 12;
const ROUNDS = 3;

type Built = {
  readonly index: FingerprintIndex;
  readonly seconds: number;
  /** Seconds of this thread's own work: less than `seconds` when the machine is busy with other things as well. */
  readonly workSeconds: number;
  readonly setAside: Set<number>;
};

function workSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / MILLION;
}

function builtOf(hashes: Uint8Array): Built {
  const ids = Uint32Array.from({ length: hashes.length / 32 }, (_, row) => row);
  const index = createIndex();
  const before = process.threadCpuUsage();
  const began = performance.now();
  const setAside = addAll(index, hashes, ids);
  const seconds = (performance.now() - began) / 1000;
  return { index, seconds, workSeconds: workSince(before), setAside: new Set(setAside.map(({ row }) => row)) };
}

/** Milliseconds of each look-up: the median of three rounds, as the machine may be busy with other things as well. */
function timesOf(index: FingerprintIndex, queries: readonly Planted[]): number[] {
  for (const { hex } of queries.slice(0, 600)) lookup(index, hex);
  const rounds = Array.from({ length: ROUNDS }, () => {
    return queries.map(({ hex }) => {
      const began = performance.now();
      lookup(index, hex);
      return performance.now() - began;
    });
  });
  return queries.map((_, at) =>
    percentile(
      rounds.map((round) => round[at] ?? 0),
      0.5,
    ),
  );
}

/** Times look-ups of planted near-copies, 100 at every distance from 0 to 31, and checks that each is found. */
function matchRow(name: string, { index, setAside }: Built, hashes: Uint8Array): MatchRow {
  const queries = plantQueries(hashes, PLANTED_PER_DISTANCE).filter(({ row }) => !setAside.has(row));
  const times = timesOf(index, queries);
  let found = 0;
  let matches = 0;
  for (const { hex, row, bits } of queries) {
    const answer = lookup(index, hex);
    matches += answer.length;
    if (answer.some((match) => match.id === row && match.bitsApart === bits)) found++;
  }
  const scans = queries.slice(0, SCANS).map(({ hex }) => scanOnce(index, hex));
  const agreed = queries
    .slice(0, SCANS)
    .filter(({ hex }, at) => lookup(index, hex).length === scans[at]?.matches).length;
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const baseline = percentile(
    scans.map(({ ms }) => ms),
    0.5,
  );
  const detail = { p50: percentile(times, 0.5), p99: percentile(times, 0.99), planted: queries.length };
  const recall = found / queries.length;
  const sameAsScan = agreed / SCANS;
  return { name, value: mean, unit: "ms", baseline, ratio: baseline / mean, ...detail, recall, sameAsScan, matches };
}

function bytesRow(index: FingerprintIndex, rows: number, residentBytes: number): MatchRow {
  const bytes = partsOf(index.state).reduce((sum, part) => sum + (part.kind === "frozen" ? part.layout.end : 0), 0);
  const value = bytes / rows;
  return {
    name: "bytes-per-hash-10m",
    value,
    unit: "bytes",
    baseline: 36,
    ratio: 36 / value,
    resident: residentBytes / rows,
  };
}

function writeSnapshot(index: FingerprintIndex, path: string): number {
  const file = openSync(path, "w");
  const began = performance.now();
  for (const chunk of saveIndex(index)) writeSync(file, chunk);
  closeSync(file);
  return (performance.now() - began) / 1000;
}

function loadRow(index: FingerprintIndex, path: string, buildSeconds: number): MatchRow {
  const saveSeconds = writeSnapshot(index, path);
  const loads = Array.from({ length: ROUNDS }, () => loadOnce(path));
  const value = percentile(
    loads.map(({ seconds }) => seconds),
    0.5,
  );
  const setAside = loads[0]?.setAside ?? 0;
  const workSeconds = Math.min(...loads.map((load) => load.workSeconds));
  const detail = { workSeconds, saveSeconds, megabytes: statSync(path).size / MILLION, setAside };
  rmSync(path);
  return { name: "load-10m", value, unit: "s", baseline: buildSeconds, ratio: buildSeconds / value, ...detail };
}

function loadOnce(path: string): { seconds: number; workSeconds: number; setAside: number } {
  const file = openSync(path, "r");
  const before = process.threadCpuUsage();
  const began = performance.now();
  const { setAside } = loadIndex((into) => readSync(file, into));
  closeSync(file);
  return { seconds: (performance.now() - began) / 1000, workSeconds: workSince(before), setAside };
}

/** Beside building, a bare copy of the hashes: all that a plain scan needs. */
function buildRow(hashes: Uint8Array, { seconds, workSeconds }: Built): MatchRow {
  const began = performance.now();
  const copied = hashes.slice().length / 32;
  const baseline = (performance.now() - began) / 1000;
  return { name: "build-10m", value: seconds, unit: "s", baseline, ratio: baseline / seconds, workSeconds, copied };
}

function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

async function* rowsOf10m(): AsyncGenerator<MatchRow> {
  const hashes = randomHashes(10 * MILLION, 2);
  const before = residentBytes();
  const built = builtOf(hashes);
  const { index, seconds } = built;
  const resident = residentBytes() - before;
  yield matchRow("match-10m", built, hashes);
  yield bytesRow(index, 10 * MILLION, resident);
  yield buildRow(hashes, built);
  const folder = await mkdtemp(join(tmpdir(), "jikim-bench-"));
  yield loadRow(index, join(folder, "index"), seconds);
  await rm(folder, { recursive: true });
  yield updatesRow(index, hashes);
}

/** Rows of the index; up to ten million hashes when `quick`, with fifty million otherwise. */
export async function* matchRows({ quick }: { readonly quick: boolean }): AsyncGenerator<MatchRow> {
  const million = randomHashes(MILLION, 1);
  yield matchRow("match-1m", builtOf(million), million);
  yield* rowsOf10m();
  const real = await hashesOfCrops(await largeFiles(), 10 * MILLION);
  yield matchRow("match-10m-real", builtOf(real), real);
  if (quick) return;
  const fifty = randomHashes(50 * MILLION, 3);
  yield matchRow("match-50m", builtOf(fifty), fifty);
}

if (import.meta.main) {
  for await (const row of matchRows({ quick: process.argv.includes("--quick") })) {
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}
