import { type Pixels, TURNS, type Turn } from "../src/pdq.ts";

// PDQ written as plainly as can be, in float32 step by step: slow, and there to be compared with.

const f = Math.fround;

function lumaOf({ data, width, height, channels, stride = width * channels }: Pixels): Float32Array {
  const luma = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * stride + x * channels;
      const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
      const colour = f(f(f(f(0.299) * r) + f(f(0.587) * g)) + f(f(0.114) * b));
      luma[y * width + x] = channels === 1 ? r : colour;
    }
  }
  return luma;
}

function boxAlong(input: Float32Array, start: number, step: number, n: number): Float32Array {
  const window = Math.floor((n + 127) / 128);
  const half = Math.floor((window + 2) / 2);
  const out = new Float32Array(n);
  const sample = (i: number) => input[start + i * step] ?? 0;
  let sum = 0;
  let count = 0;
  let right = 0;
  let left = 0;
  let at = 0;
  for (let i = 0; i < half - 1; i++, count++) sum = f(sum + sample(right++));
  for (let i = 0; i < window - half + 1; i++) {
    sum = f(sum + sample(right++));
    count++;
    out[at++] = f(sum / count);
  }
  for (let i = 0; i < n - window; i++) {
    sum = f(sum + sample(right++));
    sum = f(sum - sample(left++));
    out[at++] = f(sum / count);
  }
  for (let i = 0; i < half - 1; i++) {
    sum = f(sum - sample(left++));
    count--;
    out[at++] = f(sum / count);
  }
  return out;
}

function blurred(luma: Float32Array, width: number, height: number): Float32Array {
  const now = Float32Array.from(luma);
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0; y < height; y++) now.set(boxAlong(now, y * width, 1, width), y * width);
    for (let x = 0; x < width; x++) {
      const column = boxAlong(now, x, width, height);
      for (let y = 0; y < height; y++) now[y * width + x] = column[y] ?? 0;
    }
  }
  return now;
}

function gridOf(pixels: Pixels): Float32Array {
  const { width, height } = pixels;
  const luma = lumaOf(pixels);
  if (width === 64 && height === 64) return luma;
  const blur = blurred(luma, width, height);
  return Float32Array.from({ length: 64 * 64 }, (_, at) => {
    const row = Math.floor(((Math.floor(at / 64) + 0.5) * height) / 64);
    const column = Math.floor((((at % 64) + 0.5) * width) / 64);
    return blur[row * width + column] ?? 0;
  });
}

function qualityOf(grid: Float32Array): number {
  let sum = 0;
  const step = (u: number, v: number) => Math.abs(Math.trunc(f(f(f(u - v) * 100) / 255)));
  for (let i = 0; i < 64; i++) {
    for (let j = 0; j < 64; j++) {
      const u = grid[i * 64 + j] ?? 0;
      if (i < 63) sum += step(u, grid[i * 64 + 64 + j] ?? 0);
      if (j < 63) sum += step(u, grid[i * 64 + j + 1] ?? 0);
    }
  }
  return Math.min(100, Math.floor(sum / 90));
}

const weight = (i: number, j: number) => f(Math.sqrt(2 / 64) * Math.cos((Math.PI / 128) * (i + 1) * (2 * j + 1)));

function sumOf(length: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum = f(sum + f(term(k)));
  return sum;
}

function coefficientsOf(grid: Float32Array): number[][] {
  const rows = Array.from({ length: 16 }, (_, i) =>
    Array.from({ length: 64 }, (_, j) => sumOf(64, (k) => weight(i, k) * (grid[k * 64 + j] ?? 0))),
  );
  return rows.map((row) => Array.from({ length: 16 }, (_, j) => sumOf(64, (k) => (row[k] ?? 0) * weight(j, k))));
}

const odd = (n: number) => n % 2 === 1;
const turned: Record<Turn, (b: (i: number, j: number) => number, i: number, j: number) => number> = {
  orig: (b, i, j) => b(i, j),
  rot90: (b, i, j) => (odd(i) ? 1 : -1) * b(j, i),
  rot180: (b, i, j) => (odd(i + j) ? -1 : 1) * b(i, j),
  rot270: (b, i, j) => (odd(j) ? 1 : -1) * b(j, i),
  flipx: (b, i, j) => (odd(i) ? 1 : -1) * b(i, j),
  flipy: (b, i, j) => (odd(j) ? 1 : -1) * b(i, j),
  flipp: (b, i, j) => b(j, i),
  flipm: (b, i, j) => (odd(i + j) ? -1 : 1) * b(j, i),
};

function textOf(values: readonly number[]): string {
  const median = [...values].sort((a, b) => a - b)[127] ?? 0;
  const words = Array.from({ length: 16 }, () => 0);
  values.forEach((value, bit) => {
    if (value > median) words[bit >> 4] = (words[bit >> 4] ?? 0) | (1 << (bit & 15));
  });
  return words
    .map((word) => word.toString(16).padStart(4, "0"))
    .reverse()
    .join("");
}

/** The slow, plain PDQ: quality and the eight hashes. */
export function plainPdq(pixels: Pixels): { quality: number; dihedral: Record<Turn, string> } {
  const grid = gridOf(pixels);
  const b = coefficientsOf(grid);
  const at = (i: number, j: number) => b[i]?.[j] ?? 0;
  const texts = TURNS.map((turn) => {
    const values = Array.from({ length: 256 }, (_, bit) => turned[turn](at, bit >> 4, bit & 15));
    return [turn, textOf(values)] as const;
  });
  return { quality: qualityOf(grid), dihedral: Object.fromEntries(texts) as Record<Turn, string> };
}
