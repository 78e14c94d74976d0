import { createHash } from "node:crypto";

/** A number from 0 to 1 for each thing that is left to chance: the same seed and the same thing give the same number. */
export type Chance = (...of: readonly (string | number)[]) => number;

export function chanceOf(seed: number): Chance {
  return (...of) =>
    createHash("sha256")
      .update([seed, ...of].join("/"))
      .digest()
      .readUInt32LE(0) /
    2 ** 32;
}

/** A number between two others. */
export function between(chance: number, [least, most]: readonly [number, number]): number {
  return least + chance * (most - least);
}

/** The value below which half of the values lie; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
