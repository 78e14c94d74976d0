import { createDesk, DESK_BYTES, type Desk } from "./index-desk.ts";
import { HASH_BYTES } from "./index-hex.ts";
import { createNames, dropNamesIn, idOf, type NameBook, rereadNames, reserveNames } from "./index-names.ts";
import { createPart, GROWING_ROWS, MOST_ROWS, type Part, type PartKind, rowsIn } from "./index-part.ts";
import type { FingerprintIndex } from "./index-query.ts";
import { IndexRefusal } from "./index-refusal.ts";
import { adoptPart, type Span } from "./index-salvage.ts";
import { createState, type IndexState, partsOf } from "./index-state.ts";

// A snapshot: a head of 32-bit words (below), then the names and the parts as they lie in memory, in blocks of up to a
// mebibyte, each followed by its checksum. So it loads about as fast as it is read, and damage costs one block's rows.
//
// Head: magic (2 words), version, bytes of the head, checksum of the rest of the head (2 words), parts, names, end of the
// names' texts, then for each part its kind (0 frozen, 1 growing), its room and its rows.

const MAGIC = [0x494b494a, 0x5844494d]; // "JIKIMIDX"
const VERSION = 1;
const HEAD_WORDS = 16;
const PART_WORDS = 3;
const MOST_PARTS = 4096;
const BLOCK = DESK_BYTES;
const CHECKSUM_BYTES = 8;

/** What came of a snapshot: the index, and what damage cost. */
export type Loaded = {
  readonly index: FingerprintIndex;
  /** Fingerprints that stood in damaged blocks and are not in the index. */
  readonly setAside: number;
  /** Parts whose buckets had to be built again. */
  readonly rebuilt: number;
};

/** Fills the array as far as there is something left, and returns how many bytes it wrote. */
export type ReadInto = (into: Uint8Array) => number;

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

type Section = { readonly bytes: Uint8Array; readonly from: number; readonly to: number };

/** What is kept of a part: all of a frozen one; of a growing one the rows, whose chains are made anew. */
function sectionsOf(part: Part, rows: number): Section[] {
  const { bytes, layout } = part;
  const { hashesAt, ownersAt, deadAt, end } = layout;
  if (part.kind === "frozen") return [{ bytes, from: hashesAt, to: end }];
  return [
    { bytes, from: hashesAt, to: hashesAt + roundUp(rows * HASH_BYTES) },
    { bytes, from: ownersAt, to: ownersAt + roundUp(rows * 4) },
    { bytes, from: deadAt, to: deadAt + roundUp(rows / 8) },
  ];
}

function sectionsOfNames(names: NameBook): Section[] {
  const places = new Uint8Array(names.places.buffer);
  const texts = new Uint8Array(names.texts.buffer);
  return [
    { bytes: places, from: 0, to: Math.min(places.length, roundUp(names.count * 4)) },
    { bytes: texts, from: 0, to: Math.min(texts.length, roundUp(names.end)) },
  ];
}

function writeHead(desk: Desk, names: NameBook, parts: readonly Part[]): number {
  const length = roundUp((HEAD_WORDS + parts.length * PART_WORDS) * 4);
  const body = desk.words.subarray(0, length / 4).fill(0);
  body.set([parts.length, names.count, names.end], 6);
  parts.forEach((part, at) => {
    body.set([part.kind === "growing" ? 1 : 0, part.layout.rows, rowsIn(part)], HEAD_WORDS + at * PART_WORDS);
  });
  const sum = desk.sum(length);
  body.set([...MAGIC, VERSION, length, Number(BigInt.asUintN(32, sum)), Number(BigInt.asUintN(32, sum >> 32n))]);
  return length;
}

/**
 * The snapshot of an index as chunks to be written one after another; each is used again for the next. It holds what the
 * index held when it began; the index may go on being used between chunks.
 */
export function* saveIndex(index: FingerprintIndex): Generator<Uint8Array> {
  const desk = createDesk();
  const { names } = index.state;
  const parts = partsOf(index.state);
  const sections = [...sectionsOfNames(names), ...parts.flatMap((part) => sectionsOf(part, rowsIn(part)))];
  yield desk.bytes.subarray(0, writeHead(desk, names, parts));
  for (const { bytes, from, to } of sections) {
    for (let at = from; at < to; at += BLOCK) {
      const length = Math.min(BLOCK, to - at);
      desk.bytes.set(bytes.subarray(at, at + length));
      new DataView(desk.bytes.buffer).setBigUint64(length, desk.sum(length), true);
      yield desk.bytes.subarray(0, length + CHECKSUM_BYTES);
    }
  }
}

type Head = {
  readonly names: number;
  readonly namesEnd: number;
  readonly parts: { readonly kind: PartKind; readonly room: number; readonly rows: number }[];
};

function fill(read: ReadInto, into: Uint8Array): boolean {
  let at = 0;
  while (at < into.length) {
    const got = read(into.subarray(at));
    if (got <= 0) return false;
    at += got;
  }
  return true;
}

function readHead(desk: Desk, read: ReadInto): Head {
  const { words, bytes } = desk;
  if (!fill(read, bytes.subarray(0, HEAD_WORDS * 4))) throw new IndexRefusal("NOT_A_SNAPSHOT");
  if (words[0] !== MAGIC[0] || words[1] !== MAGIC[1]) throw new IndexRefusal("NOT_A_SNAPSHOT");
  if (words[2] !== VERSION) throw new IndexRefusal("SNAPSHOT_VERSION");
  const length = words[3] ?? 0;
  const sum = BigInt(words[4] ?? 0) | (BigInt(words[5] ?? 0) << 32n);
  const sound = length >= HEAD_WORDS * 4 && length <= roundUp((HEAD_WORDS + MOST_PARTS * PART_WORDS) * 4);
  if (!sound || length % 64 !== 0 || !fill(read, bytes.subarray(HEAD_WORDS * 4, length))) {
    throw new IndexRefusal("SNAPSHOT_DAMAGED");
  }
  words.fill(0, 0, 6);
  if (desk.sum(length) !== sum) throw new IndexRefusal("SNAPSHOT_DAMAGED");
  const count = words[6] ?? 0;
  const parts = Array.from({ length: Math.min(count, MOST_PARTS) }, (_, at) => {
    const [kind = 2, room = 0, rows = 0] = words.subarray(HEAD_WORDS + at * PART_WORDS);
    return { kind: kind === 1 ? ("growing" as const) : ("frozen" as const), room, rows };
  });
  const whole = parts.every(({ kind, room, rows }) => {
    return rows <= room && room > 0 && (kind === "growing" ? room === GROWING_ROWS : room <= MOST_ROWS);
  });
  if (count > MOST_PARTS || !whole) throw new IndexRefusal("SNAPSHOT_DAMAGED");
  return { names: words[7] ?? 0, namesEnd: words[8] ?? 0, parts };
}

/** Reads a section to where it lies and returns the spans that are damaged or missing. */
function readSection(section: Section, read: ReadInto, sumOf: (from: number, to: number) => bigint): Span[] {
  const damaged: Span[] = [];
  const trailer = new Uint8Array(CHECKSUM_BYTES);
  for (let at = section.from; at < section.to; at += BLOCK) {
    const end = Math.min(at + BLOCK, section.to);
    const complete = fill(read, section.bytes.subarray(at, end)) && fill(read, trailer);
    const stated = new DataView(trailer.buffer).getBigUint64(0, true);
    if (!complete || BigInt.asUintN(64, sumOf(at, end)) !== stated) damaged.push({ from: at, to: end });
  }
  return damaged;
}

function readNames(head: Head, read: ReadInto, desk: Desk): { names: NameBook; damaged: boolean } {
  const names = createNames();
  reserveNames(names, head.names, head.namesEnd);
  const [places, texts] = sectionsOfNames(names).map((section) => {
    return readSection(section, read, (from, to) => {
      desk.bytes.set(section.bytes.subarray(from, to));
      return desk.sum(to - from);
    });
  });
  for (const span of places ?? []) new Uint8Array(names.places.buffer).fill(0, span.from, span.to);
  for (const span of texts ?? []) dropNamesIn(names, span.from, span.to);
  rereadNames(names);
  return { names, damaged: (places?.length ?? 0) + (texts?.length ?? 0) > 0 };
}

/** True for rows whose entry's id is lost. */
function namelessIn(state: IndexState, damaged: boolean): (owner: number) => boolean {
  return damaged ? (owner) => idOf(state.names, owner) === null : () => false;
}

/**
 * Reads a snapshot. Blocks that are damaged or missing cost the fingerprints in them, which are counted; the rest is
 * found as before.
 *
 * @throws {IndexRefusal} `NOT_A_SNAPSHOT`, `SNAPSHOT_VERSION`, `SNAPSHOT_DAMAGED` when the head is, `INDEX_FULL`.
 */
export function loadIndex(read: ReadInto): Loaded {
  const desk = createDesk();
  const head = readHead(desk, read);
  const { names, damaged } = readNames(head, read, desk);
  const state = createState(names);
  const isNameless = namelessIn(state, damaged);
  let setAside = 0;
  let rebuilt = 0;
  for (const { kind, room, rows } of head.parts) {
    const part = createPart(kind, room);
    const sumOf = (from: number, to: number): bigint => part.kernel.checksum(from, to);
    const spans = sectionsOf(part, rows).flatMap((section) => readSection(section, read, sumOf));
    const adopted = adoptPart(state, part, { rows, damaged: spans, isNameless: damaged ? isNameless : null });
    setAside += adopted.setAside;
    rebuilt += adopted.rebuilt;
  }
  return { index: { state }, setAside, rebuilt };
}
