import { epochMoment } from "./clock.ts";
import { messageCutter } from "./json-messages.ts";
import { baseName, type Fields, fieldsOf, listOf, textOf } from "./json-value.ts";
import { type ChatMedia, NO_LINKS, NO_MEDIA, NOBODY, type Sender } from "./model.ts";
import type { Outlet } from "./outlet.ts";
import type { Parser } from "./parser.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Mends Meta's fault: each byte of UTF-8 written as a letter of its own. Only where every letter is a byte and all of them are UTF-8;
 * anything else stays as it is.
 */
export function mend(text: string): { readonly text: string; readonly isGarbled: boolean } {
  if (text.length > bytes.length) bytes = new Uint8Array(text.length * 2);
  let high = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter > 0xff) return { text, isGarbled: false };
    bytes[at] = letter;
    high |= letter;
  }
  if (high < 0x80) return { text, isGarbled: false };
  try {
    return { text: utf8.decode(bytes.subarray(0, text.length)), isGarbled: false };
  } catch {
    return { text, isGarbled: true };
  }
}

/** Used again and again; one text is mended at a time. */
let bytes = new Uint8Array(4096);

const FILES = ["photos", "videos", "audio_files", "gifs", "files"] as const;

/** Instagram's and Messenger's message_N.json: newest first, instants in milliseconds, every text garbled once. */
export function instagramParser(outlet: Outlet): Parser {
  const known = new Map<string, Sender>();
  const names = new Map<string, string>();
  /** Names come again with every message. */
  const mendedName = (field: unknown, from: number): string | null => {
    if (typeof field !== "string") return null;
    const found = names.get(field);
    if (found !== undefined) return found;
    const { text, isGarbled } = mend(field);
    if (isGarbled) outlet.doubts.note("garbled-kept", from);
    else if (names.size < 20_000) names.set(field, text);
    return text;
  };
  const cutter = messageCutter((value, { from, to, room }) => {
    const message = fieldsOf(value);
    const mended = (field: unknown): string | null => {
      if (typeof field !== "string") return null;
      const { text, isGarbled } = mend(field);
      if (isGarbled) outlet.doubts.note("garbled-kept", from);
      return text;
    };
    const at = typeof message.timestamp_ms === "number" ? epochMoment(message.timestamp_ms) : null;
    if (at === null) outlet.doubts.note("bad-time", from);
    const name = mendedName(message.sender_name, from);
    const sender = name === null ? NOBODY : (known.get(name) ?? { handle: null, name });
    if (name !== null && known.size < 20_000) known.set(name, sender);
    const media = mediaOf(message);
    const share = fieldsOf(message.share);
    const text = [mended(message.content), mended(share.share_text)].filter((part) => part !== null && part !== "");
    const isCall = typeof message.call_duration === "number";
    const isUnsent = message.is_unsent === true;
    outlet.put({
      room,
      id: null,
      at: at ?? { written: null, local: null, zone: null, instant: null, precision: "none" },
      sender,
      kind: isUnsent ? "deleted" : isCall ? "service" : media.length > 0 ? "media" : "text",
      text: isCall ? [...text, `call_duration ${message.call_duration}`].join(" · ") : text.join("\n"),
      replyTo: null,
      forwardedFrom: mended(share.original_content_owner),
      editedAt: null,
      media,
      links: typeof share.link === "string" ? [share.link] : NO_LINKS,
      raw: { unit: "byte", from, to },
    });
  });
  return {
    push: cutter.push,
    end() {
      const frame = fieldsOf(cutter.end());
      const name = textOf(frame.title);
      const room = { name: name === null ? null : mend(name).text, handle: textOf(frame.thread_path), type: null };
      return { variant: null, rooms: [room], order: "newest-first", savedAt: null };
    },
  };
}

function mediaOf(message: Fields): readonly ChatMedia[] {
  const why = (kind: string) => `${kind}; the export names it and holds it beside this file`;
  const found = FILES.flatMap((kind) =>
    listOf(message[kind]).map((one) => {
      const path = textOf(fieldsOf(one).uri);
      return { name: path === null ? null : mend(baseName(path)).text, sha256: null, why: why(kind) };
    }),
  );
  const sticker = textOf(fieldsOf(message.sticker).uri);
  if (sticker !== null) found.push({ name: mend(baseName(sticker)).text, sha256: null, why: why("sticker") });
  return found.length > 0 ? found : NO_MEDIA;
}
