import type { Frame } from "./frame.ts";
import type { Miniature } from "./miniature.ts";

// Finds a picture that was turned by a small angle on a canvas of one colour: the wedges at its four sides tell the angle
// and where its edges were, also those that the canvas cut off.

const SAME_COLOUR = 12;
/** Deepest wedge that is looked at, as a share of the longer side: about 8 degrees. */
const DEEPEST = 0.14;
/** Slopes of less than half a degree or more than eight are not turned pictures. */
const LEAST_SLOPE = 0.008;
const MOST_SLOPE = 0.14;
const SAME_SLOPE = 0.01;

/** An edge as a line: how deep it lies at the middle of its side, and how much deeper with each step along. */
type Line = { readonly slope: number; readonly depth: number };
type DepthAt = (along: number, deep: number) => boolean;

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

type Point = { readonly along: number; readonly deep: number };

/** Where the canvas ends, for each step along a side; steps without any canvas or with nothing else are left out. */
function wedge(length: number, deepest: number, isCanvas: DepthAt): Point[] {
  const points: Point[] = [];
  for (let along = 0; along < length; along++) {
    let deep = 0;
    while (deep < deepest && isCanvas(along, deep)) deep++;
    if (deep > 1 && deep < deepest) points.push({ along, deep });
  }
  return points;
}

/** Straight line of least squares. */
function lineThrough(points: readonly Point[]): { slope: number; start: number } {
  const count = points.length;
  const along = points.reduce((sum, point) => sum + point.along, 0) / count;
  const deep = points.reduce((sum, point) => sum + point.deep, 0) / count;
  const spread = points.reduce((sum, point) => sum + (point.along - along) ** 2, 0);
  const slope = points.reduce((sum, point) => sum + (point.along - along) * (point.deep - deep), 0) / spread;
  return { slope, start: deep - slope * along };
}

/** The line through the wedge's inner edge, if most of its points lie on one. */
function edgeLine(length: number, deepest: number, isCanvas: DepthAt): Line | null {
  const points = wedge(length, deepest, isCanvas);
  if (points.length < length * 0.15) return null;
  const slopes = [points.length >> 2, points.length >> 1].flatMap((apart) =>
    points.slice(apart).flatMap((to, at) => {
      const from = points[at] ?? to;
      const run = to.along - from.along;
      return run < length * 0.05 ? [] : [(to.deep - from.deep) / run];
    }),
  );
  if (slopes.length < 5) return null;
  let line = { slope: middle(slopes), start: 0 };
  line.start = middle(points.map(({ along, deep }) => deep - line.slope * along));
  for (let round = 0; round < 3; round++) {
    const near = points.filter(({ along, deep }) => Math.abs(deep - line.slope * along - line.start) < 2 - round * 0.3);
    if (near.length < points.length * 0.5) return null;
    line = lineThrough(near);
  }
  return { slope: line.slope, depth: line.start + (line.slope * length) / 2 };
}

function canvasOf({ colours, width, height }: Miniature): ((x: number, y: number) => boolean) | null {
  const apart = (a: number, b: number) =>
    Math.max(...[0, 1, 2].map((c) => Math.abs((colours[a + c] ?? 0) - (colours[b + c] ?? 0))));
  const corners = [width - 1, (height - 1) * width, height * width - 1];
  if (corners.some((corner) => apart(corner * 3, 0) > SAME_COLOUR)) return null;
  return (x, y) => apart((y * width + x) * 3, 0) < SAME_COLOUR;
}

/** Half the distance between two opposite edges, from each to the middle; where one is not seen the other stands for it. */
function halves(first: number | null, second: number | null): [number, number] | null {
  if (first === null && second === null) return null;
  return [first ?? second ?? 0, second ?? first ?? 0];
}

/** The frame of the picture as it was before it was turned, or null when it was not. */
export function straightenedFrame(picture: Miniature): Frame | null {
  const { width, height } = picture;
  const isCanvas = canvasOf(picture);
  if (isCanvas === null) return null;
  const deepest = Math.round(DEEPEST * Math.max(width, height));
  const rows = Math.min(deepest, height >> 1);
  const columns = Math.min(deepest, width >> 1);
  const lines = [
    { line: edgeLine(width, rows, (x, deep) => isCanvas(x, deep)), sign: 1 },
    { line: edgeLine(width, rows, (x, deep) => isCanvas(x, height - 1 - deep)), sign: -1 },
    { line: edgeLine(height, columns, (y, deep) => isCanvas(deep, y)), sign: -1 },
    { line: edgeLine(height, columns, (y, deep) => isCanvas(width - 1 - deep, y)), sign: 1 },
  ];
  const slopes = lines.flatMap(({ line, sign }) => (line === null ? [] : [line.slope * sign]));
  const agreeing = slopes.filter((one) => Math.abs(one - middle(slopes)) < SAME_SLOPE);
  const slope = agreeing.reduce((sum, one) => sum + one, 0) / agreeing.length;
  if (agreeing.length < 3 || Math.abs(slope) < LEAST_SLOPE || Math.abs(slope) > MOST_SLOPE) return null;
  const angle = Math.atan(slope);
  const [top, bottom, left, right] = lines.map(({ line, sign }, at) => {
    if (line === null || Math.abs(line.slope * sign - slope) > SAME_SLOPE) return null;
    return ((at < 2 ? height : width) / 2 - line.depth) * Math.cos(angle);
  });
  const [down, across] = [halves(top ?? null, bottom ?? null), halves(left ?? null, right ?? null)];
  if (down === null || across === null) return null;
  return {
    left: 0.5 - across[0] / width,
    right: 0.5 + across[1] / width,
    top: 0.5 - down[0] / height,
    bottom: 0.5 + down[1] / height,
    degrees: (-angle * 180) / Math.PI,
  };
}
