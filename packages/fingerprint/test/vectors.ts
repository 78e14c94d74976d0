import { readFile } from "node:fs/promises";
import sharp from "sharp";
import type { Pixels, Turn } from "../src/pdq.ts";

export const VECTORS = new URL("../../../vectors/pdq/", import.meta.url);

export type Vector = {
  file: string;
  pdq: string;
  quality: number;
  dihedral: Record<Turn, string>;
  degenerate: boolean;
};

export async function readVectors(): Promise<Vector[]> {
  const text = await readFile(new URL("vectors.json", VECTORS), "utf8");
  return (JSON.parse(text) as { vectors: Vector[] }).vectors;
}

export async function readPixels(file: string): Promise<Pixels> {
  const { data, info } = await sharp(new URL(file, VECTORS).pathname).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as 1 | 3 | 4 };
}
