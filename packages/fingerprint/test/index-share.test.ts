import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import {
  add,
  addAll,
  createIndex,
  IndexRefusal,
  lookup,
  type SharedIndex,
  shareIndex,
  withdraw,
} from "../src/index.ts";
import { flipped, hexOf, randomHash, seeded } from "./index-scan.ts";

type Answer = { readonly rounds: number; readonly wrong: number };

/** A reader that looks the same hashes up over and over, and tells how often the answer was not the entry itself. */
function startReader(hexes: readonly string[]): { worker: Worker; ask: (message: object) => Promise<Answer> } {
  const worker = new Worker(new URL("./index-reader.ts", import.meta.url), { workerData: hexes });
  const ask = (message: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.postMessage(message);
    });
  return { worker, ask };
}

test("readers in other threads find everything at every moment, while the writer adds, withdraws, freezes and merges", async () => {
  const next = seeded(31);
  const hashes = Array.from({ length: 40_000 }, () => randomHash(next));
  const index = createIndex();
  addAll(
    index,
    Buffer.concat(hashes),
    hashes.map((_, row) => (row % 2 === 0 ? row : `entry-${row}`)),
  );
  const hexes = hashes.slice(0, 64).map((hash) => hexOf(flipped(hash, next() % 32, next)));
  const readers = [startReader(hexes), startReader(hexes)];
  const stops = readers.map(({ worker }) => shareIndex(index, (shared) => worker.postMessage({ shared })));
  const looking = readers.map(({ ask }) => ask({ look: 400 }));
  for (let row = 0; row < 70_000; row++) {
    add(index, row % 2 === 0 ? 100_000 + row : `late-${row}`, hexOf(randomHash(next)));
    if (row % 10 === 0) withdraw(index, 100 + 2 * (row / 10));
    if (row % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await Promise.all(looking)).toEqual([
    { rounds: 400, wrong: 0 },
    { rounds: 400, wrong: 0 },
  ]);
  withdraw(index, 0);
  withdraw(index, "entry-1");
  const last = await Promise.all(readers.map(({ ask }) => ask({ look: 1 })));
  expect(last.map(({ wrong }) => wrong)).toEqual([2, 2]);
  for (const stop of stops) stop();
  await Promise.all(readers.map(({ worker }) => worker.terminate()));
  expect(lookup(index, hexes[2] ?? "")).toHaveLength(1);
});

test("a reader's place is free again when its sharing stops, and the 64th reader is refused", () => {
  const index = createIndex();
  const places: number[] = [];
  const share = (): (() => void) => shareIndex(index, ({ reader }: SharedIndex) => void places.push(reader));
  const stops = Array.from({ length: 63 }, share);
  expect(share).toThrow(IndexRefusal);
  stops[4]?.();
  share();
  expect(places.slice(0, 63)).toEqual(Array.from({ length: 63 }, (_, at) => at + 1));
  expect(places.at(-1)).toBe(5);
});
