import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addAll, createIndex, type FingerprintIndex, loadIndex, lookup, saveIndex } from "../src/index.ts";
import { partsOf } from "../src/index-state.ts";
import { photoFiles } from "./match-photos.ts";
import { percentile, plantQueries, randomHashes, scanOnce } from "./match-queries.ts";
import { hashesOfCrops } from "./match-real.ts";
import { updatesRow } from "./match-updates.ts";

/** One line of the benchmark. `ratio` says how many times better than the baseline, measured in the same run. */
export type MatchRow = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number;
  readonly ratio: number;
  readonly [detail: string]: number | string;
};

const MILLION = 1_000_000;
const PLANTED_PER_DISTANCE = 100;
const SCANS = 12;

function builtOf(hashes: Uint8Array): { index: FingerprintIndex; seconds: number } {
  const ids = Uint32Array.from({ length: hashes.length / 32 }, (_, row) => row);
  const index = createIndex();
  const began = performance.now();
  addAll(index, hashes, ids);
  return { index, seconds: (performance.now() - began) / 1000 };
}

/** Times look-ups of planted near-copies, 100 at every distance from 0 to 31, and checks that each is found. */
function matchRow(name: string, index: FingerprintIndex, hashes: Uint8Array): MatchRow {
  const queries = plantQueries(hashes, PLANTED_PER_DISTANCE);
  for (const { hex } of queries.slice(0, 600)) lookup(index, hex);
  let found = 0;
  let matches = 0;
  const times = queries.map(({ hex, row, bits }) => {
    const began = performance.now();
    const answer = lookup(index, hex);
    const took = performance.now() - began;
    matches += answer.length;
    if (answer.some((match) => match.id === row && match.bitsApart <= bits)) found++;
    return took;
  });
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
  const file = openSync(path, "r");
  const began = performance.now();
  const loaded = loadIndex((into) => readSync(file, into));
  const value = (performance.now() - began) / 1000;
  closeSync(file);
  const detail = { saveSeconds, megabytes: statSync(path).size / MILLION, setAside: loaded.setAside };
  rmSync(path);
  return { name: "load-10m", value, unit: "s", baseline: buildSeconds, ratio: buildSeconds / value, ...detail };
}

function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

async function* rowsOf10m(): AsyncGenerator<MatchRow> {
  const hashes = randomHashes(10 * MILLION, 2);
  const before = residentBytes();
  const { index, seconds } = builtOf(hashes);
  const resident = residentBytes() - before;
  yield matchRow("match-10m", index, hashes);
  yield bytesRow(index, 10 * MILLION, resident);
  const copySeconds = 10 * MILLION * 1e-6;
  yield { name: "build-10m", value: seconds, unit: "s", baseline: copySeconds, ratio: copySeconds / seconds };
  const folder = await mkdtemp(join(tmpdir(), "jikim-bench-"));
  yield loadRow(index, join(folder, "index"), seconds);
  await rm(folder, { recursive: true });
  yield updatesRow(index, hashes);
}

/** Rows of the index; up to ten million hashes when `quick`, with fifty million otherwise. */
export async function* matchRows({ quick }: { readonly quick: boolean }): AsyncGenerator<MatchRow> {
  const million = randomHashes(MILLION, 1);
  yield matchRow("match-1m", builtOf(million).index, million);
  yield* rowsOf10m();
  const real = await hashesOfCrops(await photoFiles(), 10 * MILLION);
  yield matchRow("match-10m-real", builtOf(real).index, real);
  if (quick) return;
  const fifty = randomHashes(50 * MILLION, 3);
  yield matchRow("match-50m", builtOf(fifty).index, fifty);
}

if (import.meta.main) {
  for await (const row of matchRows({ quick: process.argv.includes("--quick") })) {
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}
