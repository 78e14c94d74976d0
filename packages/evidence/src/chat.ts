/** Chats as evidence: what is shown of them, what is hidden, and that both are proved. */
export {
  type Commitment,
  type Committed,
  commitToAll,
  type Disclosed,
  disclose,
  isDisclosed,
} from "./disclosure.ts";
export { type Found, findPersonal, PERSONAL, type Personal, redact } from "./redaction.ts";
