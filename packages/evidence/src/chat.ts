/** Chats as evidence: what is shown of them, what is hidden, and that both are proved. */

export type { Doubt, DoubtCode } from "./chat/doubt.ts";
export {
  type ChatExport,
  type ChatPart,
  chatPartSchema,
  exportMessages,
  findUnproved,
  type OriginalMessage,
  originalHash,
  type RedactedCounts,
} from "./chat/export.ts";
export { readChatInWorker } from "./chat/in-worker.ts";
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
export { type ChatSource, readChat, type TakeMessages } from "./chat/read.ts";
export { type ChatReason, ChatRefusal } from "./chat/refusal.ts";
export {
  type Commitment,
  type Committed,
  commitToAll,
  type Disclosed,
  disclose,
  isDisclosed,
} from "./disclosure.ts";
export { type Found, findPersonal, PERSONAL, type Personal, redact } from "./redaction.ts";
