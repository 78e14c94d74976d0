import type { Database } from "../database.ts";

/** The case key as sealed to one holder (a staff id, `survivor` or `recovery`), or null when that one does not hold it. */
export async function findWrap(db: Database, caseId: string, holder: string): Promise<Buffer | null> {
  const row = await db
    .selectFrom("caseWrap")
    .select("wrapped")
    .where("caseId", "=", caseId)
    .where("holder", "=", holder)
    .executeTakeFirst();
  return row?.wrapped ?? null;
}

/** The case that an entry, a place or a notice belongs to. */
export async function findCaseOf(db: Database, of: "entry" | "place" | "notice", id: string): Promise<string | null> {
  const row = await db.selectFrom(of).select("caseId").where("id", "=", id).executeTakeFirst();
  return row?.caseId ?? null;
}
