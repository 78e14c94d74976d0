import type { Message } from "./model.ts";

/** A message as far as choosing needs it. */
export type ChatRow = {
  readonly index: number;
  /** Which of the file's chats. */
  readonly room: number;
  /** Local time without its zone, else an instant, else as written; null when the file gives none. */
  readonly at: string | null;
  /** Name, else handle. */
  readonly sender: string | null;
  readonly kind: Message["kind"];
  /** The first two hundred characters. */
  readonly text: string;
};

/** What is looked for: all that is given must fit. Words are looked for in the first two hundred characters, without regard to case. */
export type ChatSearch = {
  readonly words?: string;
  readonly sender?: string;
  /** As `at` of a row, both ends included; a beginning such as `2024-03` is enough. */
  readonly since?: string;
  readonly until?: string;
};

/** Places in order, at most `MOST_FOUND`; `times` counts all. */
export type ChatFound = { readonly places: readonly number[]; readonly times: number };

/** At most so many rows are given at once. */
export const MOST_ROWS = 500;
export const MOST_FOUND = 20_000;
const SHOWN = 200;

export function rowOf({ index, room, at, sender, kind, text }: Message): ChatRow {
  const { handle, name } = sender;
  const time = at.local ?? at.instant ?? at.written;
  return { index, room, at: time, sender: name ?? handle, kind, text: firstOf(text) };
}

/** Never half of a letter that takes two units. */
function firstOf(text: string): string {
  if (text.length <= SHOWN) return text;
  const last = text.charCodeAt(SHOWN - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? SHOWN - 1 : SHOWN);
}

export function fits({ at, sender, text }: ChatRow, wanted: ChatSearch): boolean {
  if (wanted.sender !== undefined && sender !== wanted.sender) return false;
  if (wanted.since !== undefined && (at === null || at < wanted.since)) return false;
  if (wanted.until !== undefined && (at === null || at.slice(0, wanted.until.length) > wanted.until)) return false;
  return wanted.words === undefined || text.toLowerCase().includes(wanted.words.toLowerCase());
}
