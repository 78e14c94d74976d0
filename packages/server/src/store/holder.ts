import { sql } from "kysely";
import type { Database } from "../database.ts";
import { type CertifiedStaff, certifiedBy } from "./staff.ts";

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

/** The id of the case with this number, or null when there is none or this one does not hold its key. */
export async function findHeldCase(db: Database, number: number, holder: string): Promise<string | null> {
  const row = await db
    .selectFrom("cases")
    .innerJoin("caseWrap", "caseWrap.caseId", "cases.id")
    .select("cases.id")
    .where("cases.number", "=", number)
    .where("caseWrap.holder", "=", holder)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** The case that an entry, a place or a notice belongs to. */
export async function findCaseOf(db: Database, of: "entry" | "place" | "notice", id: string): Promise<string | null> {
  const row = await db.selectFrom(of).select("caseId").where("id", "=", id).executeTakeFirst();
  return row?.caseId ?? null;
}

/** Staff who hold the case key, and for whose own keys the root vouches now. */
export async function findHolders(
  db: Database,
  caseId: string,
  trust: { readonly root: string; readonly now: Temporal.Instant },
): Promise<CertifiedStaff[]> {
  const rows = await db
    .selectFrom("caseWrap")
    .innerJoin("staff", (join) => join.on(sql`staff.id::text`, "=", sql.ref("case_wrap.holder")))
    .selectAll("staff")
    .where("caseWrap.caseId", "=", caseId)
    .where("staff.state", "=", "active")
    .orderBy("staff.createdAt")
    .orderBy("staff.id")
    .execute();
  return rows.flatMap((row) => certifiedBy(row, trust.root, trust.now) ?? []);
}
