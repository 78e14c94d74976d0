import { sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { rememberErased } from "./erased-notice.ts";
import { eraseEntries } from "./log.ts";
import { type Codes, sealCodes } from "./sealed.ts";

/** Days in which those who were asked are told that she wants no more, before their answers are of no use to anybody. Ours. */
const MOST_TELLING_DAYS = 14;

/** When a case that is to be erased is gone at the latest. */
export function latestErasure(wantedAt: Temporal.Instant): Temporal.Instant {
  return wantedAt.add({ hours: 24 * MOST_TELLING_DAYS });
}

/** Nothing: what codes say of a case that was erased. */
const NO_CODES: Codes = { danger: false, threat: false, policeHold: false, ageBand: "unknown", harms: [] };

export type Erasing = {
  readonly caseId: string;
  readonly at: Temporal.Instant;
  /** Fingerprints that are on the list stay there, with her consent to it. */
  readonly list: "keep" | "gone";
};

/**
 * Erases a locked case whose evidence was erased: what she wrote, her places, items, notices and what came of them, consents and keys. A bare row
 * stays, by which her code still tells her that it is gone; of items that were ever on the list their number and kind; of what a platform's
 * feed must still say, its end without the letter.
 */
export async function eraseCase(tx: InTransaction, vault: Vault, { caseId, at, list }: Erasing): Promise<void> {
  const moment = at.toString();
  await eraseNotices(tx, caseId, at);
  // Items and places before what they lean on: the rest goes with them.
  for (const table of [
    "place",
    "capture",
    "seal",
    "authority",
    "mandate",
    "statement",
    "document",
    "caseWrap",
  ] as const)
    await tx.deleteFrom(table).where("caseId", "=", caseId).execute();
  await eraseItems(tx, vault, caseId, list);
  await tx
    .deleteFrom("consent")
    .where("caseId", "=", caseId)
    .$if(list === "keep", (rows) => rows.where("act", "!=", "share"))
    .execute();
  await tx.deleteFrom("release").where("caseId", "=", caseId).execute();
  await eraseEntries(tx, caseId);
  await tx.updateTable("logEntry").set({ packId: null }).where("caseId", "=", caseId).execute();
  await tx
    .updateTable("cases")
    .set({
      ...{ codesSealed: sealCodes(vault, caseId, NO_CODES), notifySealed: null, withdrawalPlan: "at-once" },
      ...{ assignedTo: null, safeContactWaitingSince: null, unansweredSince: null, tellingNextAt: null },
    })
    .where("id", "=", caseId)
    .execute();
  await tx.updateTable("erasure").set({ caseErasedAt: moment }).where("caseId", "=", caseId).execute();
}

async function eraseNotices(tx: InTransaction, caseId: string, at: Temporal.Instant): Promise<void> {
  const ofCase = tx.selectFrom("notice").select("id").where("caseId", "=", caseId);
  const rows = await ofCase.where("approvedAt", "is not", null).execute();
  await rememberErased(
    tx,
    rows.map(({ id }) => id),
    at,
  );
  await tx.deleteFrom("mail").where("noticeId", "in", ofCase).execute();
  await tx.deleteFrom("delivery").where("noticeId", "in", ofCase).execute();
  await tx.deleteFrom("noticePlace").where("noticeId", "in", ofCase).execute();
  await tx.deleteFrom("notice").where("caseId", "=", caseId).where("endNumber", "is", null).execute();
  // A platform that comes late must still read that the request ended: the end names the notice's random id and nothing else.
  await tx
    .updateTable("notice")
    .set({
      ...{ state: "stopped", stoppedAt: at.toString(), letterSealed: Buffer.alloc(0), signedSealed: null },
      ...{ answer: null, answeredAt: null, clock: null, dueAt: null, stepWhy: null, groundId: null, asserted: false },
      ...{ approvedAt: null, approvedBy: null, policyId: null, discardedBy: null, discardedAt: null },
    })
    .where("caseId", "=", caseId)
    .execute();
}

async function eraseItems(tx: InTransaction, vault: Vault, caseId: string, list: Erasing["list"]): Promise<void> {
  const entries = await tx.selectFrom("entry").select(["id", "itemId", "state"]).where("caseId", "=", caseId).execute();
  const listed = entries.filter(({ state }) => list === "keep" && state === "active").map(({ itemId }) => itemId);
  const items = tx.selectFrom("item").select("id").where("caseId", "=", caseId);
  const unlisted = listed.length === 0 ? items : items.where("id", "not in", listed);
  await tx.deleteFrom("itemFingerprint").where("itemId", "in", unlisted).execute();
  const known = tx.selectFrom("entry").select("itemId").where("caseId", "=", caseId);
  await tx.deleteFrom("item").where("caseId", "=", caseId).where("id", "not in", known).execute();
  // Of a document that entered an item, by whoever: an entry of another basis than hers must have one.
  for (const { id } of entries)
    await tx
      .updateTable("entry")
      .set({ referenceSealed: vault.seal("", `entry/reference/${id}`) })
      .where("id", "=", id)
      .where("referenceSealed", "is not", null)
      .execute();
}

/** She took the last of an erased case off the list. */
export async function eraseListed(tx: InTransaction, vault: Vault, caseId: string): Promise<void> {
  const { erasedAt } = await findCaseErasure(tx, caseId);
  if (erasedAt !== null) await eraseItems(tx, vault, caseId, "gone");
}

/** A case is to be erased whole as soon as everybody is told. */
export async function wantCaseErased(tx: InTransaction, caseId: string, now: Temporal.Instant): Promise<void> {
  await tx.updateTable("erasure").set({ caseWantedAt: now.toString() }).where("caseId", "=", caseId).execute();
}

export type CaseErasure = { readonly wantedAt: Temporal.Instant | null; readonly erasedAt: Temporal.Instant | null };

/** Whether a case is erased whole, or about to be. */
export async function findCaseErasure(db: Database, caseId: string): Promise<CaseErasure> {
  const row = await db
    .selectFrom("erasure")
    .select(["caseWantedAt as wantedAt", "caseErasedAt as erasedAt"])
    .where("caseId", "=", caseId)
    .executeTakeFirst();
  return row ?? { wantedAt: null, erasedAt: null };
}

/** Cases that are still to be erased whole, the oldest wish first. */
export async function findWanted(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("erasure")
    .select("caseId")
    .where("caseWantedAt", "is not", null)
    .where("caseErasedAt", "is", null)
    .orderBy("caseWantedAt")
    .limit(limit)
    .execute();
  return rows.map((row) => row.caseId);
}

/** Whether somebody is still to be told of a locked case, or may still be. */
export async function isTelling(tx: InTransaction, caseId: string): Promise<boolean> {
  const { rows } = await sql<{ readonly telling: boolean }>`select
    exists (select from delivery d join notice n on n.id = d.notice_id
      where n.case_id = ${caseId} and d.state in ('pending', 'handed-over', 'in-doubt', 'by-hand'))
    or exists (select from referral r join pack p on p.id = r.pack_id
      where p.case_id = ${caseId} and r.told in ('waiting', 'by-hand')) as telling`.execute(tx);
  return rows[0]?.telling ?? false;
}
