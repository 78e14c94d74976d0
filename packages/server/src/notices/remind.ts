import type { Jikim } from "../jikim.ts";
import { sendSoon } from "../jobs/queue.ts";
import { findOutgoing, insertDeliveries } from "../store/delivery.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { lockNotice } from "../store/notice.ts";
import { type DueReminder, takeReminder } from "../store/reminder.ts";
import { isUnanswered } from "./follow-up.ts";

/** Reminds a recipient once, by the mail that the notice went by, when its time has run out without an answer. */
export async function remind(jikim: Jikim, { noticeId, caseId }: DueReminder): Promise<void> {
  await jikim.db.transaction().execute(async (tx) => {
    const now = jikim.now();
    await lockCase(tx, caseId);
    const row = await lockNotice(tx, noticeId);
    if (row === null || !(await takeReminder(tx, noticeId, now))) return;
    const byMail = (await findOutgoing(tx, noticeId)).some(
      ({ purpose, channel, delivery }) => purpose === "notice" && channel === "mail" && delivery.state === "sent",
    );
    if (byMail && isUnanswered(row)) {
      const key = { noticeId, purpose: "reminder", channel: "mail" } as const;
      await insertDeliveries(tx, [{ ...key, delivery: { state: "pending", tries: 0, dueAt: now } }]);
      await sendSoon(jikim.jobs, tx, noticeId);
    }
    await refreshNext(tx, jikim.vault, caseId, now);
  });
}
