import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FUZZ_RUNS, FUZZ_TIMEOUT } from "../../../setup/fuzz-runs.ts";
import {
  bundlePath,
  noteKey,
  readBundle,
  readCheckpoint,
  readCosignature,
  readKey,
  readLogProof,
  readNote,
  readTilePath,
  tilePath,
  writeBundle,
  writeCheckpoint,
  writeCosignature,
  writeKey,
  writeLogProof,
  writeNote,
} from "../src/index.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const key = noteKey(sha256, "log.example", "log", new Uint8Array(32).fill(7));
const checkpoint = writeCheckpoint({ origin: "log.example", size: 70_000, root: sha256(Uint8Array.of(1)) });
const { name, id } = key;
const note = writeNote({ text: checkpoint, signatures: [{ name, id, signature: new Uint8Array(64).fill(3) }] });
const proof = writeLogProof({
  index: 5,
  hashes: [sha256(Uint8Array.of(2)), sha256(Uint8Array.of(3))],
  checkpoint: note,
});

/** Pieces that such texts are made of, or nearly. */
const PIECES = [
  "\n",
  "\n\n",
  "— ",
  "+",
  " ",
  "index ",
  "extra x\n",
  "0",
  "-1",
  "9007199254740993",
  "=",
  "\ud800",
  "\0",
  "\r",
  "한",
];

/** A text that was right, with bits cut out, doubled and put in; or any text at all. */
function damaged(right: string): fc.Arbitrary<string> {
  const edit = fc.tuple(
    fc.nat(),
    fc.nat(40),
    fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 4 })),
  );
  const edited = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce((text, [where, length, piece]) => {
      const at = where % (text.length + 1);
      return text.slice(0, at) + piece + text.slice(at + (where % 3 === 0 ? length : 0));
    }, right),
  );
  return fc.oneof({ weight: 5, arbitrary: edited }, fc.string({ unit: "binary", maxLength: 300 }));
}

/** What is read at all is written again as it was: there is no second way of saying the same. */
function readsOneWay<T>(right: string, read: (text: string) => T | null, write: (value: T) => string): void {
  expect(write(read(right) as T)).toBe(right);
  fc.assert(
    fc.property(damaged(right), (text) => {
      const value = read(text);
      if (value !== null) expect(read(write(value))).toEqual(value);
    }),
    { seed: 11, numRuns: FUZZ_RUNS },
  );
}

describe("damaged texts of the log are read as what they say or not at all", () => {
  test("signed notes", () => readsOneWay(note, readNote, writeNote), FUZZ_TIMEOUT);
  test("keys", () => readsOneWay(writeKey(key), (text) => readKey(sha256, text), writeKey), FUZZ_TIMEOUT);
  test("checkpoints", () => readsOneWay(checkpoint, readCheckpoint, writeCheckpoint), FUZZ_TIMEOUT);
  test("proofs", () => readsOneWay(proof, readLogProof, writeLogProof), FUZZ_TIMEOUT);
  test(
    "paths of tiles",
    () => {
      const write = (tile: NonNullable<ReturnType<typeof readTilePath>>) =>
        tile.what === "entries" ? bundlePath(tile) : tilePath(tile);
      readsOneWay("tile/2/x001/x234/067.p/5", readTilePath, write);
      readsOneWay("tile/entries/x001/067", readTilePath, write);
    },
    FUZZ_TIMEOUT,
  );
});

test(
  "damaged bundles and cosignatures too",
  () => {
    const right = [
      writeBundle([Uint8Array.of(1, 2), new Uint8Array(300), new Uint8Array()]),
      writeCosignature(1_795_000_000, new Uint8Array(64)),
    ];
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.tuple(fc.constantFrom(...right), edits, fc.nat()).map(([whole, changes, end]) => {
        const copy = Uint8Array.from(whole);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return end % 3 === 0 ? copy.slice(0, end % (copy.length + 1)) : copy;
      }),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        const leaves = readBundle(given);
        if (leaves !== null) expect(writeBundle(leaves)).toEqual(given);
        const cosignature = readCosignature(given);
        if (cosignature !== null) expect(writeCosignature(cosignature.seconds, cosignature.signature)).toEqual(given);
      }),
      { seed: 12, numRuns: FUZZ_RUNS },
    );
  },
  FUZZ_TIMEOUT,
);
