import { type Certified, readCertificate } from "./certificate.ts";
import { readSigned, type Signed, sign } from "./signed.ts";

/**
 * What a sealed document holds. age proves no sender, so staff sign what they write, inside the seal: an altered server cannot
 * put words in the centre's mouth, and the signature outlives a change of the case key. What a recipient wrote came by mail: nobody
 * vouches for it, and it is never anything but an answer.
 */
export type CaseDocument =
  | { readonly by: "survivor"; readonly content: unknown }
  | { readonly by: "recipient"; readonly content: unknown }
  | { readonly by: "staff"; readonly certificate: Signed; readonly signed: Signed };

/** What a staff signature binds its content to: a message of one case can not be shown in another. */
export type Binding = { readonly caseId: string; readonly kind: string };

/** A document as its staff author signs it. */
export function writeAsStaff(
  content: unknown,
  binding: Binding,
  author: { readonly certificate: Signed; readonly signingSecret: string },
): CaseDocument {
  return {
    by: "staff",
    certificate: author.certificate,
    signed: sign("document", { ...binding, content }, author.signingSecret),
  };
}

/** What was written, by whom (null for the survivor and for a recipient), or null when a signature or its certificate does not hold. */
export type ReadDocument = { readonly content: unknown; readonly author: Extract<Certified, { kind: "staff" }> | null };

/**
 * Reads an opened document. A certificate that has run out since still tells who wrote it.
 * @param value  what `openSealed` gave; foreign until read here.
 */
export function readDocument(value: unknown, binding: Binding, root: string): ReadDocument | null {
  if (typeof value !== "object" || value === null || !("by" in value)) return null;
  if (value.by === "survivor" || value.by === "recipient") {
    const isOfKind = (value.by === "recipient") === (binding.kind === "answer");
    return isOfKind && "content" in value ? { content: value.content, author: null } : null;
  }
  if (value.by !== "staff" || !("certificate" in value) || !("signed" in value)) return null;
  const author = readCertificate(value.certificate as Signed, "staff", root, Number.NEGATIVE_INFINITY);
  const said = author === null ? null : readSigned("document", value.signed as Signed, author.verifyKey);
  if (author === null || typeof said !== "object" || said === null) return null;
  const { caseId, kind, content } = said as Record<string, unknown>;
  return caseId === binding.caseId && kind === binding.kind ? { content, author } : null;
}
