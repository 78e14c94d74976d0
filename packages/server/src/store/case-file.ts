import type { Case } from "../contract/desk.ts";
import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { findConsents, showConsent } from "./consent.ts";
import { findDocuments } from "./document.ts";
import { findItems } from "./item.ts";
import { findNotices } from "./notice-shown.ts";
import { findPlaces } from "./place.ts";
import { findQueueRow } from "./queue.ts";
import { findReleases } from "./release.ts";
import { openCodes } from "./sealed.ts";
import { findFileKeys } from "./sealed-file.ts";
import { findStated } from "./statement.ts";

/** Everything the desk shows of a case, but the wrapped key. Null when there is no such case. */
export async function findCaseFile(
  tx: InTransaction,
  vault: Vault,
  caseId: string,
): Promise<Omit<Case, "wrapped"> | null> {
  const row = await tx.selectFrom("cases").selectAll().where("id", "=", caseId).executeTakeFirst();
  const queueRow = await findQueueRow(tx, vault, caseId);
  if (row === undefined || queueRow === null) return null;
  const { danger, threat, ageBand, harms } = openCodes(vault, row);
  const { statements, name } = await findStated(tx, vault, caseId);
  return {
    ...queueRow,
    keyVersion: row.keyVersion,
    caseRecipient: row.caseRecipient,
    survivorRecipient: row.survivorRecipient,
    codes: { danger, threat, ageBand, harms: [...harms] },
    withdrawalPlan: row.withdrawalPlan,
    consents: (await findConsents(tx, caseId)).map(showConsent),
    mandate: await findMandate(tx, caseId),
    statements: statements.map(({ what, by, at }) => ({ what, by, at: at.toString() })),
    nameInNotices: name,
    safeContactWaiting: row.safeContactWaitingSince !== null,
    documents: await findDocuments(tx, caseId),
    fileKeys: await findFileKeys(tx, caseId),
    items: await findItems(tx, vault, caseId),
    places: await findPlaces(tx, vault, caseId),
    notices: await findNotices(tx, vault, caseId),
    releases: await findReleases(tx, caseId),
  };
}

async function findMandate(tx: InTransaction, caseId: string): Promise<Case["mandate"]> {
  const row = await tx
    .selectFrom("mandate")
    .innerJoin("staff", "staff.id", "mandate.recordedBy")
    .select(["establishedBy as by", "recordedAt", "pseudonym"])
    .where("caseId", "=", caseId)
    .executeTakeFirst();
  return row === undefined
    ? null
    : { by: row.by, recordedAt: row.recordedAt.toString(), recordedBy: row.pseudonym ?? "" };
}
