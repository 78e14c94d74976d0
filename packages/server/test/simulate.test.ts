import { expect, test } from "vitest";
import type { Results } from "../simulation/results.ts";
import { simulate } from "../simulation/run.ts";
import { createTestDatabase } from "./database.ts";

async function play(world: { readonly cases: number; readonly days: number }): Promise<Results> {
  const { connection, drop } = await createTestDatabase();
  try {
    return await simulate({ caseworkers: 2, seed: 1, ...world, connection });
  } finally {
    await drop();
  }
}

test("in a small world no clock is missed, no notice comes twice, and most places are removed", async () => {
  const results = await play({ cases: 6, days: 5 });
  expect(results).toMatchObject({ clocksMissed: 0, noticesDoubled: 0, errors: 0 });
  expect(results.removedShare).toBeGreaterThan(0.5);
  expect(results.actsPerRemovedPlace).toBeLessThan(1);
});

test("the same seed gives the same figures", async () => {
  const small = { cases: 2, days: 2 };
  const figures = ({ wallSeconds, machineShare, peakMemoryMb, ...rest }: Results) => rest;
  expect(figures(await play(small))).toEqual(figures(await play(small)));
});
