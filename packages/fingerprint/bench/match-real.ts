import sharp from "sharp";
import { seeded } from "./match-queries.ts";

// Hashes as uneven as those of real pictures: crops of photos, each turned and flipped in eight ways, plain and inverted.
// The DCT is that of PDQ, the blur before it a plain box average; so they are distributed as PDQ hashes are, without being
// bit for bit what PDQ gives for the crop.

const GRID = 64;
const DCT = 16;
const STRIP_STEP = 4;

const cosines = Float32Array.from({ length: DCT * GRID }, (_, at) => {
  const [i, j] = [Math.floor(at / GRID), at % GRID];
  return Math.sqrt(2 / GRID) * Math.cos((Math.PI / 128) * (i + 1) * (2 * j + 1));
});

type Photo = { readonly width: number; readonly height: number; readonly sums: Float64Array };

async function readPhoto(path: string): Promise<Photo> {
  const { data, info } = await sharp(path)
    .resize(1024, 1024, { fit: "inside" })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[(y * width + x) * channels] ?? 0;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  return { width, height, sums };
}

type Strip = {
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly columns: number;
};

/** The first pass of the DCT over a band of the photo, 64 cells high: 16 values a column. */
function firstPass({ width, sums }: Photo, strip: Strip): Float32Array {
  const half = new Float32Array(DCT * strip.columns);
  const cell = new Float32Array(GRID);
  const at = (x: number, y: number): number => sums[y * (width + 1) + x] ?? 0;
  for (let column = 0; column < strip.columns; column++) {
    const [left, right] = [Math.round(column * strip.cellWidth), Math.round((column + 1) * strip.cellWidth)];
    for (let row = 0; row < GRID; row++) {
      const upper = Math.round(strip.top + row * strip.cellHeight);
      const lower = Math.round(strip.top + (row + 1) * strip.cellHeight);
      const area = (right - left) * (lower - upper);
      cell[row] = (at(right, lower) - at(left, lower) - at(right, upper) + at(left, upper)) / area;
    }
    for (let i = 0; i < DCT; i++) {
      let sum = 0;
      for (let row = 0; row < GRID; row++) sum += (cosines[i * GRID + row] ?? 0) * (cell[row] ?? 0);
      half[i * strip.columns + column] = sum;
    }
  }
  return half;
}

function secondPass(half: Float32Array, columns: number, left: number, into: Float32Array): void {
  for (let i = 0; i < DCT; i++) {
    for (let j = 0; j < DCT; j++) {
      let sum = 0;
      for (let column = 0; column < GRID; column++) {
        sum += (half[i * columns + left + column] ?? 0) * (cosines[j * GRID + column] ?? 0);
      }
      into[i * DCT + j] = sum;
    }
  }
}

/** The 128th of 256 values, by quickselect (Hoare 1961); changes their order. */
function lowerMedian(values: Float32Array): number {
  let [low, high] = [0, 255];
  while (low < high) {
    const pivot = values[(low + high) >> 1] ?? 0;
    let [left, right] = [low, high];
    while (left <= right) {
      while ((values[left] ?? 0) < pivot) left++;
      while ((values[right] ?? 0) > pivot) right--;
      if (left > right) break;
      const held = values[left] ?? 0;
      values[left++] = values[right] ?? 0;
      values[right--] = held;
    }
    if (right < 127) low = left;
    if (left > 127) high = right;
  }
  return values[127] ?? 0;
}

const signed = new Float32Array(256);
const scrambled = new Float32Array(256);

/** The eight turned hashes and their inverses: 16 hashes, 512 bytes. */
function writeHashes(coefficients: Float32Array, into: Uint8Array): void {
  for (let turn = 0; turn < 4; turn++) {
    for (let k = 0; k < 256; k++) {
      const odd = ((turn & 1) * (k >> 4) + (turn >> 1) * k) & 1;
      signed[k] = odd === 1 ? -(coefficients[k] ?? 0) : (coefficients[k] ?? 0);
    }
    scrambled.set(signed);
    const median = lowerMedian(scrambled);
    const first = turn * 128;
    for (let k = 0; k < 256; k++) {
      if ((signed[k] ?? 0) <= median) continue;
      const transposed = ((k & 15) << 4) | (k >> 4);
      into[first + (k >> 3)] = (into[first + (k >> 3)] ?? 0) | (1 << (k & 7));
      const turned = first + 64 + (transposed >> 3);
      into[turned] = (into[turned] ?? 0) | (1 << (transposed & 7));
    }
    for (let byte = first; byte < first + 32; byte++) {
      into[byte + 32] = ~(into[byte] ?? 0);
      into[byte + 96] = ~(into[byte + 64] ?? 0);
    }
  }
}

function randomStrip({ width, height }: Photo, next: () => number): Strip {
  const share = (least: number): number => least + ((next() % 4096) / 4096) * (1 - least);
  const cellHeight = (height / GRID) * share(0.3);
  const cellWidth = (width / GRID) * share(0.2);
  const top = ((next() % 4096) / 4096) * (height - cellHeight * GRID);
  return { top, cellWidth, cellHeight, columns: Math.floor(width / cellWidth) };
}

/** `count` hashes, 32 bytes each, of crops of the photos, spread evenly over them. */
export async function hashesOfCrops(paths: readonly string[], count: number): Promise<Uint8Array> {
  const hashes = new Uint8Array(count * 32);
  const next = seeded(41);
  const coefficients = new Float32Array(256);
  const sixteen = new Uint8Array(512);
  let filled = 0;
  for (const [at, path] of paths.entries()) {
    const photo = await readPhoto(path);
    const until = Math.floor(((at + 1) * count) / paths.length);
    while (filled < until) {
      const strip = randomStrip(photo, next);
      const half = firstPass(photo, strip);
      for (let left = 0; left + GRID <= strip.columns && filled < until; left += STRIP_STEP) {
        secondPass(half, strip.columns, left, coefficients);
        writeHashes(coefficients, sixteen.fill(0));
        hashes.set(sixteen.subarray(0, Math.min(16, until - filled) * 32), filled * 32);
        filled += Math.min(16, until - filled);
      }
    }
  }
  return hashes;
}
