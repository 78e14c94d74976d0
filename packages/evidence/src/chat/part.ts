import { type Commitment, isDisclosed } from "../disclosure.ts";
import { PERSONAL } from "../redaction.ts";
import { z } from "../schema.ts";
import { CHAT_FORMATS } from "./model.ts";

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

/** `data/chat.json` or `data/chat/NAME.json` of a pack: some messages of one export, the proof that they and the left out ones are all, and nothing of these. */
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

/** Places of shown messages that do not prove to belong to the commitment; empty when all do and the counts agree. Null: counts do not. */
export function findUnproved({ commitment, shown, leftOut }: ChatPart): readonly number[] | null {
  const places = new Set(shown.map(({ index }) => index));
  if (places.size !== shown.length || places.size + leftOut !== commitment.size) return null;
  return shown.filter((one) => !isDisclosed(commitment satisfies Commitment, one)).map(({ index }) => index);
}
