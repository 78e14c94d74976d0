import { type Miniature, sumAt } from "./miniature.ts";

/** A part of a picture: its edges as shares of width and height, turned clockwise by degrees about the centre. */
export type Frame = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly degrees: number;
};

export const WHOLE: Frame = { left: 0, top: 0, right: 1, bottom: 1, degrees: 0 };

/** A frame within a frame. */
export function frameWithin(outer: Frame, inner: Frame): Frame {
  const [width, height] = [outer.right - outer.left, outer.bottom - outer.top];
  return {
    left: outer.left + inner.left * width,
    right: outer.left + inner.right * width,
    top: outer.top + inner.top * height,
    bottom: outer.top + inner.bottom * height,
    degrees: outer.degrees,
  };
}

export const GRID = 64;

function uprightGrid(picture: Miniature, frame: Frame): Float32Array {
  const grid = new Float32Array(GRID * GRID);
  const cellWidth = ((frame.right - frame.left) * picture.width) / GRID;
  const cellHeight = ((frame.bottom - frame.top) * picture.height) / GRID;
  const [x0, y0] = [frame.left * picture.width, frame.top * picture.height];
  const rowOf = (i: number) => {
    const row = new Float64Array(GRID + 1);
    for (let j = 0; j <= GRID; j++) row[j] = sumAt(picture, x0 + j * cellWidth, y0 + i * cellHeight);
    return row;
  };
  let above = rowOf(0);
  for (let i = 0; i < GRID; i++) {
    const below = rowOf(i + 1);
    for (let j = 0; j < GRID; j++) {
      const sum = (below[j + 1] ?? 0) - (below[j] ?? 0) - (above[j + 1] ?? 0) + (above[j] ?? 0);
      grid[i * GRID + j] = sum / (cellWidth * cellHeight);
    }
    above = below;
  }
  return grid;
}

/** Mean luma of an upright box about a point; a box that would leave the picture is moved back to its edge. */
function boxMean(picture: Miniature, x: number, y: number, cell: { width: number; height: number }): number {
  const left = Math.min(picture.width - cell.width, Math.max(0, x - cell.width / 2));
  const top = Math.min(picture.height - cell.height, Math.max(0, y - cell.height / 2));
  const right = left + cell.width;
  const bottom = top + cell.height;
  const sum = sumAt(picture, right, bottom) - sumAt(picture, left, bottom) - sumAt(picture, right, top);
  return (sum + sumAt(picture, left, top)) / (cell.width * cell.height);
}

function turnedGrid(picture: Miniature, frame: Frame): Float32Array {
  const grid = new Float32Array(GRID * GRID);
  const angle = (frame.degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleX, middleY] = [picture.width / 2, picture.height / 2];
  const width = ((frame.right - frame.left) * picture.width) / GRID;
  const height = ((frame.bottom - frame.top) * picture.height) / GRID;
  const cell = { width, height };
  for (let i = 0; i < GRID; i++) {
    for (let j = 0; j < GRID; j++) {
      const dx = frame.left * picture.width + (j + 0.5) * width - middleX;
      const dy = frame.top * picture.height + (i + 0.5) * height - middleY;
      grid[i * GRID + j] = boxMean(picture, middleX + cos * dx + sin * dy, middleY - sin * dx + cos * dy, cell);
    }
  }
  return grid;
}

/** Mean luma of a frame in 64 x 64 cells. */
export function gridOf(picture: Miniature, frame: Frame): Float32Array {
  return frame.degrees === 0 ? uprightGrid(picture, frame) : turnedGrid(picture, frame);
}

/** PDQ's quality of 64 x 64 cells, 0 to 100. */
export function gridQuality(grid: Float32Array): number {
  let sum = 0;
  const step = (u: number, v: number) => Math.abs(Math.trunc(((u - v) * 100) / 255));
  for (let i = 0; i < GRID; i++) {
    for (let j = 0; j < GRID; j++) {
      const here = grid[i * GRID + j] ?? 0;
      if (i + 1 < GRID) sum += step(here, grid[i * GRID + GRID + j] ?? 0);
      if (j + 1 < GRID) sum += step(here, grid[i * GRID + j + 1] ?? 0);
    }
  }
  return Math.min(100, Math.floor(sum / 90));
}
