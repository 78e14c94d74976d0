import { epochInstant, isoMoment } from "./clock.ts";
import { messageCutter } from "./json-messages.ts";
import { baseName, type Fields, fieldsOf, idOf, isFields, listOf, textOf } from "./json-value.ts";
import { type ChatMedia, type Moment, NO_LINKS, NO_MEDIA, NOBODY, type Room, type Sender } from "./model.ts";
import type { Outlet } from "./outlet.ts";
import type { Parser } from "./parser.ts";

/**
 * Telegram Desktop's result.json, one chat or all of them (fields as tdesktop's export_output_json.cpp writes them). `date` is the local
 * time of the machine that exported and states no zone; `date_unixtime`, where there is one, fixes the instant.
 */
export function telegramParser(outlet: Outlet): Parser {
  const sender = telegramSenders();
  const cutter = messageCutter((value, { from, to, room }) => {
    const message = fieldsOf(value);
    const type = textOf(message.type);
    const at = momentOf(message.date, message.date_unixtime);
    if (at.local === null && at.instant === null && type !== "unsupported") outlet.doubts.note("bad-time", from);
    if (type === "unsupported") outlet.doubts.note("unsupported", from);
    const isService = type !== "message";
    const who = isService ? sender(message.actor_id, message.actor) : sender(message.from_id, message.from);
    if (!isService && who.name === null) outlet.doubts.note("deleted-account", from);
    const media = isService ? NO_MEDIA : mediaOf(message);
    const text = isService ? serviceText(message) : flatText(message.text);
    outlet.put({
      room,
      id: idOf(message.id),
      at,
      sender: who,
      kind: isService ? "service" : media.length > 0 ? "media" : "text",
      text,
      replyTo: idOf(message.reply_to_message_id),
      forwardedFrom: textOf(message.forwarded_from) ?? textOf(message.saved_from),
      editedAt: message.edited === undefined ? null : momentOf(message.edited, message.edited_unixtime),
      media,
      links: linksOf(message.text),
      raw: { unit: "byte", from, to },
    });
  });
  return {
    push: cutter.push,
    end: () => ({ variant: null, rooms: roomsOf(cutter.end()), order: "oldest-first", savedAt: null }),
  };
}

function momentOf(date: unknown, unixtime: unknown): Moment {
  const written = textOf(date);
  const local = written === null ? null : isoMoment(written);
  const seconds = typeof unixtime === "string" && /^\d{1,12}$/.test(unixtime) ? Number(unixtime) : Number.NaN;
  const instant = epochInstant(seconds * 1000) ?? local?.instant ?? null;
  const precision = local?.precision ?? (instant === null ? "none" : "second");
  return { written, local: local?.local ?? null, zone: local?.zone ?? null, instant, precision };
}

function telegramSenders(): (id: unknown, name: unknown) => Sender {
  const known = new Map<string, Sender>();
  return (id, name) => {
    const [handle, shown] = [idOf(id), textOf(name)];
    if (handle === null && shown === null) return NOBODY;
    const key = `${handle} ${shown}`;
    const sender = known.get(key) ?? { handle, name: shown };
    if (known.size < 20_000) known.set(key, sender);
    return sender;
  };
}

/** Text is one string, or a list of strings and of stretches with a meaning. */
function flatText(text: unknown): string {
  if (typeof text === "string") return text;
  return listOf(text)
    .map((part) => (typeof part === "string" ? part : (textOf(fieldsOf(part).text) ?? "")))
    .join("");
}

function linksOf(text: unknown): readonly string[] {
  if (!Array.isArray(text)) return NO_LINKS;
  return text.filter(isFields).flatMap(({ href }) => (typeof href === "string" && href !== "" ? [href] : []));
}

/** What stands in place of a file that was not exported: "(File not included. …)", "(File exceeds maximum size. …)" and such. */
const NOT_THERE = /^\(.{1,200}\)$/;

function mediaOf(message: Fields): readonly ChatMedia[] {
  const paths = [message.photo, message.file].filter((path) => typeof path === "string");
  if (paths.length === 0 && message.media_type === undefined) return NO_MEDIA;
  const type = textOf(message.media_type) ?? (message.photo === undefined ? "file" : "photo");
  const name = textOf(message.file_name);
  if (paths.length === 0) return [{ name, sha256: null, why: type }];
  return paths.map((path) => {
    if (NOT_THERE.test(path)) return { name, sha256: null, why: `${type} ${path}` };
    return {
      name: name ?? baseName(path),
      sha256: null,
      why: `${type}; the export names it and holds it beside this file`,
    };
  });
}

/** What the service says happened, such as `take_screenshot`, `set_messages_ttl`, `clear_history`, with what it concerns. */
function serviceText(message: Fields): string {
  const members = listOf(message.members).filter((member) => typeof member === "string");
  const facts = [message.title, message.inviter, message.period, message.duration_seconds].map(idOf);
  const parts = [textOf(message.action), ...facts, members.join(", "), flatText(message.text)];
  return parts.filter((part) => part !== null && part !== "").join(" · ");
}

function roomOf(chat: Fields): Room {
  return { name: textOf(chat.name), handle: idOf(chat.id), type: textOf(chat.type) };
}

function roomsOf(frame: unknown): Room[] {
  const root = fieldsOf(frame);
  // In the order of the file: a chat without messages list has no room.
  const rooms = Object.entries(root).flatMap(([name, value]) => {
    if (name === "messages") return [roomOf(root)];
    if (name !== "chats" && name !== "left_chats") return [];
    return listOf(fieldsOf(value).list)
      .map(fieldsOf)
      .filter((chat) => "messages" in chat)
      .map(roomOf);
  });
  return rooms;
}
