import { sourceOf } from "./index-freeze.ts";
import { HASH_BYTES } from "./index-hex.ts";
import { appendRow, isDead, type Part, takeRows } from "./index-part.ts";
import { afterAdd, freezeNow, type IndexState } from "./index-state.ts";

/** Bytes `from` to `to` of a part's memory. */
export type Span = { readonly from: number; readonly to: number };

/** A part as it was read from a snapshot. */
export type ReadPart = {
  readonly rows: number;
  readonly damaged: readonly Span[];
  /** Tells owners whose id is lost; null when no names were damaged. */
  readonly isNameless: ((owner: number) => boolean) | null;
};

export type Adopted = { readonly setAside: number; readonly rebuilt: number };

function overlaps(span: Span, from: number, to: number): boolean {
  return span.from < to && from < span.to;
}

/** Rows any of whose bytes, or whose mark of being withdrawn, lie in a damaged span. */
function lostRows(part: Part, read: ReadPart): Set<number> {
  const { hashesAt, ownersAt, deadAt } = part.layout;
  const lost = new Set<number>();
  for (const span of read.damaged) {
    const columns = [
      { at: hashesAt, bytes: HASH_BYTES, end: hashesAt + read.rows * HASH_BYTES },
      { at: ownersAt, bytes: 4, end: ownersAt + read.rows * 4 },
      { at: deadAt, bytes: 1 / 8, end: deadAt + read.rows / 8 },
    ];
    for (const { at, bytes, end } of columns) {
      if (!overlaps(span, at, end)) continue;
      const first = Math.max(0, Math.floor((span.from - at) / bytes));
      const last = Math.min(read.rows, Math.ceil((span.to - at) / bytes));
      for (let row = first; row < last; row++) lost.add(row);
    }
  }
  return lost;
}

function appendAll(state: IndexState, part: Part, rows: number, lost: Set<number>): void {
  const { hashesAt, ownersAt } = part.layout;
  for (let row = 0; row < rows; row++) {
    if (lost.has(row) || isDead(part, row)) continue;
    const at = hashesAt + row * HASH_BYTES;
    appendRow(state.growing, part.bytes.subarray(at, at + HASH_BYTES), part.words[ownersAt / 4 + row] ?? 0);
    afterAdd(state);
  }
}

/** Takes a part into an index; of a damaged one, the rows that are whole. */
export function adoptPart(state: IndexState, part: Part, read: ReadPart): Adopted {
  const lost = lostRows(part, read);
  const ownersAt = part.layout.ownersAt / 4;
  if (read.isNameless !== null) {
    for (let row = 0; row < read.rows; row++) {
      if (!lost.has(row) && !isDead(part, row) && read.isNameless(part.words[ownersAt + row] ?? 0)) lost.add(row);
    }
  }
  if (part.kind === "growing") {
    appendAll(state, part, read.rows, lost);
    return { setAside: lost.size, rebuilt: 0 };
  }
  takeRows(part, read.rows);
  if (read.damaged.length === 0 && lost.size === 0) {
    state.settled.push(part);
    return { setAside: 0, rebuilt: 0 };
  }
  const rows = sourceOf(part);
  freezeNow(state, { ...rows, isDead: (row) => lost.has(row) || rows.isDead(row) });
  return { setAside: lost.size, rebuilt: 1 };
}
