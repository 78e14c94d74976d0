import { type SqlBool, sql } from "kysely";
import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { type Codes, sealCodes } from "./sealed.ts";

export async function saveCodes(tx: InTransaction, vault: Vault, caseId: string, codes: Codes): Promise<void> {
  await tx
    .updateTable("cases")
    .set({ codesSealed: sealCodes(vault, caseId, codes) })
    .where("id", "=", caseId)
    .execute();
}

/** Her safe contact was told of a withdrawal that waits, or it needs no telling. */
export async function settleSafeContact(tx: InTransaction, caseId: string): Promise<void> {
  await tx
    .updateTable("cases")
    .set({ safeContactWaitingSince: null, tellingNextAt: null })
    .where("id", "=", caseId)
    .execute();
}

/** No withdrawal waits any more: only a replaced code, recorded at the same moment, still asks that her safe contact be told. */
export async function settleSafeContactUnlessReplaced(tx: InTransaction, caseId: string): Promise<void> {
  await tx.updateTable("cases").set({ tellingNextAt: null }).where("id", "=", caseId).execute();
  await sql`update cases set safe_contact_waiting_since = null where id = ${caseId} and not exists (
    select from release r where r.case_id = cases.id and r.role = 'survivor' and r.what = 'code-replaced'
      and r.released_at = cases.safe_contact_waiting_since)`.execute(tx);
}

/** Staff answered her: no message of hers waits. */
export async function settleMessages(tx: InTransaction, caseId: string): Promise<void> {
  await tx.updateTable("cases").set({ unansweredSince: null }).where("id", "=", caseId).execute();
}

/** Someone takes the case on. */
export async function assignCase(tx: InTransaction, caseId: string, staffId: string): Promise<void> {
  await tx
    .updateTable("cases")
    .set({ assignedTo: staffId, state: "open" })
    .where("id", "=", caseId)
    .where("state", "!=", "closed")
    .execute();
}

export async function closeCase(tx: InTransaction, caseId: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable("cases")
    .set({ state: "closed", closedAt: now.toString() })
    .where("id", "=", caseId)
    .where("state", "!=", "closed")
    .execute();
}

/** What came back opens its case again, unless the case was erased or is about to be. */
export async function reopenCase(tx: InTransaction, caseId: string): Promise<void> {
  await tx
    .updateTable("cases")
    .set({ state: "open", closedAt: null })
    .where("id", "=", caseId)
    .where("state", "=", "closed")
    .where(sql<SqlBool>`not exists (select from erasure e where e.case_id = cases.id
      and (e.case_wanted_at is not null or e.case_erased_at is not null))`)
    .execute();
}

/** Records how entitlement was established; a later record stands in place of the one before. */
export async function recordMandate(
  tx: InTransaction,
  mandate: {
    readonly caseId: string;
    readonly by: "talk" | "documents";
    readonly staffId: string;
    readonly documentId: string;
  },
  now: Temporal.Instant,
): Promise<void> {
  const values = {
    establishedBy: mandate.by,
    recordedAt: now.toString(),
    recordedBy: mandate.staffId,
    documentId: mandate.documentId,
  };
  await tx
    .insertInto("mandate")
    .values({ caseId: mandate.caseId, ...values })
    .onConflict((before) => before.column("caseId").doUpdateSet(values))
    .execute();
}
