import { add, addAll, createIndex, loadIndex, lookup, saveIndex, sizeOf, withdraw } from "../../src/index.ts";

/** Builds, changes, saves, loads and asks an index in the page; what comes of it is compared with Node. */
function answer(words: readonly number[], queries: readonly string[]): string {
  const hashes = new Uint8Array(Uint32Array.from(words).buffer);
  const index = createIndex();
  addAll(
    index,
    hashes,
    Array.from({ length: hashes.length / 32 }, (_, row) => (row % 2 === 0 ? row : `entry-${row}`)),
  );
  for (const [row, hex] of queries.entries()) add(index, `late-${row}`, hex);
  withdraw(index, "late-1");
  const chunks: Uint8Array[] = [];
  for (const chunk of saveIndex(index)) chunks.push(Uint8Array.from(chunk));
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  let at = 0;
  const { index: loaded } = loadIndex((into) => {
    const part = bytes.subarray(at, at + into.length);
    into.set(part);
    at += part.length;
    return part.length;
  });
  return JSON.stringify({ size: sizeOf(loaded), matches: queries.map((hex) => lookup(loaded, hex)) });
}

Object.assign(globalThis, { answer });
