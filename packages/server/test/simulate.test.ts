import { expect, test } from "vitest";
import type { Results } from "../simulation/results.ts";
import { simulate } from "../simulation/run.ts";
import { createTestDatabase } from "./database.ts";

/** A world so small that it is over in seconds. */
async function play(seed: number): Promise<Results> {
  const { connection, drop } = await createTestDatabase();
  try {
    return await simulate({ caseworkers: 2, cases: 6, days: 5, seed, connection });
  } finally {
    await drop();
  }
}

test("in a small world no clock is missed and no notice comes twice, and the same seed gives the same figures", async () => {
  const [first, again] = [await play(1), await play(1)];
  expect(first).toMatchObject({ clocksMissed: 0, noticesDoubled: 0, errors: 0 });
  expect(first.removedShare).toBeGreaterThan(0.5);
  expect(first.actsPerRemovedPlace).toBeLessThan(1);
  const figures = ({ wallSeconds, machineShare, peakMemoryMb, ...rest }: Results) => rest;
  expect(figures(again)).toEqual(figures(first));
});
