import { type SqlBool, sql } from "kysely";
import type { InTransaction } from "../database.ts";
import { reopenPlaces } from "./asked.ts";
import { hurryClimbs } from "./climb.ts";

/** A mail about a notice that a mail server gave up. */
export type Bounced = { readonly noticeId: string; readonly purpose: "notice" | "reminder" | "withdrawal" };

/**
 * Ends a delivery by mail that did not arrive after all. A notice that reached its recipient by no way at all is stopped, and its
 * places can be asked anew.
 *
 * @returns failed · later: its sending is not recorded yet · known: it had ended so before, or there is none.
 */
export async function failBounced(
  tx: InTransaction,
  { noticeId, purpose }: Bounced,
  now: Temporal.Instant,
): Promise<"failed" | "later" | "known"> {
  const delivery = await tx
    .selectFrom("delivery")
    .select("state")
    .where("noticeId", "=", noticeId)
    .where("purpose", "=", purpose)
    .where("channel", "=", "mail")
    .forUpdate()
    .executeTakeFirst();
  if (delivery === undefined || delivery.state === "failed") return "known";
  if (delivery.state === "handed-over" || delivery.state === "pending") return "later";
  await tx
    .updateTable("delivery")
    .set({ state: "failed", doneAt: now.toString(), nextTryAt: null })
    .where("noticeId", "=", noticeId)
    .where("purpose", "=", purpose)
    .where("channel", "=", "mail")
    .execute();
  if (purpose === "notice") await stopUndelivered(tx, noticeId, now);
  return "failed";
}

async function stopUndelivered(tx: InTransaction, noticeId: string, now: Temporal.Instant): Promise<void> {
  const stopped = await tx
    .updateTable("notice")
    .set({ state: "stopped", stoppedAt: now.toString(), remindAt: null })
    .where("id", "=", noticeId)
    .where("state", "=", "sent")
    .where(
      sql<SqlBool>`not exists (select from delivery d where d.notice_id = notice.id and d.purpose = 'notice'
        and d.state <> 'failed')`,
    )
    .executeTakeFirst();
  if (stopped.numUpdatedRows === 0n) return;
  await reopenPlaces(tx, noticeId);
  await hurryClimbs(tx, { noticeId }, now);
}
