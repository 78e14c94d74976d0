import { fromBase64, toBase64 } from "./base64.ts";
import type { Sha256 } from "./log.ts";

/**
 * Signed notes (C2SP signed-note, golang.org/x/mod/sumdb/note): a text of lines, an empty line, and a line for each signature.
 * Pure: hashes come in, and signatures are made and checked by the caller.
 */

/** log: signs the text itself (1, Ed25519) · witness: signs the text and the time at which it saw it (4, cosignature/v1). */
export const NOTE_ALGORITHMS = { log: 1, witness: 4 } as const;
export type NoteSigner = keyof typeof NOTE_ALGORITHMS;

/** A key as it is published: `name+id+base64`. */
export type NoteKey = {
  readonly name: string;
  readonly signer: NoteSigner;
  /** Eight hex digits, worked out from name and key. */
  readonly id: string;
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
};

export type NoteSignature = {
  readonly name: string;
  readonly id: string;
  /** 64 bytes for a log; a time in 8 bytes and 64 bytes for a witness. */
  readonly signature: Uint8Array;
};

/** A note as it was read; nothing of it is believed before a signature was checked. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

const LONGEST_NOTE = 1_000_000;
const MOST_SIGNATURES = 100;
const utf8 = new TextEncoder();

/** A key's name: not empty, no space, no plus. */
export function isKeyName(name: string): boolean {
  return name !== "" && !/[\s+\p{Cc}]/u.test(name);
}

/** @throws {RangeError} when the name may not stand in a note. */
export function noteKey(sha256: Sha256, name: string, signer: NoteSigner, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw new RangeError("not a name of a key");
  const hashed = sha256(Uint8Array.of(...utf8.encode(`${name}\n`), NOTE_ALGORITHMS[signer], ...publicKey));
  return { name, signer, id: toHex(hashed.subarray(0, 4)), publicKey };
}

export function writeKey({ name, signer, id, publicKey }: NoteKey): string {
  return `${name}+${id}+${toBase64(Uint8Array.of(NOTE_ALGORITHMS[signer], ...publicKey))}`;
}

/** Null when the text is no key, or its id is not that of its name and bytes. */
export function readKey(sha256: Sha256, text: string): NoteKey | null {
  const [, name = "", id = "", encoded = ""] = /^([^\s+]+)\+([0-9a-f]{8})\+([\w+/=]+)$/.exec(text.trim()) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes?.length !== 33) return null;
  const signer = (["log", "witness"] as const).find((each) => NOTE_ALGORITHMS[each] === bytes[0]);
  if (signer === undefined) return null;
  const key = noteKey(sha256, name, signer, bytes.subarray(1));
  return key.id === id ? key : null;
}

/** The note with its signatures, in order. @throws {RangeError} when the text is no text of a note. */
export function writeNote({ text, signatures }: Note): string {
  if (!isNoteText(text)) throw new RangeError("not a text of a note");
  const lines = signatures.map(({ name, id, signature }) => {
    return `— ${name} ${toBase64(Uint8Array.of(...fromHex(id), ...signature))}\n`;
  });
  return `${text}\n${lines.join("")}`;
}

/** Null when it is no note: too long, unsigned, or with anything that is neither text nor a signature. */
export function readNote(written: string): Note | null {
  if (written.length > LONGEST_NOTE || !written.endsWith("\n")) return null;
  const end = written.lastIndexOf("\n\n");
  if (end < 0) return null;
  const text = written.slice(0, end + 1);
  const lines = written.slice(end + 2, -1).split("\n");
  if (!isNoteText(text) || lines.length > MOST_SIGNATURES) return null;
  const signatures = lines.map(readSignature);
  return signatures.every((each) => each !== null) ? { text, signatures } : null;
}

function readSignature(line: string): NoteSignature | null {
  const [, name = "", encoded = ""] = /^— ([^\s]+) ([\w+/=]+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes === null || bytes.length < 5) return null;
  return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/** Lines that end, without control characters, in well-formed UTF-16. */
function isNoteText(text: string): boolean {
  return text.endsWith("\n") && !/[^\P{Cc}\n]/u.test(text) && text.isWellFormed();
}

/** The signature of one key on a note, or null: a name alone, or an id alone, is somebody else's. */
export function signatureBy({ signatures }: Note, { name, id }: NoteKey): Uint8Array | null {
  return signatures.find((each) => each.name === name && each.id === id)?.signature ?? null;
}

/** What a witness signs (C2SP tlog-cosignature): the text, and when it saw it, in seconds since 1970. */
export function cosignedBytes(text: string, seconds: number): Uint8Array {
  return utf8.encode(`cosignature/v1\ntime ${seconds}\n${text}`);
}

/** A witness's signature as it stands in a note: eight bytes of its time, then 64. */
export function writeCosignature(seconds: number, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + signature.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(seconds));
  bytes.set(signature, 8);
  return bytes;
}

/** Time, in seconds since 1970, and signature; null when it is none. */
export function readCosignature(
  bytes: Uint8Array,
): { readonly seconds: number; readonly signature: Uint8Array } | null {
  if (bytes.length !== 72) return null;
  const seconds = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  return Number.isSafeInteger(seconds) ? { seconds, signature: bytes.subarray(8) } : null;
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(hex: string): number[] {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}
