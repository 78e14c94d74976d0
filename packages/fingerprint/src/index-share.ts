import type { Names } from "./index-names.ts";
import { MOST_READERS, openPart, serialOf } from "./index-part.ts";
import type { FingerprintIndex, IndexReader } from "./index-query.ts";
import { IndexRefusal } from "./index-refusal.ts";
import { partsOf } from "./index-state.ts";

/** What a reader in another thread needs; to be sent by `postMessage`. The memory itself is shared, not copied. */
export type SharedIndex = {
  readonly reader: number;
  readonly names: Names;
  readonly parts: readonly { readonly serial: number; readonly memory: WebAssembly.Memory }[];
};

/**
 * Shares an index with one reader in another thread. Adds are seen by the reader at once, withdrawals too; `send` is
 * called now and whenever parts were frozen or merged, and what it gets must reach the reader's `refreshShared`. Until
 * then the reader finds what it found before: an entry with a number for its id that is withdrawn in just that moment
 * is still found by it; one with a text is not.
 *
 * @returns stops the sending; the reader's place can then be taken by another
 * @throws {IndexRefusal} `INDEX_FULL` beyond 63 readers.
 */
export function shareIndex(index: FingerprintIndex, send: (shared: SharedIndex) => void): () => void {
  const { state } = index;
  const taken = new Set(state.watchers.values());
  let reader = 1;
  while (taken.has(reader)) reader++;
  if (reader >= MOST_READERS) throw new IndexRefusal("INDEX_FULL");
  const names = { places: state.names.places, texts: state.names.texts };
  const watcher = (): void =>
    send({ reader, names, parts: partsOf(state).map((part) => ({ serial: serialOf(part), memory: part.memory })) });
  state.watchers.set(watcher, reader);
  watcher();
  return () => void state.watchers.delete(watcher);
}

/** A reader of an index shared by another thread, for `lookup` and `lookupMany`. */
export function openShared(shared: SharedIndex): IndexReader {
  return { view: { names: shared.names, parts: shared.parts.map(({ memory }) => openPart(memory, shared.reader)) } };
}

/** Takes over what `shareIndex` sent later: new parts are opened, those that are gone dropped. */
export function refreshShared(reader: IndexReader, shared: SharedIndex): void {
  const known = new Map(reader.view.parts.map((part) => [serialOf(part), part]));
  const parts = shared.parts.map(({ serial, memory }) => known.get(serial) ?? openPart(memory, shared.reader));
  reader.view = { names: shared.names, parts };
}
