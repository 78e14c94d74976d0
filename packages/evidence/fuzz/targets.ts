import { type ChatFormat, ChatRefusal, type Message, type Moment, readChat } from "../src/chat.ts";
import type { Sample } from "../test/chat-samples.ts";

/** Thrown when a parser that was fed bad input did anything but read or refuse it. */
export class FuzzFailure extends Error {
  override readonly name = "FuzzFailure";
}

type Pick = (below: number) => number;

function pickFrom(seed: number): Pick {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** What parsers stumble over: brackets, quotes, marks of direction, dates that are none, numbers beyond numbers. */
const TELLING = [
  '"',
  "\\",
  "{",
  "}",
  "[[[[[[[[",
  "]",
  ",",
  ":",
  " : ",
  "] [",
  "\n",
  "\r",
  "\r\n",
  "\t",
  "\u200e",
  "\u202f",
  "\ufeff",
  "\0",
  "\ud800",
  "오후 99:99",
  "2024년 13월 40일 오후 12:60, 가 : 나",
  "1/1/24, 25:61 - A: b",
  "1e999",
  "-1",
  "null",
  "\\u00ff",
  "__proto__",
  '"messages":[',
  '<div class="message default clearfix" id="message1">',
  "<div>".repeat(70),
  '"a","b',
  "💥",
  "---------------",
  "[".repeat(80),
];

const utf8 = new TextEncoder();

/** A sample with bytes flipped, cut, repeated, and telling pieces put in. */
function damaged(text: string, pick: Pick): Uint8Array<ArrayBuffer> {
  let bytes = utf8.encode(text);
  for (let times = 1 + pick(5); times > 0; times--) {
    const at = pick(bytes.length + 1);
    const to = Math.min(bytes.length, at + pick(60));
    const kind = pick(6);
    if (kind === 0 && at < bytes.length) bytes[at] = pick(256);
    else if (kind === 1) bytes = joined(bytes.subarray(0, at), bytes.subarray(to));
    else if (kind === 2) bytes = joined(bytes.subarray(0, to), bytes.subarray(at));
    else if (kind === 3) bytes = bytes.slice(0, pick(4) === 0 ? at : bytes.length);
    else bytes = joined(bytes.subarray(0, at), utf8.encode(TELLING[pick(TELLING.length)] ?? ""), bytes.subarray(at));
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const LOCAL = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?$/;

function checkMoment({ local, instant, precision }: Moment): void {
  if (local !== null && !(LOCAL.test(local) && !Number.isNaN(Date.parse(`${local}Z`))))
    throw new FuzzFailure("no time");
  if (instant !== null && Number.isNaN(Date.parse(instant))) throw new FuzzFailure("no instant");
  if ((precision === "none") !== (local === null && instant === null)) throw new FuzzFailure("a precision of nothing");
}

function check(message: Message, index: number, bytes: number): void {
  const { at, editedAt, kind, raw, text } = message;
  if (message.index !== index) throw new FuzzFailure("out of order");
  if (typeof text !== "string" || !["text", "service", "deleted", "media"].includes(kind))
    throw new FuzzFailure("no kind");
  checkMoment(at);
  if (editedAt !== null) checkMoment(editedAt);
  if (!(raw.from >= 0 && raw.to >= raw.from && raw.to <= bytes)) throw new FuzzFailure("a place outside the file");
  if (kind === "media" && message.media.length === 0) throw new FuzzFailure("media without media");
}

const LONGEST_MS = 5000;

/**
 * Feeds one damaged sample to its parser, or to whichever the content calls for.
 *
 * @param told  is given everything that came out, as JSON, so that two versions can be compared.
 * @throws {FuzzFailure}
 */
export async function tryChat(
  sample: Sample,
  seed: number,
  told: (json: string) => void = () => undefined,
): Promise<"read" | "refused"> {
  const pick = pickFrom(seed);
  const bytes = damaged(sample.text, pick);
  const format: ChatFormat | undefined = pick(4) === 0 ? undefined : sample.format;
  const size = 1 + pick(300);
  const stream = () =>
    new ReadableStream<Uint8Array>({
      start(to) {
        for (let at = 0; at < bytes.length; at += size) to.enqueue(bytes.slice(at, at + size));
        to.close();
      },
    });
  const began = process.cpuUsage();
  let count = 0;
  try {
    const take = (messages: readonly Message[]) => {
      for (const message of messages) check(message, count++, bytes.length);
      told(JSON.stringify(messages));
    };
    const file = await readChat({ stream }, take, format);
    told(JSON.stringify(file));
    if (file.messages !== count || file.bytes !== bytes.length) throw new FuzzFailure("a wrong count");
    return "read";
  } catch (error) {
    if (error instanceof ChatRefusal) {
      told(JSON.stringify(error.reason));
      return "refused";
    }
    throw new FuzzFailure(`${sample.name}, seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    if (process.cpuUsage(began).user / 1000 > LONGEST_MS)
      process.stderr.write(`${sample.name}, seed ${seed} took more than five seconds\n`);
  }
}
