import {
  add,
  createIndex,
  type FingerprintIndex,
  IndexRefusal,
  MIN_QUALITY,
  sizeOf,
  withdraw,
} from "@jikim/fingerprint";
import { type Connection, get } from "./connection.ts";
import { BATCH, breathe, type ListSource, type News, readNews } from "./list-news.ts";
import { loadList, saveStep, saveWhole } from "./list-record.ts";
import { entryOf, type ListState } from "./list-state.ts";
import { asRefusal } from "./refusal.ts";
import type { Store } from "./store.ts";
import { changesPageSchema, type Entry, snapshotPageSchema } from "./wire.ts";

/** The list as it is followed: what matching reads, and the steps that keep it up to date. */
export type FollowedList = {
  readonly index: FingerprintIndex;
  /** The last good state; null before the first. */
  state(): ListState | null;
  entry(entryId: string): Entry | null;
  /** Fingerprints of the list that cannot be matched: of too plain pictures. */
  unmatchable(): number;
  fingerprints(): number;
  /** Takes up what was stored. @throws {JikimRefusal} `STORE_DAMAGED`. */
  load(): Promise<void>;
  /** Reads news and puts them in force at once. @throws {JikimRefusal} whatever the centre or the store did wrong. */
  sync(): Promise<void>;
};

/** A step of the list that is in force already; entry ids. */
export type ListStep = {
  /** New, or put anew because the effect changed. */
  readonly put: readonly string[];
  readonly withdrawn: readonly { readonly entryId: string; readonly number: number }[];
};

/** Steps kept one by one before the stored list is written whole again. */
const MOST_STEPS = 500;
const PAGE = 2000;

export function httpSource(connection: Connection): ListSource {
  return {
    snapshot: (after) =>
      get(connection, `/api/platform/list/snapshot?after=${after}&limit=${PAGE}`, snapshotPageSchema),
    changes: (after) => get(connection, `/api/platform/list/changes?after=${after}`, changesPageSchema),
  };
}

type Origin = { readonly source: ListSource; readonly root: string; readonly store: Store; readonly now: () => number };

/** @param onStep  awaited before the step is stored, so that a crash makes it come again and nothing of it is forgotten. */
export function createList(origin: Origin, onStep: (step: ListStep) => Promise<void>): FollowedList {
  const index = createIndex();
  const unmatchable = new Map<string, number>();
  let state: ListState | null = null;
  let stepsStored: number | null = null;
  let untold: ListStep[] = [];

  const takeOut = (entryId: string): void => {
    withdraw(index, entryId);
    unmatchable.delete(entryId);
  };
  const putIn = (entry: Entry): void => {
    takeOut(entry.id);
    const left = entry.fingerprints.filter(
      (each) => each.quality < MIN_QUALITY || !isAdded(index, entry.id, each.value),
    );
    if (left.length > 0) unmatchable.set(entry.id, left.length);
  };

  const takeEffect = async ({ draft, state: next }: News): Promise<void> => {
    state = next;
    const put: string[] = [];
    for (const [entryId, payload] of draft.touched) {
      if (payload === null) takeOut(entryId);
      else {
        if (put.length % BATCH === BATCH - 1) await breathe();
        putIn(entryOf(payload));
        put.push(entryId);
      }
    }
    if (draft.touched.size > 0 || draft.withdrawn.length > 0) untold.push({ put, withdrawn: draft.withdrawn });
  };

  /** A step that could not be told comes again, before the state behind it is stored. */
  const tell = async (): Promise<void> => {
    for (const step of untold) await onStep(step);
    untold = [];
  };

  const keep = async (news: News): Promise<void> => {
    const whole = news.changes === null || stepsStored === null || stepsStored >= MOST_STEPS;
    if (whole) await saveWhole(origin.store, news.state, news.proof);
    else if (news.changes.length > 0) await saveStep(origin.store, news);
    stepsStored = whole ? 0 : (stepsStored ?? 0) + Number(news.changes.length > 0);
  };

  return {
    index,
    state: () => state,
    entry: (entryId) => {
      const payload = state?.held.get(entryId);
      return payload === undefined ? null : entryOf(payload);
    },
    unmatchable: () => [...unmatchable.values()].reduce((sum, count) => sum + count, 0),
    fingerprints: () => sizeOf(index),
    async load() {
      const stored = await loadList(origin.store, origin.root);
      if (stored === null) return;
      let at = 0;
      for (const payload of stored.held.values()) {
        if (++at % BATCH === 0) await breathe();
        putIn(entryOf(payload));
      }
      state = stored;
      stepsStored = MOST_STEPS;
    },
    async sync() {
      const news = await readNews(origin.source, { root: origin.root, now: origin.now() }, state);
      await takeEffect(news);
      try {
        await tell();
        await keep(news);
      } catch (failure) {
        stepsStored = null;
        throw asRefusal(failure, "STORE_FAILED");
      }
    },
  };
}

/** A blank picture's fingerprint is no reason to lose the list. */
function isAdded(index: FingerprintIndex, entryId: string, value: string): boolean {
  try {
    add(index, entryId, value);
    return true;
  } catch (failure) {
    if (failure instanceof IndexRefusal && failure.code === "TOO_PLAIN") return false;
    throw failure;
  }
}
