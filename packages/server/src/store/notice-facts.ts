import type { NoticeFacts } from "@jikim/casework";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { consentTo, findConsents } from "./consent.ts";
import { isHostile } from "./recipient.ts";
import { openCodes } from "./sealed.ts";

/** Whose notice it is, to whom, over how many places. */
export type AboutNotice = {
  readonly caseRow: { readonly id: string; readonly codesSealed: Buffer };
  readonly recipientId: string;
  readonly places: number;
};

/** What must be true for a notice of this case to leave; the case's row is locked, so none of it changes until we are done. */
export async function findNoticeFacts(tx: InTransaction, vault: Vault, of: AboutNotice): Promise<NoticeFacts> {
  // Shared, so that an operator named as the threat meanwhile is seen before anything leaves.
  await tx.selectFrom("recipient").select("id").where("id", "=", of.recipientId).forShare().execute();
  return readNoticeFacts(tx, vault, of);
}

/** The same as it is now, to show something; nothing is locked. */
export async function readNoticeFacts(db: Database, vault: Vault, of: AboutNotice): Promise<NoticeFacts> {
  const caseId = of.caseRow.id;
  const { threat, policeHold } = openCodes(vault, of.caseRow);
  const mandate = await db.selectFrom("mandate").select("caseId").where("caseId", "=", caseId).executeTakeFirst();
  const { isHostile: hostile } = await db
    .selectFrom("recipient")
    .select(isHostile)
    .where("recipient.id", "=", of.recipientId)
    .executeTakeFirstOrThrow();
  return {
    hasMandate: mandate !== undefined,
    remove: consentTo("remove", await findConsents(db, caseId)),
    threatActive: threat,
    policeHold,
    recipientHostile: hostile,
    places: of.places,
  };
}

export async function hasMandate(tx: InTransaction, caseId: string): Promise<boolean> {
  return (await findMandate(tx, caseId)) !== null;
}

/** When the case's mandate was recorded; null while there is none. */
export async function findMandate(db: Database, caseId: string): Promise<Temporal.Instant | null> {
  const row = await db.selectFrom("mandate").select("recordedAt").where("caseId", "=", caseId).executeTakeFirst();
  return row?.recordedAt ?? null;
}
