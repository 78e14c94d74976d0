import { type SqlBool, sql } from "kysely";
import type { InTransaction } from "../database.ts";
import { reopenPlaces } from "./asked.ts";
import { undoClimbs } from "./climb.ts";

/**
 * Takes back what stands in a platform's feed, of a locked case or of one notice of it, and what nobody has read: it has not left. A
 * notice that left by no other way is stopped, and its places can be asked anew.
 */
export async function takeBackUnread(
  tx: InTransaction,
  of: { readonly caseId: string } | { readonly noticeId: string },
  now: Temporal.Instant,
): Promise<void> {
  const unread = await tx
    .selectFrom("delivery")
    .innerJoin("notice", "notice.id", "delivery.noticeId")
    .select(["notice.id", "notice.sentAt"])
    .where("caseId" in of ? "notice.caseId" : "notice.id", "=", "caseId" in of ? of.caseId : of.noticeId)
    .where("notice.state", "=", "sent")
    .where("notice.receivedAt", "is", null)
    .where("delivery.purpose", "=", "notice")
    .where("delivery.channel", "=", "api")
    .where("delivery.state", "=", "sent")
    .forUpdate()
    .execute();
  for (const { id, sentAt } of unread) {
    await tx
      .updateTable("delivery")
      // Nobody came for it: that was no try.
      .set({ state: "failed", attempts: 0, doneAt: now.toString() })
      .where("noticeId", "=", id)
      .where("purpose", "=", "notice")
      .where("channel", "=", "api")
      .execute();
    if (sentAt !== null) await stopUnread(tx, { id, sentAt }, now);
  }
}

async function stopUnread(
  tx: InTransaction,
  { id, sentAt }: { readonly id: string; readonly sentAt: Temporal.Instant },
  now: Temporal.Instant,
): Promise<void> {
  const never = { number: null, sentAt: null, dueAt: null, clock: null, remindAt: null };
  const stopped = await tx
    .updateTable("notice")
    .set({ state: "stopped", stoppedAt: now.toString(), ...never })
    .where("id", "=", id)
    .where(
      sql<SqlBool>`not exists (select from delivery d where d.notice_id = notice.id and d.purpose = 'notice'
        and d.state = 'sent')`,
    )
    .executeTakeFirst();
  if (stopped.numUpdatedRows === 0n) return;
  await reopenPlaces(tx, id);
  await undoClimbs(tx, { id, at: sentAt });
}
