import { decodeText } from "./charset.ts";

/** What we read of a mail's head. */
export type MailHead = {
  /** With its angle brackets; null: none, or several. */
  readonly messageId: string | null;
  /** Message-IDs of In-Reply-To and References, newest last. */
  readonly references: readonly string[];
  /** Every header that may say to which of our addresses it came, as written. */
  readonly addressed: readonly string[];
  readonly from: string;
  readonly subject: string;
  /** A machine wrote it, by its own word. */
  readonly automatic: boolean;
};

/** A head, and where the body begins. */
export type ReadHead = {
  readonly head: MailHead;
  /** The headers that say how the body is written, as bytes, ending with an empty line. */
  readonly form: Buffer;
  /** Offset of the body; the length of the mail when it has none. */
  readonly bodyAt: number;
};

/** Of a head that is longer, the rest is not read. Ours. */
const MOST_HEAD = 256 * 1024;
const MOST_LINES = 2000;
/** Bytes of one header, and how many of one name. */
const MOST_VALUE = 8 * 1024;
const MOST_OF_A_NAME = 20;
const MOST_SHOWN = 500;

const FORM: ReadonlySet<string> = new Set([
  "content-type",
  "content-transfer-encoding",
  "content-disposition",
  "mime-version",
]);
const ADDRESSED = [
  "to",
  "cc",
  "delivered-to",
  "envelope-to",
  "x-original-to",
  "x-envelope-to",
  "apparently-to",
] as const;

/** Reads the head of a foreign mail in one pass, whatever it holds. */
export function readHead(source: Buffer): ReadHead {
  const { end, bodyAt } = findEnd(source);
  const fields = readFields(source.subarray(0, end));
  const all = (name: string) => fields.get(name) ?? [];
  const ids = (name: string) => all(name).flatMap((value) => readMessageIds(value.toString("latin1")));
  const own = ids("message-id");
  return {
    head: {
      messageId: own.length === 1 ? (own[0] ?? null) : null,
      references: [...ids("references"), ...ids("in-reply-to")].slice(-100),
      addressed: ADDRESSED.flatMap((name) => all(name).map((value) => value.toString("latin1"))),
      from: showText(all("from")[0]),
      subject: showText(all("subject")[0]),
      automatic: isAutomatic(all),
    },
    form: formOf(fields),
    bodyAt,
  };
}

function findEnd(source: Buffer): { readonly end: number; readonly bodyAt: number } {
  const searched = source.subarray(0, MOST_HEAD);
  for (let at = 0; at < searched.length; at++) {
    const next = searched.indexOf(0x0a, at);
    if (next < 0) break;
    const isEmpty = next === at || (next === at + 1 && searched[at] === 0x0d);
    if (isEmpty) return { end: at, bodyAt: next + 1 };
    at = next;
  }
  // No empty line: all of it is head, and what is beyond the limit is nothing we can place.
  return { end: searched.length, bodyAt: source.length };
}

function readFields(head: Buffer): ReadonlyMap<string, readonly Buffer[]> {
  const fields = new Map<string, Buffer[]>();
  let last: Buffer[] | null = null;
  let lines = 0;
  for (let at = 0; at < head.length && lines < MOST_LINES; lines++) {
    const found = head.indexOf(0x0a, at);
    const line = head.subarray(at, found < 0 ? head.length : found);
    at = found < 0 ? head.length : found + 1;
    if (line[0] === 0x20 || line[0] === 0x09) goOn(last, line);
    else last = begin(fields, line);
  }
  return fields;
}

/** A line that begins with a space goes on from the one before (RFC 5322, 2.2.3). */
function goOn(last: Buffer[] | null, line: Buffer): void {
  const before = last?.at(-1);
  if (last === null || before === undefined || before.length >= MOST_VALUE) return;
  last[last.length - 1] = Buffer.concat([before, Buffer.from(" "), trim(line)]).subarray(0, MOST_VALUE);
}

/** @returns the values of this name, the new one last; null when the line is no header, or one too many. */
function begin(fields: Map<string, Buffer[]>, line: Buffer): Buffer[] | null {
  const colon = line.subarray(0, 100).indexOf(0x3a);
  const name = line.toString("latin1", 0, Math.max(colon, 0)).trim().toLowerCase();
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name)) return null;
  const values = fields.get(name) ?? [];
  if (values.length >= MOST_OF_A_NAME) return null;
  fields.set(name, values);
  values.push(trim(line.subarray(colon + 1)).subarray(0, MOST_VALUE));
  return values;
}

function trim(bytes: Buffer): Buffer {
  let [from, to] = [0, bytes.length];
  while (from < to && isSpace(bytes[from])) from++;
  while (to > from && isSpace(bytes[to - 1])) to--;
  return bytes.subarray(from, to);
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x09 || byte === 0x0d;

export function readMessageIds(text: string): string[] {
  return (text.match(/<[^<>\s]{1,500}>/g) ?? []).slice(0, 100);
}

/** RFC 3834, 5; the others are older customs. */
function isAutomatic(all: (name: string) => readonly Buffer[]): boolean {
  const said = (name: string) => all(name)[0]?.toString("latin1").toLowerCase() ?? "";
  if (said("auto-submitted") !== "") return !said("auto-submitted").startsWith("no");
  if (/^(bulk|junk|auto_reply)/.test(said("precedence"))) return true;
  return ["x-autoreply", "x-autorespond", "x-auto-response-suppress"].some((name) => all(name).length > 0);
}

function formOf(fields: ReadonlyMap<string, readonly Buffer[]>): Buffer {
  const lines = [...FORM].flatMap((name) => {
    // The last one counts for mail programs; several are a trick.
    const value = fields.get(name)?.at(-1)?.toString("latin1").replaceAll("\r", " ").slice(0, 2000);
    return value === undefined ? [] : [`${name}: ${value}\r\n`];
  });
  return Buffer.from(`${lines.join("")}\r\n`, "latin1");
}

/** A header as text for people: encoded words (RFC 2047) and bytes in the open, without control characters. */
function showText(value: Buffer | undefined): string {
  if (value === undefined) return "";
  const text = decodeWords(value);
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\s]+/gu, " ")
    .trim()
    .slice(0, MOST_SHOWN);
}

const WORD = /=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]{0,1000})\?=/g;

function decodeWords(value: Buffer): string {
  if (!value.includes("=?")) return decodeText(value, null);
  // Space between two words belongs to neither.
  const text = value.toString("latin1").replace(/(\?=)\s+(=\?)/g, "$1$2");
  let [shown, from] = ["", 0];
  for (const found of text.matchAll(WORD)) {
    const [whole, charset = "", way = "", coded = ""] = found;
    shown += decodeText(Buffer.from(text.slice(from, found.index), "latin1"), null) + decodeWord(charset, way, coded);
    from = found.index + whole.length;
  }
  return shown + decodeText(Buffer.from(text.slice(from), "latin1"), null);
}

function decodeWord(charset: string, way: string, coded: string): string {
  // The language after a star (RFC 2231, 5) says nothing of the letters.
  const label = charset.split("*")[0] ?? "";
  if (way.toLowerCase() === "b") return decodeText(Buffer.from(coded, "base64"), label);
  const bytes = coded
    .replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decodeText(Buffer.from(bytes, "latin1"), label);
}
