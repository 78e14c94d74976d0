import type { RunningClock } from "@jikim/casework";
import { sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";

export type DueReminder = { readonly noticeId: string; readonly caseId: string };

/** Notices whose time has run out by now, and of which their recipient was not reminded. */
export async function findDueReminders(db: Database, now: Temporal.Instant, limit: number): Promise<DueReminder[]> {
  return db
    .selectFrom("notice")
    .select(["id as noticeId", "caseId"])
    .where("remindAt", "<=", now)
    .orderBy("remindAt")
    .limit(limit)
    .execute();
}

/** A reminder is sent once, or not at all. False: somebody was first. */
export async function takeReminder(tx: InTransaction, noticeId: string, now: Temporal.Instant): Promise<boolean> {
  const result = await tx
    .updateTable("notice")
    .set({ remindAt: null })
    .where("id", "=", noticeId)
    .where("remindAt", "<=", now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Records when a notice had arrived, and by when its answer is due then. */
export async function saveReceipt(
  tx: InTransaction,
  noticeId: string,
  { at, running }: { readonly at: Temporal.Instant; readonly running: RunningClock | null },
): Promise<void> {
  const dueAt = running?.dueAt.toString() ?? null;
  await tx
    .updateTable("notice")
    .set((any) => ({
      ...{ receivedAt: at.toString(), dueAt, clock: running && JSON.stringify(running.clock) },
      // Who was reminded already, or is not to be, is not reminded again.
      remindAt: any.case().when("remindAt", "is", null).then(null).else(sql<string>`${dueAt}::timestamptz`).end(),
    }))
    .where("id", "=", noticeId)
    .execute();
}
