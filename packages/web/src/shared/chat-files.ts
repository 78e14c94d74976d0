import { type ChatPart, chatPartSchema, type OriginalMessage } from "@jikim/evidence/chat";

/** What her second file holds: the shown messages in which something was hidden, as they were. */
export type ChatOriginal = { readonly version: 1; readonly original: readonly OriginalMessage[] };

/** What her first file holds. Null: it is none. */
export function readChatPart(text: string): ChatPart | null {
  const read = chatPartSchema.safeParse(parse(text));
  return read.success ? read.data : null;
}

export function readChatOriginal(text: string): ChatOriginal | null {
  const value = parse(text);
  if (typeof value !== "object" || value === null) return null;
  const { version, original } = value as Record<string, unknown>;
  if (version !== 1 || !Array.isArray(original)) return null;
  const read = original.flatMap((one: unknown) => readMessage(one) ?? []);
  return read.length === original.length ? { version: 1, original: read } : null;
}

function readMessage(value: unknown): OriginalMessage | null {
  if (typeof value !== "object" || value === null) return null;
  const { index, salt, text } = value as Record<string, unknown>;
  const isRead = typeof index === "number" && typeof salt === "string" && typeof text === "string";
  return isRead ? { index, salt, text } : null;
}

/** What is shown of a message that stands in a part. */
export type ShownMessage = {
  readonly index: number;
  readonly at: string | null;
  readonly handle: string | null;
  readonly name: string | null;
  readonly text: string;
  readonly kind: string;
  readonly media: number;
};

/** The words of a shown message; null when they are not what a part holds. */
export function readShown(index: number, json: string): ShownMessage | null {
  const value = parse(json);
  if (typeof value !== "object" || value === null) return null;
  const { at, sender, text, kind, media } = value as Record<string, unknown>;
  const textOf = (from: unknown, key: string) => {
    const found = typeof from === "object" && from !== null ? (from as Record<string, unknown>)[key] : null;
    return typeof found === "string" ? found : null;
  };
  return {
    index,
    at: textOf(at, "local") ?? textOf(at, "instant") ?? textOf(at, "written"),
    handle: textOf(sender, "handle"),
    name: textOf(sender, "name"),
    text: typeof text === "string" ? text : "",
    kind: typeof kind === "string" ? kind : "text",
    media: Array.isArray(media) ? media.length : 0,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
