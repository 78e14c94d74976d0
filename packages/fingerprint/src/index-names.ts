import { IndexRefusal } from "./index-refusal.ts";

/** Names an entry of a list: a text of 1 to 256 characters, or a whole number from 0 to 2147483647. */
export type EntryId = string | number;

// An entry is known inside by an owner number of 32 bits: a number stands for itself, a text for 2^31 plus its place in
// the names. Texts lie in shared memory, where readers find them; only the writer can look for a text.

const FIRST_NAME = 2 ** 31;
const MAX_NAMES = 2 ** 26;
const MAX_NAME_LETTERS = 256;
const PAGE = 65_536;

export type Names = {
  /** For each name where its text begins in `texts`, or 0 once withdrawn. */
  readonly places: WebAssembly.Memory;
  /** Each text as UTF-8 after its length in two bytes. From byte 64 on. */
  readonly texts: WebAssembly.Memory;
};

export type NameBook = Names & { readonly numbers: Map<string, number>; count: number; end: number };

function sharedMemory(maximum: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum, shared: true });
}

export function createNames(): NameBook {
  return { places: sharedMemory(4096), texts: sharedMemory(32_768), numbers: new Map(), count: 0, end: 64 };
}

function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return;
  const held = memory.buffer.byteLength / PAGE;
  try {
    memory.grow(Math.max(missing, Math.min(held >> 2, 1024)));
  } catch {
    throw new IndexRefusal("INDEX_FULL");
  }
}

/** Makes room for names from a snapshot; they are then written to `places` and `texts`. */
export function reserveNames(names: NameBook, count: number, end: number): void {
  growTo(names.places, count * 4);
  growTo(names.texts, end + 8);
  names.count = count;
  names.end = end;
}

/** Puts the texts in memory into the book, as after reading a snapshot. */
export function rereadNames(names: NameBook): void {
  const places = new Uint32Array(names.places.buffer);
  for (let at = 0; at < names.count; at++) {
    if (places[at] === 0) continue;
    const text = textAt(names, at, names.end);
    if (text === null) places[at] = 0;
    else names.numbers.set(text, FIRST_NAME + at);
  }
}

/** Drops the names whose texts lie at least partly in bytes `from` to `to`, which are damaged. */
export function dropNamesIn(names: NameBook, from: number, to: number): void {
  const places = new Uint32Array(names.places.buffer);
  const texts = new Uint8Array(names.texts.buffer);
  for (let at = 0; at < names.count; at++) {
    const place = places[at] ?? 0;
    const length = (texts[place] ?? 0) | ((texts[place + 1] ?? 0) << 8);
    if (place < to && (place + 2 > from || place + 2 + length > from)) places[at] = 0;
  }
}

function isNumberId(id: EntryId): id is number {
  return typeof id === "number" && Number.isInteger(id) && id >= 0 && id < FIRST_NAME;
}

/** The owner number of an entry that is there, or null. */
export function findOwner(names: NameBook, id: EntryId): number | null {
  if (isNumberId(id)) return id;
  return typeof id === "string" ? (names.numbers.get(id) ?? null) : null;
}

/** The owner number of an entry, new or not. */
export function ownerFor(names: NameBook, id: EntryId): number {
  if (isNumberId(id)) return id;
  if (typeof id !== "string" || id.length === 0 || id.length > MAX_NAME_LETTERS) throw new IndexRefusal("BAD_ID");
  const known = names.numbers.get(id);
  if (known !== undefined) return known;
  if (names.count >= MAX_NAMES) throw new IndexRefusal("INDEX_FULL");
  const text = new TextEncoder().encode(id);
  growTo(names.texts, names.end + text.length + 2);
  growTo(names.places, names.count * 4 + 4);
  const texts = new Uint8Array(names.texts.buffer);
  texts[names.end] = text.length & 255;
  texts[names.end + 1] = text.length >> 8;
  texts.set(text, names.end + 2);
  Atomics.store(new Uint32Array(names.places.buffer), names.count, names.end);
  const owner = FIRST_NAME + names.count;
  names.numbers.set(id, owner);
  names.count++;
  names.end += text.length + 2;
  return owner;
}

/** Forgets a withdrawn entry's text; its number is not given out again. */
export function forgetName(names: NameBook, id: EntryId): void {
  if (typeof id !== "string") return;
  const owner = names.numbers.get(id);
  if (owner === undefined) return;
  names.numbers.delete(id);
  const place = Atomics.exchange(new Uint32Array(names.places.buffer), owner - FIRST_NAME, 0);
  const texts = new Uint8Array(names.texts.buffer);
  const length = (texts[place] ?? 0) | ((texts[place + 1] ?? 0) << 8);
  texts.fill(0, place + 2, place + 2 + length);
}

function textAt(names: Names, at: number, end: number): string | null {
  const places = new Uint32Array(names.places.buffer);
  if (at >= places.length) return null;
  const place = Atomics.load(places, at);
  const texts = new Uint8Array(names.texts.buffer);
  const length = (texts[place] ?? 0) | ((texts[place + 1] ?? 0) << 8);
  if (place < 64 || length === 0 || place + 2 + length > end) return null;
  return new TextDecoder().decode(texts.slice(place + 2, place + 2 + length));
}

/** The id of an owner number; null when it was withdrawn. */
export function idOf(names: Names, owner: number): EntryId | null {
  if (owner < FIRST_NAME) return owner;
  return textAt(names, owner - FIRST_NAME, names.texts.buffer.byteLength);
}
