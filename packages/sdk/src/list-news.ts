import { type Draft, draftFrom, type ListState, settle, takeChange, takeErased, takePut } from "./list-state.ts";
import { JikimRefusal } from "./refusal.ts";
import { readAllSigned, readSigned, serviceKeyOf } from "./verify.ts";
import {
  type ChangesPage,
  type ErasedChange,
  type ListChange,
  type ListHead,
  listChangeSchema,
  listHeadSchema,
  type Signed,
  type SnapshotPage,
} from "./wire.ts";

/** Where pages come from. */
export type ListSource = {
  /** The signed puts in force after a number. */
  snapshot(after: number): Promise<SnapshotPage>;
  /** Every change after a number. */
  changes(after: number): Promise<ChangesPage>;
};

/** Whom to believe, at what moment (milliseconds since 1970). */
export type Trust = { readonly root: string; readonly now: number };

/** What proves a state: kept with it, so that it can be verified again after a restart. */
export type Proof = { readonly certificate: Signed; readonly head: Signed };

/** A verified step of the list. `changes` are the exact texts of the chain; null when the list was read whole. */
export type News = {
  readonly state: ListState;
  readonly draft: Draft;
  readonly proof: Proof;
  readonly changes: readonly (string | ErasedChange)[] | null;
};

/** Entries worked on before other work of the process gets its turn. */
export const BATCH = 64;

/**
 * What happened since `state`, verified to the last bit; from nothing, the whole list. Nothing changes before it returns.
 *
 * @throws {JikimRefusal} any `LIST_…` code, `SIGNATURE_REFUSED`, `CERTIFICATE_REFUSED`, and those of the source.
 */
export async function readNews(source: ListSource, trust: Trust, state: ListState | null): Promise<News> {
  if (state !== null) return readChanges(source, trust, draftFrom(state));
  const draft = await readSnapshot(source, trust);
  return { ...(await readChanges(source, trust, draft)), changes: null };
}

/**
 * Reads the snapshot up to the head of its first page. The list may move while later pages are read: what was put since is left
 * out here, what was withdrawn since may be missing, and the changes after that head make both right.
 */
async function readSnapshot(source: ListSource, trust: Trust): Promise<Draft> {
  const draft = draftFrom(null);
  let first: ListHead | null = null;
  let after: number | null = 0;
  while (after !== null) {
    const page: SnapshotPage = await source.snapshot(after);
    const { key, head } = openPage(page, trust);
    first ??= head;
    if (head.number < first.number) throw new JikimRefusal("LIST_REWOUND");
    for (let from = 0; from < page.puts.length; from += BATCH) {
      const some = page.puts.slice(from, from + BATCH);
      const puts = await readAllSigned("list-change", some, key, listChangeSchema);
      for (const [at, put] of puts.entries()) {
        after = takeInOrder(draft, { put, payload: some[at]?.payload ?? "", after, upTo: first.number });
      }
    }
    if (page.next !== null && page.puts.length === 0) throw new JikimRefusal("BAD_ANSWER");
    if (page.next === null) after = null;
  }
  draft.number = first?.number ?? 0;
  draft.digest = first?.digest ?? draft.digest;
  return draft;
}

type Put = { readonly put: ListChange; readonly payload: string; readonly after: number; readonly upTo: number };

function takeInOrder(draft: Draft, { put, payload, after, upTo }: Put): number {
  const { number, change } = put;
  if (change.kind !== "put") throw new JikimRefusal("BAD_ANSWER");
  if (number <= after) throw new JikimRefusal("LIST_REPLAYED");
  if (number <= upTo) takePut(draft, payload, change.entry.id);
  return number;
}

async function readChanges(source: ListSource, trust: Trust, draft: Draft): Promise<News> {
  const changes: (string | ErasedChange)[] = [];
  for (;;) {
    const page = await source.changes(draft.number);
    const { key, head } = openPage(page, trust);
    if (head.number < draft.number) throw new JikimRefusal("LIST_REWOUND");
    for (const [at, change] of page.changes.entries()) {
      if (at % BATCH === BATCH - 1) await breathe();
      if ("digest" in change) takeErased(draft, change);
      else takeChange(draft, change.payload, readSigned("list-change", change, key, listChangeSchema));
      changes.push("digest" in change ? change : change.payload);
    }
    if (draft.number >= head.number) {
      const proof = { certificate: page.certificate, head: page.head };
      return { state: settle(draft, head), draft, proof, changes };
    }
    if (page.changes.length === 0) throw new JikimRefusal("LIST_TRUNCATED");
  }
}

/** The key that a page is signed with and its head. @throws {JikimRefusal} `CERTIFICATE_REFUSED`, `SIGNATURE_REFUSED`. */
export function openPage(page: Proof, { root, now }: Trust): { readonly key: string; readonly head: ListHead } {
  const key = serviceKeyOf(page.certificate, root, now);
  return { key, head: readSigned("list-head", page.head, key, listHeadSchema) };
}

export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
