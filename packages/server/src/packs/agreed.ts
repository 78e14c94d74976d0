import { createHash } from "node:crypto";
import type { PackGround } from "../contract/packs.ts";
import type { Database } from "../database.ts";
import { consentTo, findConsents } from "../store/consent.ts";
import { findDocument, isDocumentOf } from "../store/document.ts";
import { findMandate } from "../store/notice-facts.ts";

type Agreed = { readonly caseId: string; readonly what: string; readonly at: string };

/**
 * What ties a manifest to what she agreed to: SHA-256 of the centre's record of it, four lines. The case's id is in it, which nobody outside
 * knows, so that the digest cannot be guessed back; the centre can write the lines again at any time.
 */
function digestOf({ caseId, what, at }: Agreed): string {
  return createHash("sha256").update(`jikim/agreed/v1\n${caseId}\n${what}\n${at}\n`).digest("hex");
}

/** Of a capture: the mandate that the case has. Null: there is none. */
export async function agreedToCapture(db: Database, caseId: string): Promise<string | null> {
  const at = await findMandate(db, caseId);
  return at === null ? null : digestOf({ caseId, what: "mandate", at: at.toString() });
}

/** Of a pack for a unit: her consent, or the document in which she agreed to this very unit. Null: a law carries it. */
export async function agreedToHandOver(db: Database, caseId: string, ground: PackGround): Promise<string | null> {
  if (ground.kind === "law") return null;
  if (ground.kind === "agreed") {
    const { documentId: id } = ground;
    const document = (await isDocumentOf(db, caseId, id)) ? await findDocument(db, id) : null;
    return document === null ? null : digestOf({ caseId, what: `document ${id}`, at: document.at });
  }
  const consent = consentTo("police", await findConsents(db, caseId));
  return consent?.state === "given"
    ? digestOf({ caseId, what: "consent police", at: consent.givenAt.toString() })
    : null;
}
