import { isoMoment } from "./clock.ts";
import { messageCutter } from "./json-messages.ts";
import { type Fields, fieldsOf, idOf, listOf, textOf } from "./json-value.ts";
import { type ChatMedia, type Moment, NO_LINKS, NO_MEDIA, type Room, type Sender } from "./model.ts";
import type { Outlet } from "./outlet.ts";
import type { Parser } from "./parser.ts";

/** Discord counts milliseconds from the first second of 2015, in the upper 42 of an id's 64 bits (Discord's developer documentation). */
const EPOCH_MS = 1_420_070_400_000;
const BELOW_TIME = 2 ** 22;
/** A double holds an id to 128 of its units: far below a millisecond. Whole seconds apart is another time. */
const APART_MS = 1000;

const NO_MOMENT: Moment = { written: null, local: null, zone: null, instant: null, precision: "none" };
const WORDS = new Set(["Default", "Reply"]);

/** DiscordChatExporter's JSON (fields as its JsonMessageWriter writes them): ISO times with their offset, ids that carry the time again. */
export function discordParser(outlet: Outlet): Parser {
  const sender = discordSenders();
  const cutter = messageCutter((value, { from, to, room }) => {
    const message = fieldsOf(value);
    const at = momentOf(message.timestamp);
    if (at.local === null) outlet.doubts.note("bad-time", from);
    const id = idOf(message.id);
    if (id !== null && !isSameTime(id, at)) outlet.doubts.note("id-against-time", from);
    const forwarded = fieldsOf(message.forwardedMessage);
    const reference = fieldsOf(message.reference);
    const isForward = message.forwardedMessage !== undefined && message.forwardedMessage !== null;
    const media = [...mediaOf(message), ...mediaOf(forwarded)];
    const isService = !WORDS.has(textOf(message.type) ?? "Default");
    const words = [textOf(message.content), textOf(forwarded.content)].filter((part) => part !== null && part !== "");
    outlet.put({
      room,
      id,
      at,
      sender: sender(fieldsOf(message.author)),
      kind: isService ? "service" : media.length > 0 ? "media" : "text",
      text: isService ? [textOf(message.type), ...words].join(" · ") : words.join("\n"),
      replyTo: isForward ? null : idOf(reference.messageId),
      forwardedFrom: isForward ? (idOf(reference.channelId) ?? "") : null,
      editedAt: message.timestampEdited ? momentOf(message.timestampEdited) : null,
      media: media.length > 0 ? media : NO_MEDIA,
      links: linksOf(message),
      raw: { unit: "byte", from, to },
    });
  });
  return {
    push: cutter.push,
    end() {
      const frame = fieldsOf(cutter.end());
      return { variant: null, rooms: [roomOf(frame)], order: "oldest-first", savedAt: textOf(frame.exportedAt) };
    },
  };
}

function momentOf(written: unknown): Moment {
  if (typeof written !== "string") return NO_MOMENT;
  return isoMoment(written) ?? { ...NO_MOMENT, written };
}

function isSameTime(id: string, { instant }: Moment): boolean {
  if (instant === null || !/^\d{1,20}$/.test(id)) return false;
  return Math.abs(Math.floor(Number(id) / BELOW_TIME) + EPOCH_MS - Date.parse(instant)) < APART_MS;
}

function discordSenders(): (author: Fields) => Sender {
  const known = new Map<string, Sender>();
  return (author) => {
    const id = idOf(author.id);
    const [name, nickname] = [textOf(author.name), textOf(author.nickname)];
    const key = `${id} ${name} ${nickname}`;
    const shown = nickname !== null && nickname !== name ? `${nickname} (${name ?? ""})` : name;
    const sender = known.get(key) ?? { handle: id, name: shown };
    if (known.size < 20_000) known.set(key, sender);
    return sender;
  };
}

function mediaOf(message: Fields): ChatMedia[] {
  const why = "the export names it";
  const files = listOf(message.attachments).map((one) => textOf(fieldsOf(one).fileName));
  const stickers = listOf(message.stickers).map((one) => textOf(fieldsOf(one).name));
  return [
    ...files.map((name) => ({ name, sha256: null, why })),
    ...stickers.map((name) => ({ name, sha256: null, why: "sticker" })),
  ];
}

/** Pages that the client showed below the words. */
function linksOf(message: Fields): readonly string[] {
  const embeds = listOf(message.embeds);
  if (embeds.length === 0) return NO_LINKS;
  return embeds.flatMap((embed) => textOf(fieldsOf(embed).url) ?? []);
}

function roomOf(frame: Fields): Room {
  const [guild, channel] = [fieldsOf(frame.guild), fieldsOf(frame.channel)];
  const names = [textOf(guild.name), textOf(channel.category), textOf(channel.name)];
  return {
    name: names.filter((name) => name !== null && name !== "").join(" / ") || null,
    handle: idOf(channel.id),
    type: textOf(channel.type),
  };
}
