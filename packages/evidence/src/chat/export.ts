import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "@scure/base";
import { type Committing, newSecret, openCommitment, saltsOf } from "../disclosure.ts";
import { PERSONAL, type Personal, redact } from "../redaction.ts";
import { type ChatKey, collectKeys } from "./key.ts";
import { type ChatFile, type ChatFormat, type Message, serviceOf } from "./model.ts";
import type { ChatPart } from "./part.ts";
import { type ChatSource, readChat } from "./read.ts";

/** How many of each kind were redacted in what is shown. */
export type RedactedCounts = Readonly<Record<Personal, number>>;

/** A message as it was in the file, for the sealed original: with the salt that opens the hash in what is shown. */
export type OriginalMessage = { readonly index: number; readonly salt: string; readonly text: string };

/**
 * `part` goes into the pack. `original`, what was redacted in the shown messages as it was, is sealed and stays. So is `secret` (hex): with
 * it and the same file more can be shown under the same commitment. Who has both secret and part can try guesses at what was left out, so
 * it is sealed to her or her case alone and never goes into a pack. Messages that were left out are in none of the three.
 */
export type ChatExport = {
  readonly part: ChatPart;
  readonly original: readonly OriginalMessage[];
  readonly secret: string;
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

/** The very same message when nothing in it was redacted. */
function redactMessage(message: Message, hide: (text: string) => string, numberOf: (name: string) => number): Message {
  const maybe = (text: string | null) => (text === null ? null : hide(text));
  const named = (name: string | null) => {
    const shown = maybe(name);
    return name === null || shown === name ? name : `${shown} #${numberOf(name)}`;
  };
  const { handle, name } = message.sender;
  const sender = { handle: named(handle), name: named(name) };
  const [text, forwardedFrom] = [hide(message.text), named(message.forwardedFrom)];
  const media = message.media.map((one) => ({ ...one, name: maybe(one.name), why: hide(one.why) }));
  const links = message.links.map(hide);
  const isSame =
    sender.handle === handle &&
    sender.name === name &&
    text === message.text &&
    forwardedFrom === message.forwardedFrom &&
    media.every(({ name, why }, at) => name === message.media[at]?.name && why === message.media[at]?.why) &&
    links.every((link, at) => link === message.links[at]);
  return isSame ? message : { ...message, sender, text, forwardedFrom, media, links };
}

const utf8 = new TextEncoder();

/** Salted, because a phone number can be tried out. */
export function originalHash(salt: string, text: string): string {
  return hex.encode(sha256(utf8.encode(`jikim/message-original/v1\n${salt}\n${text}`)));
}

/**
 * Reads an export once more, commits to every message of it, shows the chosen ones with personal numbers redacted, and says nothing of the
 * others but how many they are. What was redacted is hashed into the leaf under a salt of its own, so that the sealed original proves to
 * be the same. Memory holds what is shown, not what is read. The same file, format and secret give the same commitment again, so that more
 * can be shown later.
 *
 * @param chosen  places of messages (`index`).
 * @throws {ChatRefusal}
 * @throws {RangeError} when there is no such message.
 */
export async function exportChat(
  source: ChatSource,
  chosen: readonly number[],
  { format, secret = newSecret() }: { readonly format?: ChatFormat; readonly secret?: Uint8Array } = {},
): Promise<ChatExport> {
  const isChosen = new Set(chosen);
  const [commitment, counted, uncounted] = [openCommitment(secret, isChosen), redactor(), redactor()];
  const [saltOf, numberOf] = [saltsOf(secret, "original"), senderNumbers()];
  const original: OriginalMessage[] = [];
  const shown: Message[] = [];
  const take = (message: Message) => {
    const { index } = message;
    const isShown = isChosen.has(index);
    const redacted = redactMessage(message, (isShown ? counted : uncounted).text, numberOf);
    if (isShown) shown.push(redacted);
    if (redacted === message) return commitment.add(JSON.stringify({ ...message, original: null }));
    const [salt, text] = [hex.encode(saltOf(index)), JSON.stringify(message)];
    if (isShown) original.push({ index, salt, text });
    commitment.add(JSON.stringify({ ...redacted, original: originalHash(salt, text) }));
  };
  const file = await readChat(source, (messages) => messages.forEach(take), format);
  const ended = commitment.end();
  return {
    part: partOf(file, shown, { ...ended, redacted: counted.counts() }),
    original,
    secret: hex.encode(secret),
  };
}

type Shown = ReturnType<Committing["end"]> & { readonly redacted: RedactedCounts };

function partOf(file: ChatFile, messages: readonly Message[], { commitment, shown, redacted }: Shown): ChatPart {
  return {
    version: 1,
    format: file.format,
    variant: file.variant,
    order: file.order,
    savedAt: file.savedAt === null ? null : redact(file.savedAt).text,
    bytes: file.bytes,
    commitment,
    shown: shown.map((one) => ({ ...one, proof: [...one.proof] })),
    leftOut: commitment.size - shown.length,
    redacted,
    doubts: file.doubts.map(({ code, times, places }) => ({ code, times, places: [...places] })),
    keys: keysOf(file, messages).map((key) => ({ ...key, messages: [...key.messages] })),
  };
}

/** Keys of the shown messages alone: those of the others would tell what they hold. */
function keysOf(file: ChatFile, shown: readonly Message[]): ChatKey[] {
  const keys = collectKeys(serviceOf(file.format));
  for (const message of shown) keys.read(message);
  return keys.list();
}
