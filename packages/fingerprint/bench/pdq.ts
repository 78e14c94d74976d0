import { fingerprint, type Pixels } from "../src/index.ts";
import { plainPdq } from "../test/oracle.ts";

/**
 * One line of the benchmark; `baseline` is the plain implementation of the tests, measured in the same run. It is written
 * to be read, not to be fast: `referenceElsewhere` is the C++ reference in milliseconds, measured once on another machine.
 */
export type PdqRow = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number;
  readonly ratio: number;
  readonly referenceElsewhere: number;
};

const SIZES = [
  ["pdq-512", 512, 512, 3.8],
  ["pdq-1024x768", 1024, 768, 17.7],
  ["pdq-12mp", 4000, 3000, 109],
] as const;

function noise(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at++) data[at] = (Math.imul(at, 2654435761) >>> 13) & 255;
  return { data, width, height, channels: 3 };
}

/** The middle of several runs, in milliseconds, after one to warm up. */
function timeOf(work: () => unknown, runs: number): number {
  work();
  const times = Array.from({ length: runs }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return times.sort((a, b) => a - b)[runs >> 1] ?? 0;
}

/** Times PDQ from RGB in WebAssembly on one thread. */
export function* pdqRows(quick: boolean): Generator<PdqRow> {
  for (const [name, width, height, referenceElsewhere] of SIZES) {
    const pixels = noise(width, height);
    const value = timeOf(() => fingerprint(pixels), width > 2000 ? 9 : 60);
    const baseline = timeOf(() => plainPdq(pixels), quick ? 1 : 5);
    yield { name, value, unit: "ms", baseline, ratio: baseline / value, referenceElsewhere };
  }
}
