import { GRID } from "./frame.ts";

// The view hash: 144 bits of luma and 2 x 56 of how strongly it changes along x and y, each set the lowest frequencies of
// a cosine transform of 64 x 64 cells against its own median. It bears an edge that is off by 3 % at the same 31 of 256 bits
// (PDQ: 1.5 %) since its frequencies are lower, those that run along one axis alone count as well (PDQ leaves them out), and
// cells near the rim, which such an error moves most, count less. How near unrelated pictures come: see the README.

/** Frequencies 0 to 16 along each axis. */
export const SIDE = 17;
const LUMA_BITS = 144;
const EDGE_BITS = 56;

/** How a picture is turned: transposed first, then flipped top to bottom and side to side, and its light inverted. */
export type Turning = {
  readonly transposed: boolean;
  readonly upDown: boolean;
  readonly sideways: boolean;
  readonly inverted: boolean;
};

/** The three transforms of one view, 17 x 17 each. */
export type Spectrum = { readonly luma: Float64Array; readonly alongX: Float64Array; readonly alongY: Float64Array };

/** What a cell counts, from 1 in the middle to 0.3 at the rim; flat over most of the picture (tuned on photographs). */
function weightAt(cell: number): number {
  return 1 - 0.7 * Math.abs((2 * cell + 1) / GRID - 1) ** 6;
}

const waves = Float64Array.from({ length: SIDE * GRID }, (_, at) => {
  const [frequency, cell] = [Math.floor(at / GRID), at % GRID];
  const norm = Math.sqrt((frequency === 0 ? 1 : 2) / GRID);
  return norm * Math.cos((Math.PI / (2 * GRID)) * frequency * (2 * cell + 1)) * weightAt(cell);
});

function transformOf(grid: Float32Array): Float64Array {
  const mean = grid.reduce((sum, value) => sum + value, 0) / grid.length;
  const half = new Float64Array(SIDE * GRID);
  const out = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < SIDE; i++) {
    for (let k = 0; k < GRID; k++) {
      const weight = waves[i * GRID + k] ?? 0;
      for (let j = 0; j < GRID; j++)
        half[i * GRID + j] = (half[i * GRID + j] ?? 0) + weight * ((grid[k * GRID + j] ?? 0) - mean);
    }
  }
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      let sum = 0;
      for (let k = 0; k < GRID; k++) sum += (half[i * GRID + k] ?? 0) * (waves[j * GRID + k] ?? 0);
      out[i * SIDE + j] = sum;
    }
  }
  return out;
}

function edgesOf(grid: Float32Array): { alongX: Float32Array; alongY: Float32Array } {
  const alongX = new Float32Array(GRID * GRID);
  const alongY = new Float32Array(GRID * GRID);
  const last = GRID - 1;
  for (let i = 0; i < GRID; i++) {
    const [row, above, below] = [i * GRID, Math.max(0, i - 1) * GRID, Math.min(last, i + 1) * GRID];
    for (let j = 0; j < GRID; j++) {
      const right = grid[row + Math.min(last, j + 1)] ?? 0;
      alongX[row + j] = Math.sqrt(Math.abs(right - (grid[row + Math.max(0, j - 1)] ?? 0)));
      alongY[row + j] = Math.sqrt(Math.abs((grid[below + j] ?? 0) - (grid[above + j] ?? 0)));
    }
  }
  return { alongX, alongY };
}

export function spectrumOf(grid: Float32Array): Spectrum {
  const { alongX, alongY } = edgesOf(grid);
  return { luma: transformOf(grid), alongX: transformOf(alongX), alongY: transformOf(alongY) };
}

function frequency(at: number): number {
  return Math.floor(at / SIDE) ** 2 + (at % SIDE) ** 2;
}

/** Coefficients from the lowest frequency up, without the mean. */
const ORDER = Array.from({ length: SIDE * SIDE }, (_, at) => at)
  .sort((a, b) => frequency(a) - frequency(b) || a - b)
  .slice(1);

/** One coefficient of the turned picture: of a transposed one the axes are swapped, of a flipped one odd waves change sign. */
function turnedAt(values: Float64Array, at: number, turning: Turning): number {
  const i = Math.floor(at / SIDE);
  const j = at % SIDE;
  const value = values[turning.transposed ? j * SIDE + i : at] ?? 0;
  const flips = Number(turning.upDown && i % 2 === 1) + Number(turning.sideways && j % 2 === 1);
  return (flips + Number(turning.inverted)) % 2 === 1 ? -value : value;
}

function bitsOf(values: Float64Array, turning: Turning, count: number): boolean[] {
  const turned = ORDER.slice(0, count).map((at) => turnedAt(values, at, turning));
  const median = Float64Array.from(turned).sort()[(count - 1) >> 1] ?? 0;
  return turned.map((value) => value > median);
}

/** The view hash of a picture as it would be if it were turned so: 64 lowercase hex digits. */
export function viewHash({ luma, alongX, alongY }: Spectrum, turning: Turning): string {
  const edges = { ...turning, inverted: false };
  const [across, down] = turning.transposed ? [alongY, alongX] : [alongX, alongY];
  const bits = [
    bitsOf(luma, turning, LUMA_BITS),
    bitsOf(across, edges, EDGE_BITS),
    bitsOf(down, edges, EDGE_BITS),
  ].flat();
  let text = "";
  for (let at = 0; at < bits.length; at += 4) {
    const [a, b, c, d] = bits.slice(at, at + 4).map(Number);
    text += ((a ?? 0) * 8 + (b ?? 0) * 4 + (c ?? 0) * 2 + (d ?? 0)).toString(16);
  }
  return text;
}
