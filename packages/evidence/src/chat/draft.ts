import { LONGEST_LINE } from "./limit.ts";
import { type ChatMedia, type Draft, type Moment, NO_LINKS, NO_MEDIA, type Sender } from "./model.ts";
import type { Outlet } from "./outlet.ts";
import { ChatRefusal } from "./refusal.ts";

/** What the first line of a message tells. */
export type Head = {
  readonly at: Moment;
  readonly sender: Sender;
  readonly kind: "text" | "service" | "deleted";
  readonly text: string;
};

/** How a client writes what is not words, asked once the message has ended. */
export type Meaning = {
  readonly kind: Draft["kind"];
  readonly text: string;
  readonly media: readonly ChatMedia[];
  readonly editedAt: Moment | null;
};

/** Gathers the lines of one message after another. */
export type Gatherer = {
  readonly begin: (head: Head, line: number) => void;
  readonly further: (text: string, line: number) => boolean;
  readonly end: () => void;
};

/** @param mean  reads the gathered words; told the line where they begin. */
export function gatherer(outlet: Outlet, mean: (text: string, line: number) => Meaning): Gatherer {
  let head: Head | null = null;
  let [text, from, to, before] = ["", 0, 0, ""];
  const end = () => {
    if (head === null) return;
    const { at, sender, kind } = head;
    const meant = kind === "text" ? mean(text, from) : { kind, text, media: NO_MEDIA, editedAt: null };
    const local = at.local ?? before;
    // Compared to the minute: some lines have seconds and some have none.
    if (local < before && local.slice(0, 16) < before.slice(0, 16)) outlet.doubts.note("time-goes-back", from);
    before = local;
    outlet.put({
      room: 0,
      id: null,
      at,
      sender,
      kind: meant.kind,
      text: meant.text,
      replyTo: null,
      forwardedFrom: null,
      editedAt: meant.editedAt,
      media: meant.media,
      links: NO_LINKS,
      raw: { unit: "line", from, to },
    });
    head = null;
  };
  return {
    begin(next, line) {
      end();
      head = next;
      text = next.text;
      from = line;
      to = line;
    },
    /** False when there is no message yet that the line could belong to. */
    further(more, line) {
      if (head === null) return false;
      if (text.length + more.length > LONGEST_LINE)
        throw new ChatRefusal({ code: "TOO_LONG", most: LONGEST_LINE, place: from });
      text += `\n${more}`;
      to = line;
      return true;
    },
    end,
  };
}

/** One sender object for each name, so that a million messages do not hold a million. */
export function senders(): (name: string) => Sender {
  const known = new Map<string, Sender>();
  return (name) => {
    const sender = known.get(name) ?? { handle: null, name };
    if (known.size < MOST_SENDERS) known.set(name, sender);
    return sender;
  };
}

const MOST_SENDERS = 20_000;
