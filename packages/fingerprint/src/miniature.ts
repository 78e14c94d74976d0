import type { Pixels } from "./pdq.ts";

/** A small copy of a picture: its colours, and the running sums of its luma from which any box is averaged at once. */
export type Miniature = {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue from 0 to 255, row by row. */
  readonly colours: Float32Array;
  /** Luma summed over everything above and left: (width + 1) x (height + 1) values. */
  readonly sums: Float64Array;
};

const LONGEST_SIDE = 512;

/** First source pixel of each target pixel, and the end. */
function cuts(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to + 1 }, (_, at) => Math.floor((at * from) / to));
}

function averages(
  { data, width, height, channels, stride = width * channels }: Pixels,
  w: number,
  h: number,
): Float32Array {
  const colours = new Float32Array(w * h * 3);
  const [xs, ys] = [cuts(width, w), cuts(height, h)];
  const [green, blue] = channels === 1 ? [0, 0] : [1, 2];
  for (let y = 0; y < h; y++) {
    const top = ys[y] ?? 0;
    const bottom = ys[y + 1] ?? 0;
    for (let x = 0; x < w; x++) {
      const left = xs[x] ?? 0;
      const right = xs[x + 1] ?? 0;
      let r = 0;
      let g = 0;
      let b = 0;
      for (let j = top; j < bottom; j++) {
        for (let at = j * stride + left * channels, end = j * stride + right * channels; at < end; at += channels) {
          r += data[at] ?? 0;
          g += data[at + green] ?? 0;
          b += data[at + blue] ?? 0;
        }
      }
      const count = (right - left) * (bottom - top);
      const to = (y * w + x) * 3;
      colours[to] = r / count;
      colours[to + 1] = g / count;
      colours[to + 2] = b / count;
    }
  }
  return colours;
}

function lumaSums(colours: Float32Array, width: number, height: number): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0, at = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++, at += 3) {
      row += 0.299 * (colours[at] ?? 0) + 0.587 * (colours[at + 1] ?? 0) + 0.114 * (colours[at + 2] ?? 0);
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  return sums;
}

/** Makes the small copy, at most 512 pixels on its longer side. Takes pixels that `fingerprint` has accepted. */
export function miniatureOf(pixels: Pixels): Miniature {
  const shrink = Math.max(1, Math.max(pixels.width, pixels.height) / LONGEST_SIDE);
  const width = Math.max(1, Math.round(pixels.width / shrink));
  const height = Math.max(1, Math.round(pixels.height / shrink));
  const colours = averages(pixels, width, height);
  return { width, height, colours, sums: lumaSums(colours, width, height) };
}

/** Sum of the luma above and left of a point anywhere in the picture; points outside count as on the edge. */
export function sumAt({ sums, width, height }: Miniature, x: number, y: number): number {
  const inX = Math.min(width, Math.max(0, x));
  const inY = Math.min(height, Math.max(0, y));
  const column = Math.min(width - 1, Math.floor(inX));
  const row = Math.min(height - 1, Math.floor(inY));
  const at = row * (width + 1) + column;
  const fx = inX - column;
  const fy = inY - row;
  const above = (sums[at] ?? 0) * (1 - fx) + (sums[at + 1] ?? 0) * fx;
  const below = (sums[at + width + 1] ?? 0) * (1 - fx) + (sums[at + width + 2] ?? 0) * fx;
  return above * (1 - fy) + below * fy;
}
