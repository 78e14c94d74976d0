import type { Signed } from "@jikim/evidence";
import { type MailedNotice, noticeSchema } from "@jikim/sdk/wire";
import type { Mail } from "./transport.ts";

/** A notice as a letter a person reads, with the signed text that a machine reads beside it. */
export function noticeMail(
  notice: Signed,
  certificate: Signed,
  { to, from }: { readonly to: string; readonly from: string },
): Mail {
  const { id, letter } = noticeSchema.parse(JSON.parse(notice.payload));
  const attached: MailedNotice = { certificate, notice };
  return {
    to,
    from,
    messageId: messageIdOf(id, from),
    subject: letter.subject,
    text: letter.text,
    attachment: { name: "jikim-notice.json", json: attached },
  };
}

/** The same for every try: whoever gets a mail twice can tell (RFC 5322, 3.6.4). */
export function messageIdOf(id: string, from: string): string {
  return `<${id}@${domainOf(from)}>`;
}

function domainOf(address: string): string {
  return /@([\w.-]+)/.exec(address)?.[1] ?? "jikim.invalid";
}
