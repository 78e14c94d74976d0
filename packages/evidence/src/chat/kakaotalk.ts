import { hourOf, localText, monthOf, wallMoment } from "./clock.ts";
import { type Gatherer, gatherer, senders } from "./draft.ts";
import { headCache } from "./head-cache.ts";
import { kakaoMeaning, SERVICE } from "./kakaotalk-mark.ts";
import { type Moment, NOBODY, type Sender } from "./model.ts";
import type { Outlet } from "./outlet.ts";
import type { LineParser } from "./parser.ts";

/**
 * KakaoTalk's text exports (shapes as collected in public viewers and sample files; no specification exists). Times are to the minute
 * and state no zone. A name may hold " : " and words may imitate a head: both stay visible as doubts with their lines.
 */
export type KakaoVariant = "android-ko" | "ios-ko" | "ios-ko-day" | "en" | "en-old" | "windows";

const GAP = "[ \\u00a0\\u202f]";
const MONTH = "([A-Z][a-z]{2,8})\\.?";
const KO_CLOCK = `(?:(오전|오후) )?(\\d{1,2}):(\\d{2})`;
const EN_CLOCK = `(\\d{1,2}):(\\d{2})(?:${GAP}?([AaPp][Mm]))?`;

/** The head of a message in each way of writing. `rest` is what follows the time, with the comma or colon before it. */
const HEADS: Readonly<Record<KakaoVariant, RegExp>> = {
  "android-ko": new RegExp(`^(\\d{4})년 (\\d{1,2})월 (\\d{1,2})일 ${KO_CLOCK}(?:,|$)`),
  "ios-ko": new RegExp(`^(\\d{4})\\. (\\d{1,2})\\. (\\d{1,2})\\. ${KO_CLOCK}(?:,|:)`),
  "ios-ko-day": new RegExp(`^${KO_CLOCK}(?:,|:) `),
  en: new RegExp(`^${MONTH} (\\d{1,2}), (\\d{4}),?(?: at)? ${EN_CLOCK}(?:,|:|$)`),
  "en-old": new RegExp(`^${EN_CLOCK}, ${MONTH} (\\d{1,2}), (\\d{4})(?:,|:|$)`),
  windows: new RegExp(`^\\[(.{1,200}?)\\] \\[(?:(오전|오후) )?${EN_CLOCK}\\](?: |$)`),
};

type Day = { readonly year: number; readonly month: number; readonly day: number };
type Read = { readonly day: Day | null; readonly hour: number; readonly minute: number; readonly name: string | null };

function read(variant: KakaoVariant, match: RegExpExecArray): Read {
  const [, a = "", b = "", c = "", d = "", e = "", f = ""] = match;
  const number = (text: string) => Number.parseInt(text, 10);
  switch (variant) {
    case "android-ko":
    case "ios-ko":
      return {
        day: { year: number(a), month: number(b), day: number(c) },
        hour: hourOf(number(e), d),
        minute: number(f),
        name: null,
      };
    case "ios-ko-day":
      return { day: null, hour: hourOf(number(b), a), minute: number(c), name: null };
    case "en":
      return {
        day: { year: number(c), month: monthOf(a), day: number(b) },
        hour: hourOf(number(d), f),
        minute: number(e),
        name: null,
      };
    case "en-old":
      return {
        day: { year: number(f), month: monthOf(d), day: number(e) },
        hour: hourOf(number(a), c),
        minute: number(b),
        name: null,
      };
    case "windows":
      return { day: null, hour: hourOf(number(c), b || e), minute: number(d), name: a };
  }
}

const RULED = /^-{10,} (.{8,60}) -{10,}$/;
const KO_DAY =
  /^(\d{4})년 (\d{1,2})월 (\d{1,2})일(?: [일월화수목금토]요일| (?:오전|오후) \d{1,2}:\d{2}| \d{1,2}:\d{2})?$/;
const EN_DAY = /^(?:[A-Z][a-z]{5,8}, )?([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4})(?:,? .{4,9})?$/;

/** A line that stands alone for the day that begins. */
function dayOf(line: string): Day | null {
  if (line.length > 100) return null;
  const inner = RULED.exec(line)?.[1] ?? line;
  const korean = KO_DAY.exec(inner);
  if (korean) return { year: Number(korean[1]), month: Number(korean[2]), day: Number(korean[3]) };
  const english = EN_DAY.exec(inner);
  if (english === null || monthOf(english[1] ?? "") === 0) return null;
  return { year: Number(english[3]), month: monthOf(english[1] ?? ""), day: Number(english[2]) };
}

const ROOM_LINE =
  /^(?:KakaoTalk Chats with (.{1,200})|(.{1,200}) with KakaoTalk Chats|(.{1,200}?)(?: \d+)? 님과 카카오톡 대화|(.{1,200}) 카카오톡 대화)$/;
const SAVED_LINE = /^(?:저장한 날짜|Date Saved) : (.{1,60})$/;

/** The room, if the line is the first of a KakaoTalk export. */
export function kakaoRoom(line: string): string | null {
  const [, ...names] = ROOM_LINE.exec(line) ?? [];
  return names.find((name) => name !== undefined) ?? null;
}

const ORDER: readonly KakaoVariant[] = ["windows", "android-ko", "ios-ko", "en", "en-old", "ios-ko-day"];

/** Which way of writing has this line for the head of a message. */
export function kakaoVariant(line: string): KakaoVariant | null {
  return ORDER.find((variant) => HEADS[variant].test(line)) ?? null;
}

/** The head of a message: its time, the day that then goes on, all of it as written, and who speaks where it says so. */
type Head = { readonly at: Moment; readonly day: Day | null; readonly whole: string; readonly from: Sender | null };

const ANOTHER = /\] \[(?:오전|오후)? ?\d{1,2}:\d{2}/;

export function kakaoParser(outlet: Outlet): LineParser {
  const messages = gatherer(outlet, kakaoMeaning(outlet.doubts));
  const sender = senders();
  const known = headCache<Head>();
  let variant: KakaoVariant | null = null;
  let day: Day | null = null;
  let room: string | null = null;
  let savedAt: string | null = null;

  const momentOf = (is: KakaoVariant, match: RegExpExecArray, number: number): Head => {
    const { hour, minute, name, day: own } = read(is, match);
    day = own ?? day;
    const local = day && localText({ ...day, hour, minute, second: null });
    if (local === null) outlet.doubts.note("bad-time", number);
    const whole = match[0];
    const at = wallMoment(stampOf(whole), local);
    const head = { at, day, whole, from: name === null ? null : sender(name) };
    // The end of the line ends a head too: that one is not known by its beginning.
    if (local !== null && /[,: ]$/.test(whole)) known.keep(whole, head);
    return head;
  };

  const begin = ({ at, whole, from, day: of }: Head, line: string, number: number) => {
    day = of;
    const rest = line.slice(whole.length);
    if (from !== null) {
      // "] [time]" once more: the name could end there instead.
      if (rest.includes("] [") && ANOTHER.test(rest)) outlet.doubts.note("sender-split", number);
      messages.begin({ at, sender: from, kind: "text", text: rest }, number);
      return;
    }
    const split = whole.endsWith(":") || whole.endsWith(": ") ? -1 : rest.indexOf(" : ");
    if (split === -1) {
      messages.begin({ at, sender: NOBODY, kind: "service", text: rest.trimStart() }, number);
      return;
    }
    const text = rest.slice(split + 3);
    const again = text.indexOf(" : ");
    if (again !== -1 && again <= LONGEST_NAME - 3) outlet.doubts.note("sender-split", number);
    messages.begin({ at, sender: sender(rest.slice(0, split).trimStart()), kind: "text", text }, number);
  };

  return {
    line(line, number) {
      if (number <= HEADER_LINES && variant === null) {
        const clean = line.replace(/^\ufeff/, "");
        room ??= kakaoRoom(clean);
        const saved = SAVED_LINE.exec(clean);
        savedAt ??= saved?.[1] ?? null;
        if (saved || kakaoRoom(clean) !== null || clean === "") return;
      }
      const seen = variant && known.find(line);
      if (seen && seen.whole.length < line.length) return begin(seen, line, number);
      // A line that goes on after its time is no line of a day.
      const one = variant && HEADS[variant].exec(line);
      const begun = one && one[0].length < line.length ? null : dayOf(line);
      if (begun !== null) {
        messages.end();
        day = begun;
        return known.clear();
      }
      variant ??= kakaoVariant(line);
      const match = one ?? (variant && HEADS[variant].exec(line));
      if (variant && match) begin(momentOf(variant, match, number), line, number);
      else further(line, number, { messages, outlet, variant });
    },
    end() {
      messages.end();
      return { variant, rooms: [{ name: room, handle: null, type: null }], order: "oldest-first", savedAt };
    },
  };
}

/** Without the comma or colon that ends it. */
function stampOf(head: string): string {
  let end = head.length;
  while (end > 0 && ",: ".includes(head[end - 1] ?? "x")) end--;
  return head.slice(0, end);
}

const HEADER_LINES = 6;
const LONGEST_NAME = 60;

type Place = { readonly messages: Gatherer; readonly outlet: Outlet; readonly variant: KakaoVariant | null };

/** A line that is no head: more words, or on Windows a line of the client, which has no time of its own. */
function further(line: string, number: number, { messages, outlet, variant }: Place): void {
  if (variant === "windows" && line.length < 300 && SERVICE.test(line)) {
    outlet.doubts.note("service-or-text", number);
    const at = { written: null, local: null, zone: null, instant: null, precision: "none" } as const;
    messages.begin({ at, sender: NOBODY, kind: "service", text: line }, number);
    return;
  }
  if (variant !== null && line.length > 12 && /^[[\d]/.test(line) && kakaoVariant(line) !== null)
    outlet.doubts.note("other-way-of-writing", number);
  if (!messages.further(line, number) && line !== "") outlet.doubts.note("no-message-yet", number);
}
