import sharp from "sharp";
import type { Board } from "./board.ts";
import { takeUpload } from "./moderation.ts";

type Scene = {
  readonly title: string;
  readonly address: string;
  readonly seed: number;
  readonly colours: readonly string[];
};

const SCENES: readonly Scene[] = [
  {
    title: "아침 호수 · Morning lake",
    address: "morning-lake",
    seed: 11,
    colours: ["#f7d9b5", "#9cc3d8", "#3f6f5a", "#274b45", "#6fa6bd"],
  },
  {
    title: "저녁 산 · Evening hills",
    address: "evening-hills",
    seed: 23,
    colours: ["#f2a65a", "#8e5572", "#443850", "#2b2438", "#c97b63"],
  },
  {
    title: "봄 들판 · Spring field",
    address: "spring-field",
    seed: 37,
    colours: ["#cfe8f6", "#a5cf8b", "#5f9e4f", "#37733f", "#f0d36b"],
  },
];

/** Puts generated landscapes on an empty board. */
export async function addSamples(board: Board): Promise<void> {
  if (board.all().length > 0) return;
  for (const scene of SCENES) {
    const bytes = await drawLandscape(scene.seed, scene.colours);
    await takeUpload(board, "unlinked", { bytes, title: scene.title, address: scene.address });
  }
}

/** A landscape of hills, trees and a sun, different for each seed: JPEG, 1200 x 800. */
export function drawLandscape(seed: number, colours: readonly string[]): Promise<Buffer> {
  const next = chance(seed);
  const [sky = "#cde", ...hills] = colours;
  const ridges = hills.map((colour, at) => ridge(next, 260 + at * 130, colour));
  const sun = `<circle cx="${150 + next() * 900}" cy="${80 + next() * 140}" r="${40 + next() * 50}" fill="#fff3c4"/>`;
  const trees = Array.from({ length: 14 }, () => tree(next));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"><rect width="1200" height="800" fill="${sky}"/>${sun}${ridges.join("")}${trees.join("")}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}

function ridge(next: () => number, base: number, colour: string): string {
  const points = Array.from({ length: 9 }, (_, at) => `${at * 150},${base + (next() - 0.5) * 220}`);
  return `<polygon points="0,800 ${points.join(" ")} 1200,800" fill="${colour}"/>`;
}

function tree(next: () => number): string {
  const [x, y, size] = [next() * 1200, 480 + next() * 280, 30 + next() * 90];
  return `<polygon points="${x},${y - size} ${x - size / 3},${y} ${x + size / 3},${y}" fill="#1d3b2f"/>`;
}

/** Park and Miller's generator (1988): the same landscape from the same seed everywhere. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
