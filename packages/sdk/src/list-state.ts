import { digestOf, ZEROS } from "./digest.ts";
import { addToSum, emptySum, sumText, takeFromSum } from "./list-sum.ts";
import { JikimRefusal } from "./refusal.ts";
import { type Entry, type ErasedChange, type ListChange, type ListHead, listChangeSchema } from "./wire.ts";

/** The list as last verified against a signed head. */
export type ListState = {
  readonly number: number;
  readonly digest: string;
  /** When the head was signed, milliseconds since 1970. */
  readonly at: number;
  readonly sum: Uint8Array;
  /** Entry id to the exact text that put it: the smallest form, and what the sum is made of. */
  readonly held: Map<string, string>;
};

/** News on the way to be verified: nothing of it counts before `settle`. */
export type Draft = {
  number: number;
  digest: string;
  active: number;
  readonly sum: Uint8Array;
  readonly before: ReadonlyMap<string, string>;
  /** Entry id to the text that puts it now, or null when it is withdrawn. */
  readonly touched: Map<string, string | null>;
  readonly withdrawn: { readonly entryId: string; readonly number: number }[];
};

export function draftFrom(state: ListState | null): Draft {
  return {
    number: state?.number ?? 0,
    digest: state?.digest ?? ZEROS,
    active: state?.held.size ?? 0,
    sum: state?.sum.slice() ?? emptySum(),
    before: state?.held ?? new Map(),
    touched: new Map(),
    withdrawn: [],
  };
}

/** A put of a snapshot, which has no chain: order and the head's sum hold it together. @throws {JikimRefusal} `LIST_REPLAYED`. */
export function takePut(draft: Draft, payload: string, entryId: string): void {
  if (current(draft, entryId) !== null) throw new JikimRefusal("LIST_REPLAYED");
  place(draft, entryId, payload);
}

/** The next change of the chain. @throws {JikimRefusal} `LIST_REPLAYED`, `LIST_GAP`, `LIST_FORKED`. */
export function takeChange(draft: Draft, payload: string, { number, previous, change }: ListChange): void {
  checkNumber(draft, number);
  if (previous !== draft.digest) throw new JikimRefusal("LIST_FORKED");
  draft.number = number;
  draft.digest = digestOf(payload);
  if (change.kind === "put") place(draft, change.entry.id, payload);
  else {
    place(draft, change.entryId, null);
    draft.withdrawn.push({ entryId: change.entryId, number });
  }
}

/** A change whose text is gone. What it did not say is told by a later change, or the sum will not come out. */
export function takeErased(draft: Draft, { number, digest }: ErasedChange): void {
  checkNumber(draft, number);
  draft.number = number;
  draft.digest = digest;
}

/**
 * The draft as the new state, when it is what the head sums up.
 *
 * @throws {JikimRefusal} `LIST_FORKED` when the chain ends elsewhere, `LIST_ALTERED` when the entries are not the ones.
 */
export function settle(draft: Draft, head: ListHead): ListState {
  if (draft.number !== head.number || draft.digest !== head.digest) throw new JikimRefusal("LIST_FORKED");
  if (draft.active !== head.active || sumText(draft.sum) !== head.sum) throw new JikimRefusal("LIST_ALTERED");
  const held = new Map(draft.before);
  for (const [entryId, payload] of draft.touched) {
    if (payload === null) held.delete(entryId);
    else held.set(entryId, payload);
  }
  return { number: draft.number, digest: draft.digest, at: Date.parse(head.at), sum: draft.sum, held };
}

/** The entry that a verified put holds. */
export function entryOf(payload: string): Entry {
  const { change } = listChangeSchema.parse(JSON.parse(payload));
  if (change.kind !== "put") throw new Error("not a put: only puts are held");
  return change.entry;
}

function checkNumber(draft: Draft, number: number): void {
  if (number <= draft.number) throw new JikimRefusal("LIST_REPLAYED");
  if (number > draft.number + 1) throw new JikimRefusal("LIST_GAP");
}

function current(draft: Draft, entryId: string): string | null {
  const touched = draft.touched.get(entryId);
  return touched === undefined ? (draft.before.get(entryId) ?? null) : touched;
}

function place(draft: Draft, entryId: string, payload: string | null): void {
  const old = current(draft, entryId);
  if (old !== null) takeFromSum(draft.sum, digestOf(old));
  if (payload !== null) addToSum(draft.sum, digestOf(payload));
  draft.active += Number(payload !== null) - Number(old !== null);
  draft.touched.set(entryId, payload);
}
