import type { Doubt } from "./doubt.ts";
import type { ChatKey } from "./key.ts";

/** The exports that are read, each as its client writes it. */
export const CHAT_FORMATS = [
  "telegram-json",
  "telegram-html",
  "kakaotalk",
  "kakaotalk-csv",
  "discord-json",
  "instagram-json",
  "whatsapp",
  "line",
] as const;
export type ChatFormat = (typeof CHAT_FORMATS)[number];

/** Whose export it is: `telegram`, `kakaotalk`, `discord`, `instagram`, `whatsapp`, `line`. */
export const serviceOf = (format: ChatFormat): string => format.split("-")[0] ?? format;

/** A moment as an export tells it. What it does not say stays null; nothing is filled in from the reader's own zone. */
export type Moment = {
  /** As it stands in the file; null where the file gives none for this message. */
  readonly written: string | null;
  /** The clock on the wall where it was exported, `YYYY-MM-DDTHH:MM[:SS[.sss]]`; null when the file leaves day and month open. */
  readonly local: string | null;
  /** The zone the file states, `Z`, `+09:00`; null where it states none. */
  readonly zone: string | null;
  /** RFC 3339 in UTC, only where the file fixes it. */
  readonly instant: string | null;
  readonly precision: "millisecond" | "second" | "minute" | "none";
};

/** Who wrote: an id or a user name that the service gave out, and the name shown. Both null: nobody is named. */
export type Sender = { readonly handle: string | null; readonly name: string | null };

/** Something that was sent beside words: its name, never its bytes. */
export type ChatMedia = { readonly name: string | null; readonly sha256: string | null; readonly why: string };

/** Where a message stands in the file: lines from 1, or bytes from 0; `to` is the last line, or the byte after the last. */
export type RawPlace = { readonly unit: "line" | "byte"; readonly from: number; readonly to: number };

export type Message = {
  /** Its place in the file, from 0. */
  readonly index: number;
  /** Which of the file's chats; see `ChatFile.rooms`. */
  readonly room: number;
  /** The client's own number of the message. */
  readonly id: string | null;
  readonly at: Moment;
  readonly sender: Sender;
  readonly kind: "text" | "service" | "deleted" | "media";
  readonly text: string;
  /** The `id` of the message it answers. */
  readonly replyTo: string | null;
  readonly forwardedFrom: string | null;
  /** A moment of which all but `written` may be null: that it was edited, not when. */
  readonly editedAt: Moment | null;
  readonly media: readonly ChatMedia[];
  /** Addresses behind words, which the text itself does not show. */
  readonly links: readonly string[];
  readonly raw: RawPlace;
};

/** A message before its place among the others is known. */
export type Draft = Omit<Message, "index">;

export type Room = { readonly name: string | null; readonly handle: string | null; readonly type: string | null };

/** What is known of a file when it has been read to its end. */
export type ChatFile = {
  readonly format: ChatFormat;
  /** Which client's way of writing, such as `ios-ko`; null where the format has one way only. */
  readonly variant: string | null;
  readonly rooms: readonly Room[];
  readonly order: "oldest-first" | "newest-first";
  /** When it was exported, as written. */
  readonly savedAt: string | null;
  readonly messages: number;
  readonly bytes: number;
  readonly doubts: readonly Doubt[];
  readonly keys: readonly ChatKey[];
};

export const NOBODY: Sender = { handle: null, name: null };
export const NO_MEDIA: readonly ChatMedia[] = [];
export const NO_LINKS: readonly string[] = [];
