import type { Signed } from "@jikim/evidence";
import { type MailedNotice, noticeSchema } from "@jikim/sdk/wire";
import { messageIdOf, plusAddress } from "./address.ts";
import type { Mail, MailFile } from "./compose.ts";

/** How a notice goes out, and what goes with it. */
export type NoticePost = {
  readonly to: string;
  readonly from: string;
  readonly archive?: string | null;
  /** The same letter as a document for mail. */
  readonly html?: string;
  readonly reports?: readonly object[];
  /** The letter on paper, and what else belongs to it. */
  readonly files?: readonly MailFile[];
};

/**
 * A notice as a letter a person reads, with the signed text that a machine reads beside it. Answers and returned mail come back to
 * an address that names the notice.
 */
export function noticeMail(notice: Signed, certificate: Signed, post: NoticePost): Mail {
  const { id, letter } = noticeSchema.parse(JSON.parse(notice.payload));
  const { files = [], ...way } = post;
  const attached: MailedNotice = { certificate, notice };
  const machine = { name: "jikim-notice.json", type: "application/json", content: JSON.stringify(attached) };
  return {
    ...way,
    ...answerTo(post.from, id),
    messageId: messageIdOf(id, post.from),
    subject: letter.subject,
    text: letter.text,
    files: [...files, machine],
  };
}

/** Where what concerns a notice comes back to. */
export function answerTo(from: string, noticeId: string): { readonly replyTo: string; readonly returnTo: string } {
  const address = plusAddress(from, noticeId);
  return { replyTo: address, returnTo: address };
}
