import { Parser as HtmlParser } from "htmlparser2";
import { epochInstant, localText, wallMoment } from "./clock.ts";
import { LONGEST_LINE } from "./limit.ts";
import { type ChatMedia, type Moment, NO_LINKS, NO_MEDIA, NOBODY, type Sender } from "./model.ts";
import type { Outlet } from "./outlet.ts";
import type { LineParser } from "./parser.ts";
import { ChatRefusal } from "./refusal.ts";

/** A message's div opens a line of its own, in every version of the export. */
const OPENING = /^\s*<div class="message (?:default|service)/;
export const isTelegramHtmlMessage = (line: string): boolean => OPENING.test(line);

/** What the page shows of one message. */
type Seen = {
  readonly isService: boolean;
  readonly isJoined: boolean;
  readonly id: string | null;
  time: string | null;
  name: string;
  text: string;
  details: string;
  replyTo: string | null;
  forwardedFrom: string | null;
  hasMedia: boolean;
  media: string | null;
  mediaTitle: string;
  mediaStatus: string;
  links: readonly string[];
};

type Field = "name" | "text" | "details" | "mediaTitle" | "mediaStatus" | "forwarded";
type Level = { readonly tag: string; readonly field: Field | null };

/** @param classes  with a space at both ends. */
function fieldOf(classes: string, isForwarded: boolean): Field | null {
  if (classes.includes(" from_name ")) return isForwarded ? "forwarded" : "name";
  if (classes.includes(" text ")) return "text";
  if (classes.includes(" title ")) return "mediaTitle";
  if (classes.includes(" status ")) return "mediaStatus";
  return null;
}

const VOID = new Set(["br", "img", "video", "source", "meta", "link", "input", "hr"]);

/** Reads the HTML of one message after another with a parser of HTML, by the classes that Telegram Desktop gives its parts. */
function blockReader(): (html: string) => Seen | null {
  let seen: Seen | null = null;
  let levels: Level[] = [];
  let forwardedAt = -1;
  const parser = new HtmlParser({
    onopentag(tag, attributes) {
      const classes = ` ${attributes.class ?? ""} `;
      if (seen === null) {
        if (!classes.includes(" message ")) return;
        const id = /^message(-?\d{1,20})$/.exec(attributes.id ?? "")?.[1] ?? null;
        seen = {
          ...EMPTY,
          links: [],
          isService: classes.includes(" service "),
          isJoined: classes.includes(" joined "),
          id,
        };
      }
      const field = take(seen, { tag, classes, attributes, isForwarded: forwardedAt !== -1 });
      if (classes.includes(" forwarded ") && forwardedAt === -1) forwardedAt = levels.length;
      if (!VOID.has(tag)) levels.push({ tag, field: field ?? levels.at(-1)?.field ?? null });
      if (levels.length > 64) throw new RangeError("deep");
    },
    ontext(text) {
      const field = levels.at(-1)?.field;
      if (seen === null || !field) return;
      if (field === "forwarded") seen.forwardedFrom = (seen.forwardedFrom ?? "") + text;
      else seen[field] += text;
    },
    onclosetag(tag) {
      if (VOID.has(tag)) return;
      levels.pop();
      if (levels.length <= forwardedAt) forwardedAt = -1;
    },
  });
  return (html) => {
    [seen, levels, forwardedAt] = [null, [], -1];
    parser.parseComplete(html);
    return seen;
  };
}

/**
 * A message of nothing but a time, a name and plain words, as most are: its parts are read off without a parser. Anything else in it, a
 * link or an entity alike, and it does not match. No two neighbours here take the same letters, so that it is one pass.
 */
const PLAIN = new RegExp(
  [
    /^\s*<div class="message default clearfix( joined)?" id="message(-?\d{1,20})">\s*/,
    /(?:<div class="pull_left userpic_wrap">\s*<div class="userpic [^"<>&]*"[^<>&]*>\s*<div class="initials"[^<>&]*>[^<&]*<\/div>\s*<\/div>\s*<\/div>\s*)?/,
    /<div class="body">\s*<div class="pull_right date details" title="([^"<>&]*)">[^<&]*<\/div>\s*/,
    /(?:<div class="from_name">([^<&]*)<\/div>\s*)?<div class="text">([^<&]*)<\/div>\s*<\/div>\s*<\/div>\s*$/,
  ]
    .map(({ source }) => source)
    .join(""),
);

function readPlain(html: string): Seen | null {
  const [, joined, id, time, name, text] = PLAIN.exec(html) ?? [];
  if (id === undefined || time === undefined || text === undefined) return null;
  return {
    ...EMPTY,
    links: NO_LINKS,
    isService: false,
    isJoined: joined !== undefined,
    id,
    time,
    name: name ?? "",
    text,
  };
}

const EMPTY = {
  time: null,
  name: "",
  text: "",
  details: "",
  replyTo: null,
  forwardedFrom: null,
  hasMedia: false,
  media: null,
  mediaTitle: "",
  mediaStatus: "",
} as const;

type Opened = {
  readonly tag: string;
  /** With a space at both ends. */
  readonly classes: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly isForwarded: boolean;
};

function take(seen: Seen, { tag, classes, attributes, isForwarded }: Opened): Field | null {
  if (tag === "br") seen.text += "\n";
  if (classes.includes(" date ") && classes.includes(" details ")) {
    if (!isForwarded) seen.time ??= attributes.title ?? null;
    return null;
  }
  const href = attributes.href ?? "";
  const reply = /go_to_message(\d{1,20})$/.exec(href)?.[1];
  if (reply !== undefined && !seen.isService) seen.replyTo ??= reply;
  else if (/^(?:https?|tg):/.test(href) && seen.links.length < 100) seen.links = [...seen.links, href];
  if (classes.includes(" media_wrap ")) seen.hasMedia = true;
  if (seen.hasMedia && href !== "" && !/^[a-z]+:|^#/i.test(href)) seen.media ??= href;
  if (seen.isService && classes.includes(" details ")) return "details";
  return fieldOf(classes, isForwarded);
}

const TITLE = /^(\d{2})\.(\d{2})\.(\d{4}) (\d{2}):(\d{2}):(\d{2})(?: UTC([+-]\d{2}:\d{2}))?$/;

function momentOf(title: string | null): Moment {
  const [, day, month, year, hour, minute, second, zone] = TITLE.exec(title ?? "") ?? [];
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const local = localText({ ...date, hour: Number(hour), minute: Number(minute), second: Number(second) });
  const moment = { ...wallMoment(title ?? "", local), written: title };
  if (zone === undefined || local === null) return moment;
  return { ...moment, zone, instant: epochInstant(Date.parse(`${local}${zone}`)) };
}

function mediaOf({ hasMedia, media, mediaTitle, mediaStatus }: Seen): readonly ChatMedia[] {
  if (!hasMedia) return NO_MEDIA;
  const why = [mediaTitle.trim(), mediaStatus.trim()].filter((part) => part !== "").join(", ");
  const name = media === null ? null : media.slice(media.lastIndexOf("/") + 1);
  return [{ name, sha256: null, why: why || "the export names it and holds it beside this file" }];
}

/** Telegram Desktop's messages.html; each further file (messages2.html) is read as a file of its own. */
export function telegramHtmlParser(outlet: Outlet): LineParser {
  let [block, from, to]: [string[], number, number] = [[], 0, 0];
  let [length, head] = [0, ""];
  let last: Sender | null = null;
  const readBlock = blockReader();

  const put = (seen: Seen) => {
    const at = momentOf(seen.time);
    const text = (seen.isService ? seen.details : seen.text).trim();
    // A service line for a day carries no time of its own.
    if (at.local === null && !seen.isService) outlet.doubts.note("bad-time", from);
    const name = seen.name.trim();
    if (!seen.isService && name === "" && last === null) outlet.doubts.note("sender-not-said", from);
    const sender: Sender = name === "" ? (last ?? NOBODY) : last?.name === name ? last : { handle: null, name };
    if (!seen.isService) last = sender;
    const media = mediaOf(seen);
    outlet.put({
      room: 0,
      id: seen.id,
      at,
      sender: seen.isService ? NOBODY : sender,
      kind: seen.isService ? "service" : media.length > 0 ? "media" : "text",
      text,
      replyTo: seen.replyTo,
      forwardedFrom: seen.forwardedFrom?.trim() ?? null,
      editedAt: null,
      media,
      links: seen.links.length > 0 ? seen.links.filter((link) => !text.includes(link)) : NO_LINKS,
      raw: { unit: "line", from, to },
    });
  };
  const finish = () => {
    if (from === 0) return;
    let seen: Seen | null;
    try {
      const html = block.join("\n");
      seen = readPlain(html) ?? readBlock(html);
    } catch (error) {
      if (error instanceof RangeError) throw new ChatRefusal({ code: "TOO_DEEP", most: 64, place: from });
      throw error;
    }
    if (seen !== null) put(seen);
  };

  return {
    line(line, number) {
      if (OPENING.test(line)) {
        finish();
        [block, length, from] = [[], 0, number];
      } else if (from === 0) {
        if (head.length < 20_000) head += `${line}\n`;
        return;
      }
      length += line.length + 1;
      if (length > LONGEST_LINE) throw new ChatRefusal({ code: "TOO_LONG", most: LONGEST_LINE, place: from });
      if (line.trim() !== "") to = number;
      block.push(line);
    },
    end() {
      finish();
      return {
        variant: null,
        rooms: [{ name: roomOf(head), handle: null, type: null }],
        order: "oldest-first",
        savedAt: null,
      };
    },
  };
}

/** The name above the messages: the first bold text of the page's header. */
function roomOf(head: string): string | null {
  let [isName, name] = [false, ""];
  const parser = new HtmlParser({
    onopentag(tag, { class: classes = "" }) {
      isName = tag === "div" && name.trim() === "" && classes.split(" ").includes("bold");
    },
    ontext(text) {
      if (isName) name += text;
    },
    onclosetag() {
      isName = false;
    },
  });
  parser.end(head);
  return name.trim() || null;
}
