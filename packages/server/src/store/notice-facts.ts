import type { NoticeFacts } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { consentTo, findConsents } from "./consent.ts";
import { openCodes } from "./sealed.ts";

/** What must be true for a notice of this case to leave; the case's row is locked, so none of it changes until we are done. */
export async function findNoticeFacts(
  tx: InTransaction,
  vault: Vault,
  of: {
    readonly caseRow: { readonly id: string; readonly codesSealed: Buffer };
    readonly platformId: string;
    readonly places: number;
  },
): Promise<NoticeFacts> {
  const caseId = of.caseRow.id;
  const { threat, policeHold } = openCodes(vault, of.caseRow);
  const mandate = await tx.selectFrom("mandate").select("caseId").where("caseId", "=", caseId).executeTakeFirst();
  // Shared, so that an operator named as the threat meanwhile is seen before anything leaves.
  const platform = await tx
    .selectFrom("platform")
    .select("hostile")
    .where("id", "=", of.platformId)
    .forShare()
    .executeTakeFirstOrThrow();
  return {
    hasMandate: mandate !== undefined,
    remove: consentTo("remove", await findConsents(tx, caseId)),
    threatActive: threat,
    policeHold,
    recipientHostile: platform.hostile,
    places: of.places,
  };
}

export async function hasMandate(tx: InTransaction, caseId: string): Promise<boolean> {
  const row = await tx.selectFrom("mandate").select("caseId").where("caseId", "=", caseId).executeTakeFirst();
  return row !== undefined;
}
