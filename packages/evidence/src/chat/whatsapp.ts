import { hourOf, localText, wallMoment } from "./clock.ts";
import { dateIn, type OrderFound, orderFinder } from "./day-order.ts";
import type { Doubts } from "./doubt.ts";
import { gatherer, type Meaning, senders } from "./draft.ts";
import { headCache } from "./head-cache.ts";
import { type Moment, NO_MEDIA, NOBODY } from "./model.ts";
import type { Outlet } from "./outlet.ts";
import type { LineParser } from "./parser.ts";

const GAP = "[ \\u00a0\\u202f]";
const DATE = "(\\d{1,4})([./-]) ?(\\d{1,2})\\2 ?(\\d{1,4})\\.?";
const TIME = `(?:(오전|오후|午前|午後)${GAP})?(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?(?:${GAP}?([aApP]\\.?${GAP}?[mM]\\.?))?`;
const MARK = "[\\u200e\\u200f\\ufeff]*";
/** Android: `date, time - `; iOS: `[date, time] `. Order of day and month follows the phone's language and is inferred over the file. */
const HEADS = [new RegExp(`^${MARK}${DATE},? ${TIME} - `), new RegExp(`^${MARK}\\[${DATE},? ${TIME}\\] `)] as const;

type Read = {
  readonly isPhone: boolean;
  readonly end: number;
  readonly date: readonly [first: number, second: number, year: number] | { year: number; month: number; day: number };
  readonly clock: { readonly hour: number; readonly minute: number; readonly second: number | null };
};

/** Cheap look before the expressions: a head begins with a digit or a bracket, after marks of direction. */
function mayBeHead(line: string): boolean {
  let at = 0;
  while (at < 3 && line.charCodeAt(at) > 0x2000) at++;
  const first = line.charCodeAt(at);
  return first === 0x5b || (first >= 0x30 && first <= 0x39);
}

function readHead(line: string): Read | null {
  if (!mayBeHead(line)) return null;
  const android = HEADS[0].exec(line);
  const match = android ?? HEADS[1].exec(line);
  if (match === null) return null;
  const [whole, a = "", , b = "", c = "", before, hour = "", minute = "", second, after] = match;
  const clock = {
    hour: hourOf(Number(hour), before ?? after),
    minute: Number(minute),
    second: second === undefined ? null : Number(second),
  };
  const full = (year: number) => (year < 100 ? 2000 + year : year);
  const date =
    a.length === 4
      ? { year: Number(a), month: Number(b), day: Number(c) }
      : ([Number(a), Number(b), full(Number(c))] as const);
  return { isPhone: android === null, end: whole.length, date, clock };
}

/** Whether a line is the head of a WhatsApp message. */
export const isWhatsappHead = (line: string): boolean => readHead(line) !== null;

/** Looks through a file for the order of day and month; `line` is true once it is settled. */
export function whatsappOrder() {
  const finder = orderFinder();
  return {
    line(line: string): boolean {
      const date = readHead(line)?.date;
      if (date === undefined) return false;
      // The year first: nothing is open in this file.
      return "year" in date || finder.see(...date);
    },
    found: finder.found,
  };
}

const UNMARKED = /[\u200e\u200f]/g;
const OMITTED =
  /^<Media omitted>$|^<미디어 파일을 제외한 내용>$|^<?(?:image|video|audio|sticker|GIF|document|Contact card) omitted>?$/i;
const ATTACHED = /^<(?:attached|첨부): (.{1,255})>|^(.{1,255}\.\w{2,5}) \((?:file attached|파일 첨부됨)\)/;
const DELETED =
  /^(?:This message was deleted|You deleted this message|This message was deleted by admin .{1,100}|삭제된 메시지입니다|내가 삭제한 메시지입니다)\.?$/i;
/** What each of the three needs: most messages have none of it. */
const HINT = /<|omitted|attached\)|첨부됨\)|deleted|삭제/i;
const EDITED = / ?<(?:This message was edited|편집된 메시지입니다\.?)>$/;

function meaning(doubts: Doubts): (text: string, line: number) => Meaning {
  return (raw, line) => {
    const edited = raw.endsWith(">") ? EDITED.exec(raw.slice(-80)) : null;
    const text = edited ? raw.slice(0, -edited[0].length) : raw;
    const editedAt: Moment | null = edited ? wallMoment(edited[0].trim(), null) : null;
    const plain = { kind: "text", text, media: NO_MEDIA, editedAt } as const;
    if ((text.length > LONGEST_MARK && !text.includes("<")) || !HINT.test(text)) return plain;
    const bare = text.slice(0, LONGEST_MARK).replace(UNMARKED, "");
    const isMarked = text.includes("\u200e");
    if (DELETED.test(bare)) {
      if (!isMarked) doubts.note("typed-or-media", line);
      return { ...plain, kind: "deleted" };
    }
    const attached = ATTACHED.exec(bare);
    if (attached === null && !OMITTED.test(bare)) return plain;
    if (!isMarked) doubts.note("typed-or-media", line);
    const name = attached?.[1] ?? attached?.[2] ?? null;
    const why = attached ? "the export names it and holds it beside this file" : "left out of the export";
    return { ...plain, kind: "media", media: [{ name, sha256: null, why }] };
  };
}

const LONGEST_MARK = 300;

/** WhatsApp's exported text. Where nothing in the file tells day from month, its dates stay as written. */
export function whatsappParser(outlet: Outlet, { order, bySequence }: OrderFound): LineParser {
  const messages = gatherer(outlet, meaning(outlet.doubts));
  const sender = senders();
  let variant: "android" | "ios" | null = null;
  const known = headCache<{ readonly head: Read; readonly at: Moment }>();

  const localOf = ({ date, clock }: Read, line: number): string | null => {
    if ("year" in date) return localText({ ...date, ...clock });
    if (order === null) {
      outlet.doubts.note("day-or-month-open", line);
      return null;
    }
    if (bySequence) outlet.doubts.note("day-or-month-by-order", line);
    const found = dateIn(order, ...date);
    if (found === null) outlet.doubts.note("day-or-month-against", line);
    return found && localText({ ...found, ...clock });
  };

  const momentOf = (head: Read, line: string, number: number): Moment => {
    const local = localOf(head, number);
    if (local === null && order !== null) outlet.doubts.note("bad-time", number);
    const stamp = line.slice(0, head.end).replace(/^[\u200e\u200f\ufeff]*\[?|(?: -|\]) $/g, "");
    const at = wallMoment(stamp, local);
    // What is doubtful is noted for every line.
    if (local !== null && !bySequence) known.keep(line.slice(0, head.end), { head, at });
    return at;
  };

  return {
    line(line, number) {
      const seen = known.find(line);
      const head = seen?.head ?? readHead(line);
      const written = head?.isPhone ? "ios" : "android";
      if (head === null || (variant !== null && written !== variant)) {
        if (head !== null) outlet.doubts.note("other-way-of-writing", number);
        if (!messages.further(line, number) && line !== "") outlet.doubts.note("no-message-yet", number);
        return;
      }
      variant = written;
      const at = seen?.at ?? momentOf(head, line, number);
      const rest = line.slice(head.end);
      const split = rest.indexOf(": ");
      if (split <= 0) {
        messages.begin({ at, sender: NOBODY, kind: "service", text: rest }, number);
        return;
      }
      const text = rest.slice(split + 2);
      if (text.slice(0, 60).includes(": ")) outlet.doubts.note("sender-split", number);
      messages.begin({ at, sender: sender(rest.slice(0, split).replace(UNMARKED, "")), kind: "text", text }, number);
    },
    end() {
      messages.end();
      return { variant, rooms: [{ name: null, handle: null, type: null }], order: "oldest-first", savedAt: null };
    },
  };
}
