import { messageCutter } from "./json-messages.ts";
import { isFields } from "./json-value.ts";
import { kakaoRoom, kakaoVariant } from "./kakaotalk.ts";
import { CSV_HEAD } from "./kakaotalk-csv.ts";
import { isLineDay, isLineHead, lineRoom } from "./line.ts";
import { isUtf16 } from "./line-reader.ts";
import type { ChatFormat } from "./model.ts";
import { ChatRefusal } from "./refusal.ts";
import { isTelegramHtmlMessage } from "./telegram-html.ts";
import { isWhatsappHead } from "./whatsapp.ts";

/** Bytes at the beginning of a file that its format is recognised from. */
export const HEAD_BYTES = 65_536;

/** The format a file shows by its content; `others` would have read some of it too. */
export type Detected = { readonly format: ChatFormat; readonly others: readonly ChatFormat[] };

/** @throws {ChatRefusal} when it is empty, no text, no known export, or could be two of them alike. */
export function detectFormat(head: Uint8Array): Detected {
  if (head.length === 0) throw new ChatRefusal({ code: "EMPTY" });
  if (head.includes(0) && !isUtf16(head)) throw new ChatRefusal({ code: "NOT_TEXT" });
  const text = new TextDecoder(isUtf16(head) ? "utf-16le" : "utf-8").decode(head);
  const first = text.trimStart()[0];
  if (first === "{") return { format: jsonFormat(head), others: [] };
  if (first === "<") return { format: htmlFormat(text), others: [] };
  return lineFormat(text.split(/\r?\n/));
}

const ROOT: readonly (readonly [ChatFormat, readonly string[]])[] = [
  ["discord-json", ["guild", "channel"]],
  ["instagram-json", ["participants"]],
  ["telegram-json", ["chats"]],
  ["telegram-json", ["left_chats"]],
  ["telegram-json", ["name", "type", "id"]],
];
const MESSAGE: readonly (readonly [ChatFormat, readonly string[]])[] = [
  ["discord-json", ["timestamp", "author"]],
  ["instagram-json", ["timestamp_ms"]],
  ["telegram-json", ["id", "type", "date"]],
];

/** By the names at the root, and by those of the first message where there is one: both must say the same. */
function jsonFormat(head: Uint8Array): ChatFormat {
  let message: readonly string[] | null = null;
  const cutter = messageCutter((value) => {
    if (isFields(value)) message ??= Object.keys(value);
  });
  cutter.push(head);
  const hasAll = (names: ReadonlySet<string>) => (form: (typeof ROOT)[number]) =>
    form[1].every((name) => names.has(name));
  const found = new Set<ChatFormat>();
  for (const [format] of ROOT.filter(hasAll(cutter.rootNames()))) found.add(format);
  if (message !== null) for (const [format] of MESSAGE.filter(hasAll(new Set(message)))) found.add(format);
  const [only, ...more] = found;
  if (only === undefined) throw new ChatRefusal({ code: "UNKNOWN_FORMAT" });
  if (more.length > 0) throw new ChatRefusal({ code: "AMBIGUOUS_FORMAT", formats: [...found] });
  return only;
}

function htmlFormat(text: string): ChatFormat {
  const isTelegram = text.split("\n").some(isTelegramHtmlMessage) || /class="page_wrap/.test(text);
  if (!isTelegram) throw new ChatRefusal({ code: "UNKNOWN_FORMAT" });
  return "telegram-html";
}

/** The first line settles it where a client signs its export; otherwise the format of most heads of messages does. */
function lineFormat(lines: readonly string[]): Detected {
  const first = (lines[0] ?? "").replace(/^\ufeff/, "");
  if (CSV_HEAD.test(first)) return { format: "kakaotalk-csv", others: [] };
  const signed = lineRoom(first) !== null ? "line" : kakaoRoom(first) !== null ? "kakaotalk" : null;
  const times: Record<"kakaotalk" | "whatsapp" | "line", number> = { kakaotalk: 0, whatsapp: 0, line: 0 };
  for (const line of lines) {
    if (line.length > 2000) continue;
    if (isLineHead(line) || isLineDay(line)) times.line++;
    else if (isWhatsappHead(line)) times.whatsapp++;
    else if (kakaoVariant(line) !== null) times.kakaotalk++;
  }
  const order = (["kakaotalk", "whatsapp", "line"] as const).filter((format) => times[format] > 0);
  order.sort((a, b) => times[b] - times[a]);
  const [most, next] = order;
  if (signed !== null) return { format: signed, others: order.filter((format) => format !== signed) };
  if (most === undefined) throw new ChatRefusal({ code: "UNKNOWN_FORMAT" });
  // Half as many of another: not for us to choose.
  if (next !== undefined && times[next] * 2 > times[most])
    throw new ChatRefusal({ code: "AMBIGUOUS_FORMAT", formats: order });
  return { format: most, others: order.slice(1) };
}
