import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "@scure/base";
import { z } from "zod";
import { type Commitment, type Committed, commitToAll, disclose, isDisclosed } from "../disclosure.ts";
import { PERSONAL, type Personal, redact } from "../redaction.ts";
import { type ChatKey, collectKeys } from "./key.ts";
import { CHAT_FORMATS, type ChatFile, type Message, serviceOf } from "./model.ts";

/** How many of each kind were redacted in what is shown. */
export type RedactedCounts = Readonly<Record<Personal, number>>;

/** A message as it was in the file, for the sealed original: with the salt that opens the hash in what is shown. */
export type OriginalMessage = { readonly index: number; readonly salt: string; readonly text: string };

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const discloseSchema = z.strictObject({
  index: count,
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  /** JSON of the message, personal numbers redacted; `original` is the salted SHA-256 of what it was where that differs. */
  text: z.string().max(8_000_000),
  proof: z.array(hash).max(40),
});
const keySchema = z.strictObject({
  kind: z.enum(["link", "room", "handle"]),
  text: z.string().max(4096),
  times: count,
  messages: z.array(count).max(100),
});

/** `data/chat/NAME.json` of a pack: some messages of one export, the proof that they and the left out ones are all, and nothing of these. */
export const chatPartSchema = z.strictObject({
  version: z.literal(1),
  format: z.enum(CHAT_FORMATS),
  variant: z.string().max(40).nullable(),
  order: z.enum(["oldest-first", "newest-first"]),
  savedAt: z.string().max(200).nullable(),
  bytes: count,
  commitment: z.strictObject({ size: count, root: hash }),
  shown: z.array(discloseSchema).max(200_000),
  leftOut: count,
  redacted: z.record(z.enum(PERSONAL), count),
  doubts: z.array(z.strictObject({ code: z.string().max(40), times: count, places: z.array(count).max(100) })).max(40),
  /** Of the shown messages alone. */
  keys: z.array(keySchema).max(40_000),
});
export type ChatPart = z.infer<typeof chatPartSchema>;

/** `part` goes into the pack. `original` and `committed` are sealed and stay: they open what was redacted and what was left out. */
export type ChatExport = {
  readonly part: ChatPart;
  readonly original: readonly OriginalMessage[];
  readonly committed: Committed;
};

type Redactor = { readonly text: (text: string) => string; readonly counts: () => RedactedCounts };

function redactor(): Redactor {
  const counts = Object.fromEntries(PERSONAL.map((kind) => [kind, 0])) as Record<Personal, number>;
  return {
    text(text) {
      const { text: shown, found } = redact(text);
      for (const { kind } of found) counts[kind]++;
      return shown;
    },
    counts: () => ({ ...counts }),
  };
}

/** Numbers for names of which something was redacted, so that two senders who are phone numbers stay two. */
function senderNumbers(): (name: string) => number {
  const numbers = new Map<string, number>();
  return (name) => {
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return number;
  };
}

function redactMessage(message: Message, hide: (text: string) => string, numberOf: (name: string) => number): Message {
  const maybe = (text: string | null) => (text === null ? null : hide(text));
  const named = (name: string | null) => {
    const shown = maybe(name);
    return name === null || shown === name ? name : `${shown} #${numberOf(name)}`;
  };
  return {
    ...message,
    sender: { handle: named(message.sender.handle), name: named(message.sender.name) },
    text: hide(message.text),
    forwardedFrom: named(message.forwardedFrom),
    media: message.media.map((one) => ({ ...one, name: maybe(one.name), why: hide(one.why) })),
    links: message.links.map(hide),
  };
}

const utf8 = new TextEncoder();

/** Salted, because a phone number can be tried out. */
export function originalHash(salt: string, text: string): string {
  return hex.encode(sha256(utf8.encode(`jikim/message-original/v1\n${salt}\n${text}`)));
}

/**
 * Commits to every message of an export, shows the chosen ones with personal numbers redacted, and says nothing of the others but how
 * many they are. What was redacted is hashed into the leaf under a salt of its own, so that the sealed original proves to be the same.
 *
 * @param chosen  places of messages (`index`).
 * @throws {RangeError} when there is no such message.
 */
export function exportMessages(file: ChatFile, messages: readonly Message[], chosen: readonly number[]): ChatExport {
  const isChosen = new Set(chosen);
  for (const index of isChosen) if (messages[index]?.index !== index) throw new RangeError("no such message");
  const [shownOnes, hiddenOnes] = [redactor(), redactor()];
  const numberOf = senderNumbers();
  const original: OriginalMessage[] = [];
  const shown: Message[] = [];
  const texts = messages.map((message) => {
    const isShown = isChosen.has(message.index);
    const redacted = redactMessage(message, (isShown ? shownOnes : hiddenOnes).text, numberOf);
    const [was, is] = [JSON.stringify(message), JSON.stringify(redacted)];
    if (isShown) shown.push(redacted);
    if (was === is) return JSON.stringify({ ...redacted, original: null });
    const salt = hex.encode(crypto.getRandomValues(new Uint8Array(16)));
    original.push({ index: message.index, salt, text: was });
    return JSON.stringify({ ...redacted, original: originalHash(salt, was) });
  });
  const committed = commitToAll(texts);
  const hide = redactor().text;
  const part: ChatPart = {
    version: 1,
    format: file.format,
    variant: file.variant,
    order: file.order,
    savedAt: file.savedAt === null ? null : hide(file.savedAt),
    bytes: file.bytes,
    commitment: { size: committed.size, root: committed.root },
    shown: disclose(texts, committed, [...isChosen]).map((one) => ({ ...one, proof: [...one.proof] })),
    leftOut: messages.length - isChosen.size,
    redacted: shownOnes.counts(),
    doubts: file.doubts.map(({ code, times, places }) => ({ code, times, places: [...places] })),
    keys: keysOf(file, shown).map((key) => ({ ...key, messages: [...key.messages] })),
  };
  return { part, original, committed };
}

/** Keys of the shown messages alone: those of the others would tell what they hold. */
function keysOf(file: ChatFile, shown: readonly Message[]): ChatKey[] {
  const keys = collectKeys(serviceOf(file.format));
  for (const message of shown) keys.read(message);
  return keys.list();
}

/** Places of shown messages that do not prove to belong to the commitment; empty when all do and the counts agree. Null: counts do not. */
export function findUnproved({ commitment, shown, leftOut }: ChatPart): readonly number[] | null {
  const places = new Set(shown.map(({ index }) => index));
  if (places.size !== shown.length || places.size + leftOut !== commitment.size) return null;
  return shown.filter((one) => !isDisclosed(commitment satisfies Commitment, one)).map(({ index }) => index);
}
