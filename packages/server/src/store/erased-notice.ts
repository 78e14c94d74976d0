import type { Database, InTransaction } from "../database.ts";

/** How long mail that names an erased notice is still recognised. Ours: answers have come after a year. */
const KNOWN_DAYS = 730;

/** Mail that names one of these is not kept from now on, and what lies in the mailbox is looked for. */
export async function rememberErased(tx: InTransaction, ids: readonly string[], at: Temporal.Instant): Promise<void> {
  for (let from = 0; from < ids.length; from += 1000)
    await tx
      .insertInto("erasedNotice")
      .values(ids.slice(from, from + 1000).map((id) => ({ id, erasedAt: at.toString() })))
      .onConflict((same) => same.doNothing())
      .execute();
}

/** Whether one of these was a notice of a case that was erased. */
export async function isErased(db: Database, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const row = await db
    .selectFrom("erasedNotice")
    .select("id")
    .where("id", "in", [...ids])
    .executeTakeFirst();
  return row !== undefined;
}

/** Notices whose mails may still lie in the mailbox. */
export async function findUnsearched(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("erasedNotice")
    .select("id")
    .where("searchedAt", "is", null)
    .orderBy("erasedAt")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function noteSearched(db: Database, ids: readonly string[], now: Temporal.Instant): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable("erasedNotice")
    .set({ searchedAt: now.toString() })
    .where("id", "in", [...ids])
    .execute();
}

export async function forgetErased(db: Database, now: Temporal.Instant): Promise<void> {
  const before = now.subtract({ hours: 24 * KNOWN_DAYS });
  await db.deleteFrom("erasedNotice").where("erasedAt", "<", before).execute();
  await db
    .deleteFrom("notice")
    .where("endedAt", "<", before)
    .where("caseId", "in", db.selectFrom("erasure").select("caseId").where("caseErasedAt", "is not", null))
    .execute();
}
