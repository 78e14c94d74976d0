import { openSealed, readDocument, seal, unwrapCaseKey } from "@jikim/evidence";
import { fromBase64url, toBase64url } from "../../shared/base64url.ts";
import { type AnswerContent, readAnswer } from "../../shared/documents.ts";
import type { Opener } from "../case-file.ts";
import type { Case } from "../contract.ts";
import { type Attached, type Mail, openMail } from "../notice-work.ts";

/** The words of a mail, opened in this browser with the case's key; null when they do not open. */
export async function readWords({ id }: Mail, opener: Opener): Promise<AnswerContent | null> {
  const { mail, content, sealed } = await openMail(id);
  if (sealed === null || mail.notice === null) return content;
  const key = await unwrapCaseKey(fromBase64url(sealed.wrapped), opener.key.identity).catch(() => null);
  if (key === null) return null;
  const value = await openSealed(fromBase64url(sealed.document.sealed), key.identity).catch(() => null);
  const read = readDocument(value, { caseId: mail.notice.caseId, kind: "answer" }, opener.root);
  return read === null ? null : readAnswer(read.content);
}

/** What is posted to lay a mail to a notice of `to`: words that are sealed to another case are sealed anew. */
export async function attachedTo(
  to: Pick<Case, "id" | "keyVersion" | "caseRecipient">,
  noticeId: string,
  from: { readonly mail: Mail; readonly words: AnswerContent | null },
): Promise<Attached> {
  if (from.mail.notice === null || from.mail.notice.caseId === to.id || from.words === null) return { noticeId };
  const document = { by: "recipient", content: from.words };
  return {
    noticeId,
    document: { keyVersion: to.keyVersion, sealed: toBase64url(await seal(document, [to.caseRecipient])) },
  };
}
