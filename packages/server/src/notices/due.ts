import {
  calendarOf,
  clocksOf,
  type Ground,
  type Jurisdiction,
  LAWS,
  type RunningClock,
  runFirst,
} from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import { findReadings } from "../store/law-reading.ts";
import { lockNotice, type NoticeRow } from "../store/notice.ts";
import { lockRecipient } from "../store/recipient.ts";
import { saveReceipt } from "../store/reminder.ts";

/**
 * What the answer to a notice that leaves now is waited for by: the period of its ground, where it asserts one; a target that
 * somebody announced; or the centre's own promise to follow up. Of a recipient whose law nobody knows, one that is written to in
 * Korean is measured by Korea's target.
 */
export async function findRunningClock(
  tx: InTransaction,
  row: Pick<NoticeRow, "recipientId" | "groundId" | "asserted" | "receivedAt">,
  at: Temporal.Instant,
): Promise<RunningClock | null> {
  const { jurisdiction: known, language } = await lockRecipient(tx, row.recipientId);
  const jurisdiction: Jurisdiction | null = known ?? (language === "ko" ? "kr" : null);
  const calendar = calendarOf(jurisdiction);
  const ground = row.asserted ? findGround(row.groundId) : null;
  const day = at.toZonedDateTimeISO(calendar.timeZone).toPlainDate();
  return runFirst(
    clocksOf(ground, jurisdiction, { day, readings: await findReadings(tx) }),
    { sentAt: at, receivedAt: row.receivedAt },
    calendar,
  );
}

function findGround(id: string | null): Ground | null {
  const laws = Object.values(LAWS).flatMap((table) => table.laws);
  return laws.find((law): law is Ground => law.kind === "ground" && law.id === id) ?? null;
}

/**
 * An answer, or a reading in the feed, shows that the notice had arrived by then: a clock that runs from receipt runs from there. Only
 * the first counts. @returns false when it has not left.
 */
export async function recordReceipt(tx: InTransaction, noticeId: string, at: Temporal.Instant): Promise<boolean> {
  const row = await lockNotice(tx, noticeId);
  if (row === null || row.sentAt === null) return false;
  if (row.receivedAt !== null) return true;
  const running = await findRunningClock(tx, { ...row, receivedAt: at }, row.sentAt);
  await saveReceipt(tx, noticeId, { at, running });
  return true;
}
