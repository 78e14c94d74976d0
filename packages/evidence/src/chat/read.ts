import type { OrderFound } from "./day-order.ts";
import { detectFormat, HEAD_BYTES } from "./detection.ts";
import { discordParser } from "./discord.ts";
import { instagramParser } from "./instagram.ts";
import { kakaoParser } from "./kakaotalk.ts";
import { kakaoCsvParser } from "./kakaotalk-csv.ts";
import { MOST_BYTES } from "./limit.ts";
import { lineOrder, lineParser } from "./line.ts";
import { lineReader } from "./line-reader.ts";
import type { ChatFile, ChatFormat, Message } from "./model.ts";
import { type Outlet, openOutlet } from "./outlet.ts";
import type { LineParser, Parser } from "./parser.ts";
import { ChatRefusal } from "./refusal.ts";
import { telegramParser } from "./telegram.ts";
import { telegramHtmlParser } from "./telegram-html.ts";
import { whatsappOrder, whatsappParser } from "./whatsapp.ts";

/** A file that can be read from its beginning more than once, such as a Blob or a File. */
export type ChatSource = { readonly stream: () => ReadableStream<Uint8Array> };

/** Takes the messages as they are read, in the order of the file. Reading waits for what it returns, so memory stays flat. */
export type TakeMessages = (messages: readonly Message[]) => void | Promise<void>;

/**
 * Reads a chat export: recognises it by its content and hands over message after message. `format` names it where the content leaves
 * it open. Nothing is guessed silently: see the file's doubts.
 *
 * @throws {ChatRefusal}
 */
export async function readChat(source: ChatSource, take: TakeMessages, format?: ChatFormat): Promise<ChatFile> {
  const detected = format === undefined ? detectFormat(await headOf(source)) : { format, others: [] };
  const outlet = openOutlet(detected.format);
  const order = await orderOf(source, detected.format);
  const parser = parserOf(detected.format, outlet, order);
  if (detected.others.length > 0) outlet.doubts.note("format", 1);
  let bytes = 0;
  await eachChunk(source, async (chunk) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new ChatRefusal({ code: "TOO_LARGE", most: MOST_BYTES });
    parser.push(chunk);
    const messages = outlet.take();
    if (messages.length > 0) await take(messages);
    return false;
  });
  if (bytes === 0) throw new ChatRefusal({ code: "EMPTY" });
  const facts = parser.end();
  const messages = outlet.take();
  if (messages.length > 0) await take(messages);
  if (outlet.keys.cut()) outlet.doubts.note("cut-short", 0);
  return {
    format: detected.format,
    ...facts,
    messages: outlet.count(),
    bytes,
    doubts: outlet.doubts.list(),
    keys: outlet.keys.list(),
  };
}

/** Gives each chunk to `look` until it says that it has seen enough. */
async function eachChunk(source: ChatSource, look: (chunk: Uint8Array) => Promise<boolean>): Promise<void> {
  const reader = source.stream().getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) if (await look(next.value)) break;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function headOf(source: ChatSource): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  let length = 0;
  await eachChunk(source, async (chunk) => {
    const part = chunk.subarray(0, HEAD_BYTES - length);
    head.set(part, length);
    length += part.length;
    return length === HEAD_BYTES;
  });
  return head.subarray(0, length);
}

const OPEN: OrderFound = { order: null, bySequence: false };

/** A first look through files that may leave day and month open; it ends where a date settles it. */
async function orderOf(source: ChatSource, format: ChatFormat): Promise<OrderFound> {
  if (format !== "whatsapp" && format !== "line") return OPEN;
  const finder = format === "whatsapp" ? whatsappOrder() : lineOrder();
  let isSettled = false;
  const lines = lineReader(
    (line) => {
      isSettled ||= finder.line(line);
    },
    () => undefined,
  );
  await eachChunk(source, async (chunk) => {
    lines.push(chunk);
    return isSettled;
  });
  if (!isSettled) lines.end();
  return finder.found();
}

function parserOf(format: ChatFormat, outlet: Outlet, order: OrderFound): Parser {
  const ofLines = (parser: LineParser): Parser => {
    const lines = lineReader(parser.line, (line) => outlet.doubts.note("not-utf8", line));
    return {
      push: lines.push,
      end() {
        lines.end();
        return parser.end();
      },
    };
  };
  switch (format) {
    case "telegram-json":
      return telegramParser(outlet);
    case "discord-json":
      return discordParser(outlet);
    case "instagram-json":
      return instagramParser(outlet);
    case "telegram-html":
      return ofLines(telegramHtmlParser(outlet));
    case "kakaotalk":
      return ofLines(kakaoParser(outlet));
    case "kakaotalk-csv":
      return ofLines(kakaoCsvParser(outlet));
    case "whatsapp":
      return ofLines(whatsappParser(outlet, order));
    case "line":
      return ofLines(lineParser(outlet, order));
  }
}
