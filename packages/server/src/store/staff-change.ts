import type { Role } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import { sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";
import { endSessionsOf } from "./session.ts";
import type { StaffRow } from "./staff.ts";

/** Enrolments of people are decided one at a time: of two at once the later one sees what the first did. */
export async function lockStaff(tx: InTransaction, id: string): Promise<StaffRow | null> {
  return (await tx.selectFrom("staff").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()) ?? null;
}

/** How many active people of a role there are, besides one. */
export async function countActive(db: Database, role: Role, besides: string): Promise<number> {
  const row = await db
    .selectFrom("staff")
    .select((count) => count.fn.countAll<number>().as("people"))
    .where("state", "=", "active")
    .where("id", "!=", besides)
    .where((is) => is(is.val(role), "=", is.fn.any("roles")))
    .executeTakeFirstOrThrow();
  return row.people;
}

export async function saveApproval(tx: InTransaction, id: string, approvedBy: readonly string[]): Promise<void> {
  await tx
    .updateTable("staff")
    .set({ approvedBy: [...approvedBy] })
    .where("id", "=", id)
    .execute();
}

/** From now she works here; `certificate` is null for roles that hold no case keys. */
export async function activate(tx: InTransaction, id: string, certificate: Signed | null): Promise<void> {
  await tx
    .updateTable("staff")
    .set({ state: "active", certificate: certificate && JSON.stringify(certificate) })
    .where("id", "=", id)
    .where("state", "in", ["waiting", "active"])
    .execute();
}

/** Of the cases whose key she holds, nobody changes the holders until we are done. */
export async function lockCasesOf(tx: InTransaction, id: string): Promise<void> {
  await sql`select from cases where exists (select from case_wrap w where w.case_id = cases.id and w.holder = ${id})
    order by id for update`.execute(tx);
}

/** Whether a case that is not closed could be opened by no active colleague without her. */
export async function holdsAlone(tx: InTransaction, id: string): Promise<boolean> {
  const { rows } = await sql<{ alone: boolean }>`select exists (
    select from case_wrap own join cases c on c.id = own.case_id
    where own.holder = ${id} and c.state <> 'closed' and not exists (
      select from case_wrap other join staff s on s.id::text = other.holder
      where other.case_id = c.id and s.id::text <> ${id} and s.state = 'active')) as alone`.execute(tx);
  return rows[0]?.alone === true;
}

/**
 * She leaves: sessions and links end, and the case keys sealed to her are deleted. A copy that she made before cannot be called
 * back; only a new case key keeps her out for good.
 * @returns the cases that were hers to do, now nobody's.
 */
export async function leave(tx: InTransaction, id: string): Promise<string[]> {
  await tx
    .updateTable("staff")
    .set({ state: "left", inviteTokenHash: null, inviteExpiresAt: null })
    .where("id", "=", id)
    .execute();
  await endSessionsOf(tx, id);
  await sql`delete from case_wrap where holder = ${id}`.execute(tx);
  const rows = await tx
    .updateTable("cases")
    .set({ assignedTo: null })
    .where("assignedTo", "=", id)
    .where("state", "!=", "closed")
    .returning("id")
    .execute();
  return rows.map((row) => row.id);
}
