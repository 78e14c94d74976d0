import { hourOf, localText, wallMoment, weekdayOf } from "./clock.ts";
import { dateIn, type OrderFound, orderFinder } from "./day-order.ts";
import type { Doubts } from "./doubt.ts";
import { type Gatherer, gatherer, type Meaning, senders } from "./draft.ts";
import { headCache } from "./head-cache.ts";
import { type Moment, NO_MEDIA, NOBODY } from "./model.ts";
import type { Outlet } from "./outlet.ts";
import type { LineParser } from "./parser.ts";

const ROOM_LINE =
  /^\ufeff?\[LINE\] (?:Chat history (?:with|in) (.{1,200})|(.{1,200}?)(?:との|の)トーク履歴|(.{1,200}?)(?:님과의|의)? ?(?:대화|채팅).{0,10})$/;
const SAVED_LINE = /^(?:保存日時|Saved on|저장한 날짜|저장일시) ?[：:] ?(.{1,60})$/;
const DATE_YEAR_FIRST = /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:\(.{1,3}\)| [A-Z][a-z]{2}| .曜日| .요일|\(.요일\))$/;
const DATE_YEAR_LAST = /^([A-Z][a-z]{2}), (\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const HEAD = /^(?:(午前|午後|오전|오후) ?)?(\d{1,2}):(\d{2})(?: ?([AaPp][Mm]))?(\t| )/;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** The room, if the line is the first of a LINE export. */
export function lineRoom(line: string): string | null {
  const [, ...names] = ROOM_LINE.exec(line) ?? [];
  return names.find((name) => name !== undefined) ?? null;
}

/** Whether a line opens a day, as LINE writes it. */
export const isLineDay = (line: string): boolean => DATE_YEAR_FIRST.test(line) || DATE_YEAR_LAST.test(line);
export const isLineHead = (line: string): boolean => HEAD.exec(line)?.[5] === "\t";

const onWeekday = (name: string) => (date: { year: number; month: number; day: number }) =>
  WEEKDAYS[weekdayOf(date.year, date.month, date.day)] === name;

/** Looks through a file for the order of day and month: the day of the week mostly tells. */
export function lineOrder() {
  const finder = orderFinder();
  return {
    line(line: string): boolean {
      if (DATE_YEAR_FIRST.test(line)) return true;
      const [, weekday = "", first, second, year] = DATE_YEAR_LAST.exec(line) ?? [];
      return year !== undefined && finder.see(Number(first), Number(second), Number(year), onWeekday(weekday));
    },
    found: finder.found,
  };
}

const MEDIA =
  /^\[(?:写真|画像|動画|スタンプ|ボイスメッセージ|ファイル|アルバム|Photo|Video|Sticker|Voice message|File|Album|사진|동영상|스티커|음성 ?메시지|파일)\](?: ?(.{1,255}))?$/;
const UNSENT =
  /(?:メッセージの送信を取り消しました|unsent a message|메시지 보내기를 취소했습니다|메시지를 삭제했습니다)\.?$/;

function meaning(doubts: Doubts): (text: string, line: number) => Meaning {
  return (raw, line) => {
    // Words of more than one line stand in quotes, "" for one quote, on most clients.
    const isQuoted = raw.length > 2 && raw.includes("\n") && raw.startsWith('"') && raw.endsWith('"');
    const text = isQuoted ? raw.slice(1, -1).replaceAll('""', '"') : raw;
    const plain = { kind: "text", text, media: NO_MEDIA, editedAt: null } as const;
    const media = text.startsWith("[") && text.length < 300 ? MEDIA.exec(text) : null;
    if (media === null) return plain;
    doubts.note("typed-or-media", line);
    return {
      ...plain,
      kind: "media",
      media: [{ name: media[1] ?? null, sha256: null, why: "LINE's text export holds no media" }],
    };
  };
}

type Day = { readonly year: number; readonly month: number; readonly day: number };
/** The time at the beginning of a line, with the gap that ends it. */
type Head = { readonly at: Moment; readonly whole: string };
type State = { day: Day | null; written: string; isTabbed: boolean | null };

/** LINE's exported text, in the ways its phones and computers write it. Times are to the minute and state no zone. */
export function lineParser(outlet: Outlet, { order, bySequence }: OrderFound): LineParser {
  const messages = gatherer(outlet, meaning(outlet.doubts));
  const sender = senders();
  const state: State = { day: null, written: "", isTabbed: null };
  const known = headCache<Head>();
  let room: string | null = null;
  let savedAt: string | null = null;

  const openDay = (line: string, number: number): boolean => {
    if (line.length > 40) return false;
    const first = DATE_YEAR_FIRST.exec(line);
    const last = first === null ? DATE_YEAR_LAST.exec(line) : null;
    if (first === null && last === null) return false;
    messages.end();
    state.written = line;
    if (first) state.day = { year: Number(first[1]), month: Number(first[2]), day: Number(first[3]) };
    else if (order === null) {
      state.day = null;
      outlet.doubts.note("day-or-month-open", number);
    } else {
      state.day = dateIn(order, Number(last?.[2]), Number(last?.[3]), Number(last?.[4]));
      const fits = state.day !== null && onWeekday(last?.[1] ?? "")(state.day);
      if (!fits) outlet.doubts.note("day-or-month-against", number);
      if (bySequence) outlet.doubts.note("day-or-month-by-order", number);
    }
    return true;
  };

  const momentOf = (match: RegExpExecArray, number: number): Moment => {
    const [whole, before, hour = "", minute = "", after, gap] = match;
    const clock = { hour: hourOf(Number(hour), before ?? after), minute: Number(minute), second: null };
    const local = state.day && localText({ ...state.day, ...clock });
    if (local === null && !(state.day === null && order === null)) outlet.doubts.note("bad-time", number);
    const at = wallMoment(`${state.written} ${whole.trim()}`.trim(), local);
    // Only a tab ends the time whatever follows; what is doubtful is noted for every line.
    if (local !== null && gap === "\t") known.keep(whole, { at, whole });
    return at;
  };

  const begin = ({ at, whole }: Head, line: string, number: number) => {
    const gap = whole.slice(-1);
    const rest = line.slice(whole.length);
    const split = rest.indexOf(gap === "\t" ? "\t" : " ");
    if (split <= 0) {
      messages.begin({ at, sender: NOBODY, kind: UNSENT.test(rest) ? "deleted" : "service", text: rest }, number);
      return;
    }
    // Where spaces part the columns, a name with a space ends too early.
    if (gap === " ") outlet.doubts.note("sender-split", number);
    const text = rest.slice(split + 1);
    messages.begin({ at, sender: sender(rest.slice(0, split)), kind: "text", text }, number);
  };

  return {
    line(line, number) {
      if (number <= 4 && state.written === "") {
        room ??= lineRoom(line);
        savedAt ??= SAVED_LINE.exec(line)?.[1] ?? null;
        if (line === "" || lineRoom(line) !== null || SAVED_LINE.test(line)) return;
      }
      const seen = state.isTabbed === true ? known.find(line) : null;
      if (seen !== null) return begin(seen, line, number);
      if (openDay(line, number)) return known.clear();
      const match = state.written === "" ? null : HEAD.exec(line);
      if (match !== null) state.isTabbed ??= match[5] === "\t";
      if (match !== null && (match[5] === "\t") === state.isTabbed)
        begin({ at: momentOf(match, number), whole: match[0] }, line, number);
      else further(line, number, messages, outlet);
    },
    end() {
      messages.end();
      const variant = state.isTabbed === false ? "spaces" : "tabs";
      return { variant, rooms: [{ name: room, handle: null, type: null }], order: "oldest-first", savedAt };
    },
  };
}

function further(line: string, number: number, messages: Gatherer, outlet: Outlet): void {
  if (!messages.further(line, number) && line !== "") outlet.doubts.note("no-message-yet", number);
}
