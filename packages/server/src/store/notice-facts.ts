import type { NoticeFacts } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { consentTo, findConsents } from "./consent.ts";
import { isHostile } from "./recipient.ts";
import { openCodes } from "./sealed.ts";

/** What must be true for a notice of this case to leave; the case's row is locked, so none of it changes until we are done. */
export async function findNoticeFacts(
  tx: InTransaction,
  vault: Vault,
  of: {
    readonly caseRow: { readonly id: string; readonly codesSealed: Buffer };
    readonly recipientId: string;
    readonly places: number;
  },
): Promise<NoticeFacts> {
  const caseId = of.caseRow.id;
  const { threat, policeHold } = openCodes(vault, of.caseRow);
  const mandate = await tx.selectFrom("mandate").select("caseId").where("caseId", "=", caseId).executeTakeFirst();
  // Shared, so that an operator named as the threat meanwhile is seen before anything leaves.
  await tx.selectFrom("recipient").select("id").where("id", "=", of.recipientId).forShare().execute();
  const { isHostile: hostile } = await tx
    .selectFrom("recipient")
    .select(isHostile)
    .where("recipient.id", "=", of.recipientId)
    .executeTakeFirstOrThrow();
  return {
    hasMandate: mandate !== undefined,
    remove: consentTo("remove", await findConsents(tx, caseId)),
    threatActive: threat,
    policeHold,
    recipientHostile: hostile,
    places: of.places,
  };
}

export async function hasMandate(tx: InTransaction, caseId: string): Promise<boolean> {
  const row = await tx.selectFrom("mandate").select("caseId").where("caseId", "=", caseId).executeTakeFirst();
  return row !== undefined;
}
