import { afterAll, beforeAll, expect, test } from "vitest";
import type { Match } from "../src/index.ts";
import { openTestPage, type TestPage } from "./chromium.ts";
import { flipped, hexOf, scan, seeded, sorted } from "./index-scan.ts";

const ROWS = 33_000;
let opened: TestPage;
beforeAll(async () => {
  opened = await openTestPage("index-page");
}, 120_000);
afterAll(() => opened?.close());

test("in Chromium, on a page that is not cross-origin isolated, the index finds what a scan finds", async () => {
  const next = seeded(61);
  const words = Array.from({ length: ROWS * 8 }, next);
  const bytes = new Uint8Array(Uint32Array.from(words).buffer);
  const rowOf = (row: number): Uint8Array => bytes.subarray(row * 32, row * 32 + 32);
  const rows = Array.from({ length: ROWS }, (_, row) => {
    return { id: row % 2 === 0 ? row : `entry-${row}`, hex: hexOf(rowOf(row)) };
  });
  const queries = Array.from({ length: 16 }, (_, at) => hexOf(flipped(rowOf(at * 2000), at * 2, next)));
  const late = queries.map((hex, row) => ({ id: `late-${row}`, hex })).filter(({ id }) => id !== "late-1");
  const run = ({ some, hexes }: { some: number[]; hexes: string[] }): string =>
    (globalThis as unknown as { answer(words: number[], hexes: string[]): string }).answer(some, hexes);
  const answered = await opened.page.evaluate(run, { some: words, hexes: queries });
  const there = JSON.parse(answered) as { size: number; matches: Match[][] };
  expect(there.size).toBe(ROWS + 15);
  const expected = queries.map((hex) => sorted(scan([...rows, ...late], hex, 31)));
  expect(there.matches.map(sorted)).toEqual(expected);
}, 120_000);
