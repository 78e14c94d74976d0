import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Results } from "../simulation/results.ts";
import { type Options, simulate } from "../simulation/run.ts";
import { createTestDatabase } from "./database.ts";

type Small = Pick<Options, "cases" | "days"> & Partial<Pick<Options, "loses">>;

async function play(world: Small): Promise<Results> {
  const { connection, drop } = await createTestDatabase();
  try {
    return await simulate({ caseworkers: 2, seed: 1, ...world, connection });
  } finally {
    await drop();
  }
}

test("in a small world no clock is missed, no notice comes twice, and most places are removed with few acts", async () => {
  const results = await play({ cases: 6, days: 5 });
  expect(results).toMatchObject({ clocksMissed: 0, noticesDoubled: 0, errors: 0, missed: {} });
  expect(results.removedShare).toBeGreaterThan(0.5);
  expect(results.removedShare).toBeLessThan(0.95);
  expect(results.actsPerRemovedPlace).toBeLessThan(0.6);
  expect(results.medianHoursToRemoval).toBeLessThan(24);
});

test("clocks that the server lets slip are missed: here nobody looks at a place for a day", async () => {
  const from = Date.parse("2026-11-03T00:00:00Z");
  const isLost = ({ queue, at }: { readonly queue: string; readonly at: number }) =>
    queue === "check-place" && at >= from && at < from + 86_400_000;
  const { clocksMissed, missed } = await play({ cases: 3, days: 3, loses: isLost });
  expect(clocksMissed).toBeGreaterThan(0);
  expect(missed).toMatchObject({ look: expect.any(Number) });
});

test("the same seed gives the same figures", async () => {
  const small = { cases: 2, days: 2 };
  const figures = ({ wallSeconds, machineShare, peakMemoryMb, placesAYearOfThisMachine, ...rest }: Results) => rest;
  expect(figures(await play(small))).toEqual(figures(await play(small)));
});

test("ended by a signal, it stops its database, removes its folder and says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jikim-ended-"));
  try {
    const main = join(import.meta.dirname, "..", "simulation", "main.ts");
    const args = ["--caseworkers", "1", "--cases", "2", "--days", "30", "--json"];
    const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, TMPDIR: folder } });
    const said: string[] = [];
    child.stderr.on("data", (text: Buffer) => said.push(text.toString()));
    await new Promise<void>((begun) => child.stderr.on("data", () => said.join("").includes("day 0") && begun()));
    const [inside = ""] = await readdir(folder);
    expect(existsSync(join(folder, inside))).toBe(true);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([2, null]);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
