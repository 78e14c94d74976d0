import { type Frame, WHOLE } from "./frame.ts";
import type { Miniature } from "./miniature.ts";

// Finds what was put around a picture: borders, letterboxes, caption bars, the frame of an app. All have one flat colour
// behind text and signs, and end where many columns leave that colour for good on one and the same line.

/** Difference in a colour that a flat area shows after JPEG. */
const SAME_COLOUR = 10;
/** Share of a line that has the bar's colour: text and signs may cover the rest. */
const BAR_ROW = 0.5;
const BAR_COLUMN = 0.85;
/** Lines in a row, as a share of the height, that may lack it: a divider, a row of large signs. */
const GAP = 0.04;
/** Share of the columns that must leave the colour at once, and for how far, as a share of the height. */
const LEAVES = 0.15;
const FOR_GOOD = 0.02;
/** Least that must be left of the picture. */
const LEFT_OVER = 0.15;

/** The picture as lines to walk into from one side: line 0 is the outermost. */
type Side = { readonly lines: number; readonly length: number; indexOf(line: number, along: number): number };
type Edges = { left: number; top: number; right: number; bottom: number };

function sideOf(picture: Miniature, edges: Edges, side: keyof Edges): Side {
  const { width } = picture;
  const { left, top, right, bottom } = edges;
  const [across, down] = [right - left, bottom - top];
  if (side === "top") return { lines: down, length: across, indexOf: (i, k) => ((top + i) * width + left + k) * 3 };
  if (side === "bottom")
    return { lines: down, length: across, indexOf: (i, k) => ((bottom - 1 - i) * width + left + k) * 3 };
  if (side === "left") return { lines: across, length: down, indexOf: (i, k) => ((top + k) * width + left + i) * 3 };
  return { lines: across, length: down, indexOf: (i, k) => ((top + k) * width + right - 1 - i) * 3 };
}

/** The middle value of the outermost line, channel by channel. */
function outerColour({ colours }: Miniature, side: Side): number[] {
  return [0, 1, 2].map((channel) => {
    const values = Float32Array.from({ length: side.length }, (_, k) => colours[side.indexOf(0, k) + channel] ?? 0);
    return values.sort()[values.length >> 1] ?? 0;
  });
}

/** For each line, which of its points have a colour. */
function flatPoints({ colours }: Miniature, side: Side, colour: readonly number[]): (line: number) => Uint8Array {
  const isFlat = (at: number) => colour.every((value, c) => Math.abs((colours[at + c] ?? 0) - value) < SAME_COLOUR);
  const known: Uint8Array[] = [];
  return (line) => {
    known[line] ??= Uint8Array.from({ length: side.length }, (_, k) => Number(isFlat(side.indexOf(line, k))));
    return known[line] ?? new Uint8Array();
  };
}

function share(points: Uint8Array): number {
  let count = 0;
  for (const point of points) count += point;
  return count / points.length;
}

/** How many lines from outside look like a bar, gaps included. */
function barLines(flat: (line: number) => Uint8Array, lines: number, need: number, gap: number): number {
  let last = 0;
  for (let line = 0; line < lines && line - last <= gap; line++) if (share(flat(line)) >= need) last = line + 1;
  return last;
}

/** Points that have the bar's colour up to a line and lack it from there on, both for `reach` lines. */
function leaving(flat: (line: number) => Uint8Array, line: number, lines: number, reach: number): number {
  const before = Array.from({ length: Math.min(reach, line) }, (_, back) => flat(line - 1 - back));
  const after = Array.from({ length: Math.min(reach, lines - line) }, (_, on) => flat(line + on));
  let count = 0;
  for (let k = 0; k < flat(0).length; k++) {
    if (before.every((points) => points[k] === 1) && after.every((points) => points[k] === 0)) count++;
  }
  return count;
}

/** Lines of bar on one side: up to the innermost line where many points leave its colour; 0 for none. */
function barOn(picture: Miniature, edges: Edges, name: keyof Edges): number {
  const side = sideOf(picture, edges, name);
  if (side.lines < 8 || side.length < 8) return 0;
  const isRow = name === "top" || name === "bottom";
  const extent = isRow ? picture.height : picture.width;
  const flat = flatPoints(picture, side, outerColour(picture, side));
  const end = barLines(flat, side.lines, isRow ? BAR_ROW : BAR_COLUMN, isRow ? Math.round(GAP * extent) : 2);
  if (end === 0) return 0;
  const reach = Math.max(2, Math.round(FOR_GOOD * extent));
  const last = Math.min(end + 1, side.lines - 1);
  const counts = Array.from({ length: last }, (_, at) => leaving(flat, at + 1, side.lines, reach));
  const most = Math.max(...counts);
  if (most < LEAVES * side.length) return 0;
  return counts.findLastIndex((count) => count >= Math.max(most / 2, LEAVES * side.length)) + 1;
}

type Pair = readonly [keyof Edges, keyof Edges];

/** Whether the outer lines of one side, but for the last two, have the colour of the bar on another. */
function hasSameBar(picture: Miniature, edges: Edges, [seen, unseen]: Pair, lines: number): boolean {
  const side = sideOf(picture, edges, unseen);
  const flat = flatPoints(picture, side, outerColour(picture, sideOf(picture, edges, seen)));
  if (lines < 5 || lines > side.lines) return false;
  return Array.from({ length: lines - 2 }, (_, line) => flat(line)).every((points) => share(points) > 0.95);
}

/**
 * Trims two opposite sides. Where a letterbox is seen on one of them alone, since the picture has its colour on the other,
 * it is as wide there.
 */
function trimPair(
  picture: Miniature,
  edges: Edges,
  [first, second]: readonly ["left" | "top", "right" | "bottom"],
): Edges {
  const extent = first === "left" ? picture.width : picture.height;
  let [before, after] = [barOn(picture, edges, first), barOn(picture, edges, second)];
  if (before > 0 && after === 0 && hasSameBar(picture, edges, [first, second], before)) after = before;
  if (after > 0 && before === 0 && hasSameBar(picture, edges, [second, first], after)) before = after;
  const trimmed = { ...edges, [first]: edges[first] + before, [second]: edges[second] - after };
  return trimmed[second] - trimmed[first] > LEFT_OVER * extent ? trimmed : edges;
}

/** Where a border is seen on both sides of one direction and on one of the other, the fourth side has it too. */
function completeBorder({ width, height }: Miniature, edges: Edges): Edges {
  const { left, top } = edges;
  const [right, bottom] = [width - edges.right, height - edges.bottom];
  const both = (a: number, b: number) => a > 0 && b > 0 && Math.abs(a - b) <= 2;
  if (both(left, right) && (top === 0) !== (bottom === 0)) {
    return { ...edges, top: Math.max(top, bottom), bottom: height - Math.max(top, bottom) };
  }
  if (both(top, bottom) && (left === 0) !== (right === 0)) {
    return { ...edges, left: Math.max(left, right), right: width - Math.max(left, right) };
  }
  return edges;
}

/**
 * The picture within its bars and borders: none when there are none, else up to three frames, each within the one
 * before (a letterboxed picture in an app, a bar under a bar).
 */
export function trimmedFrames(picture: Miniature): Frame[] {
  const { width, height } = picture;
  const frames: Frame[] = [];
  let edges: Edges = { left: 0, top: 0, right: width, bottom: height };
  for (let round = 0; round < 3; round++) {
    const rows = trimPair(picture, edges, ["top", "bottom"]);
    const both = trimPair(picture, rows, ["left", "right"]);
    const next = round === 0 ? completeBorder(picture, both) : both;
    if (Object.entries(next).every(([side, at]) => edges[side as keyof Edges] === at)) break;
    edges = next;
    const { left, top, right, bottom } = edges;
    frames.push({ ...WHOLE, left: left / width, top: top / height, right: right / width, bottom: bottom / height });
  }
  return frames;
}
