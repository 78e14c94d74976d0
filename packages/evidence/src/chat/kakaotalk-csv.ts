import { localText, wallMoment } from "./clock.ts";
import { gatherer, senders } from "./draft.ts";
import { kakaoMeaning } from "./kakaotalk-mark.ts";
import { LONGEST_LINE } from "./limit.ts";
import { type Moment, NOBODY } from "./model.ts";
import type { Outlet } from "./outlet.ts";
import type { LineParser } from "./parser.ts";
import { ChatRefusal } from "./refusal.ts";

export const CSV_HEAD = /^\ufeff?"?Date"?,"?User"?,"?Message"?\s*$/;
const TIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;

/** KakaoTalk for Mac: Date,User,Message as RFC 4180 writes it, to the second, without a zone. A row without a date is the client's own. */
export function kakaoCsvParser(outlet: Outlet): LineParser {
  const messages = gatherer(outlet, kakaoMeaning(outlet.doubts));
  const sender = senders();
  let [row, from, isOpen] = ["", 0, false];

  const take = (to: number) => {
    const [written = "", name = "", ...rest] = fieldsOf(row);
    const words = rest.length === 1 ? (rest[0] ?? "") : rest.join(",");
    const [first = "", ...lines] = words.includes("\n") ? words.split("\n") : [words];
    const at = momentOf(written);
    if (written !== "" && at.local === null) outlet.doubts.note("bad-time", from);
    const head = { at, sender: name === "" ? NOBODY : sender(name), text: first } as const;
    messages.begin({ ...head, kind: written === "" || name === "" ? "service" : "text" }, from);
    for (const [at, line] of lines.entries()) messages.further(line, Math.min(to, from + at + 1));
    messages.end();
  };

  return {
    line(line, number) {
      if (number === 1 && CSV_HEAD.test(line)) return;
      if (!isOpen && line === "") return;
      if (!isOpen) from = number;
      row = isOpen ? `${row}\n${line}` : line;
      if (row.length > LONGEST_LINE) throw new ChatRefusal({ code: "TOO_LONG", most: LONGEST_LINE, place: from });
      isOpen = isOpen !== hasOddQuotes(line);
      if (!isOpen) take(number);
    },
    end() {
      if (isOpen) throw new ChatRefusal({ code: "BROKEN", place: from });
      return {
        variant: "mac-csv",
        rooms: [{ name: null, handle: null, type: null }],
        order: "oldest-first",
        savedAt: null,
      };
    },
  };
}

function hasOddQuotes(line: string): boolean {
  let odd = false;
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

/** A field in quotes with "" for a quote, or a bare one up to the comma. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^,]*))(?:,|$)/y;

/** The field at a place without an expression, and where the next begins; null where quotes need one. */
function plainField(row: string, at: number): { readonly field: string; readonly next: number } | null {
  if (row.charCodeAt(at) !== QUOTE) {
    const comma = row.indexOf(",", at);
    return comma === -1 ? { field: row.slice(at), next: row.length } : { field: row.slice(at, comma), next: comma + 1 };
  }
  const end = row.indexOf('"', at + 1);
  if (end === -1 || (end + 1 < row.length && row.charCodeAt(end + 1) !== COMMA)) return null;
  return { field: row.slice(at + 1, end), next: Math.min(end + 2, row.length) };
}

const [QUOTE, COMMA] = [34, 44];

function fieldsOf(row: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at < row.length && fields.length < 3) {
    const plain = plainField(row, at);
    if (plain !== null) {
      fields.push(plain.field);
      at = plain.next;
      continue;
    }
    FIELD.lastIndex = at;
    const match = FIELD.exec(row);
    // Quotes inside a bare field: the rest is taken as it stands.
    if (match === null || match[0] === "") return [...fields, row.slice(at)];
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    at = FIELD.lastIndex;
  }
  const rest = row.slice(at);
  return fields.length === 3 && at > 0 && rest !== "" ? [...fields, rest] : fields;
}

function momentOf(written: string): Moment {
  if (written === last.written) return last;
  const moment = readMoment(written);
  if (written !== "") last = moment;
  return moment;
}

/** The time of the row before: rows of one second follow one another. */
let last: Moment = { written: null, local: null, zone: null, instant: null, precision: "none" };

function readMoment(written: string): Moment {
  const [, year, month, day, hour, minute, second] = TIME.exec(written) ?? [];
  const wall = { year: Number(year), month: Number(month), day: Number(day) };
  const local = localText({ ...wall, hour: Number(hour), minute: Number(minute), second: Number(second) });
  return { ...wallMoment(written, local), written: written === "" ? null : written };
}
