import type { PackedFile } from "./open.ts";
import type { PackPart } from "./write.ts";

/** Exhibits of a delivery pack are numbered from 1. */
const MOST_EXHIBITS = 9999;

/**
 * Where a file of a pack of its own stands when that pack is an exhibit in another one: `data/x` under `data/exhibits/N/x`, its seal under
 * `data/exhibits/N/seal/`. Null for what is not taken along: the lists and README of the inner bag, and exhibits within exhibits.
 */
export function exhibitPath(number: number, path: string): string | null {
  if (!Number.isInteger(number) || number < 1 || number > MOST_EXHIBITS)
    throw new RangeError("not a number of an exhibit");
  const [first, second] = path.split("/");
  if (first === "seal") return `data/exhibits/${number}/${path}`;
  const isNested = second === "exhibits" || second === "seal";
  return first === "data" && !isNested ? `data/exhibits/${number}/${path.slice("data/".length)}` : null;
}

/** A file that was read out of a pack as a part of another; null when it is not taken along. @param content  all of its bytes. */
export function exhibitPart(number: number, path: string, content: Uint8Array, type: string): PackPart | null {
  const inside = exhibitPath(number, path);
  if (inside === null) return null;
  return {
    path: inside,
    type,
    async *read() {
      yield content;
    },
  };
}

/** What of a path belongs to an exhibit: its number and the path inside its own pack. */
export function exhibitOf(path: PackedFile["path"]): { readonly number: number; readonly path: string } | null {
  const [, digits, rest = ""] = /^data\/exhibits\/([1-9]\d{0,3})\/(.+)$/.exec(path) ?? [];
  if (digits === undefined) return null;
  return { number: Number(digits), path: rest.startsWith("seal/") ? rest : `data/${rest}` };
}
