/**
 * Chats as evidence: what is shown of them, what is hidden, and that both are proved.
 *
 * In a page: `const chat = await openChatInWorker(new Worker(url of "@jikim/evidence/chat/worker"), file)` reads the file once;
 * `chat.rows(from, count)` and `chat.find({ words, sender, since, until })` give what to choose from, at most 500 rows at a time;
 * `chat.show(places)` reads it again and gives `{ part, original, secret }`; `chat.close()` ends the worker. Memory stays flat up to
 * exports of 4 GB: rows beyond 96 MB are read from the file again. `openChat` is the same without a worker.
 */

export type { Doubt, DoubtCode } from "./chat/doubt.ts";
export {
  type ChatExport,
  exportChat,
  type OriginalMessage,
  originalHash,
  type RedactedCounts,
} from "./chat/export.ts";
export { type ChatInWorker, openChatInWorker, readChatInWorker } from "./chat/in-worker.ts";
export type { ChatKey } from "./chat/key.ts";
export {
  CHAT_FORMATS,
  type ChatFile,
  type ChatFormat,
  type ChatMedia,
  type Message,
  type Moment,
  type RawPlace,
  type Room,
  type Sender,
} from "./chat/model.ts";
export { type OpenChat, openChat } from "./chat/open.ts";
export { type ChatPart, chatPartSchema, findUnproved } from "./chat/part.ts";
export { type ChatSource, readChat, type TakeMessages } from "./chat/read.ts";
export { type ChatReason, ChatRefusal } from "./chat/refusal.ts";
export { type ChatFound, type ChatRow, type ChatSearch, MOST_FOUND, MOST_ROWS } from "./chat/row.ts";
export {
  type Commitment,
  type Committing,
  type Disclosed,
  isDisclosed,
  newSecret,
  openCommitment,
  saltsOf,
} from "./disclosure.ts";
export { type Found, findPersonal, PERSONAL, type Personal, redact } from "./redaction.ts";
