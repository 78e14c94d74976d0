/** Why an export is not read. `place` is the line (from 1) or the byte (from 0) where reading stopped. */
export type ChatReason =
  | { readonly code: "EMPTY" }
  | { readonly code: "UNKNOWN_FORMAT" }
  | { readonly code: "AMBIGUOUS_FORMAT"; readonly formats: readonly string[] }
  | { readonly code: "NOT_TEXT" }
  | { readonly code: "TOO_LARGE"; readonly most: number }
  | { readonly code: "TOO_MANY_MESSAGES"; readonly most: number }
  | { readonly code: "TOO_LONG"; readonly most: number; readonly place: number }
  | { readonly code: "TOO_DEEP"; readonly most: number; readonly place: number }
  | { readonly code: "BROKEN"; readonly place: number };

const SAID: Readonly<Record<ChatReason["code"], string>> = {
  EMPTY: "The file is empty.",
  UNKNOWN_FORMAT: "The file is no chat export that is known here.",
  AMBIGUOUS_FORMAT: "The file could be of more than one format; name the one it is.",
  NOT_TEXT: "The file is not text.",
  TOO_LARGE: "The file is too large.",
  TOO_MANY_MESSAGES: "The file holds too many messages.",
  TOO_LONG: "A line or a message in the file is too long.",
  TOO_DEEP: "The file is nested too deeply.",
  BROKEN: "The file is damaged or cut off.",
};

/** A chat export that is not read. Says nothing of what the file holds. */
export class ChatRefusal extends Error {
  override readonly name = "ChatRefusal";
  readonly reason: ChatReason;
  constructor(reason: ChatReason) {
    super(SAID[reason.code]);
    this.reason = reason;
  }
}
