import { approveNotice } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { sendSoon } from "../jobs/queue.ts";
import { ServerRefusal } from "../refusal.ts";
import { recordApproval } from "../store/delivery.ts";
import { lockCase } from "../store/next.ts";
import { findPlacesOf, lockNotice, readNotice } from "../store/notice.ts";
import { findNoticeFacts } from "../store/notice-facts.ts";
import { findRecipient } from "../store/recipient.ts";

/** Who approves what: `named` are the recipients she read and confirmed. */
export type Approval = {
  readonly noticeId: string;
  readonly caseId: string;
  readonly named: readonly string[];
  readonly staffId: string;
};

/**
 * Approves a notice: it is in the outbox when the transaction ends, and its sender is woken.
 * @throws {Refusal} those of `approveNotice`, `CASE_CLOSED`. @throws {ServerRefusal} `NOT_FOUND`, `NO_CHANNEL`.
 */
export async function approve(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "jobs" | "config">,
  approval: Approval,
  now: Temporal.Instant,
): Promise<void> {
  const { noticeId, caseId, named, staffId } = approval;
  const caseRow = await lockCase(tx, caseId);
  const row = await lockNotice(tx, noticeId);
  if (caseRow === undefined || row === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const places = (await findPlacesOf(tx, [noticeId])).get(noticeId)?.length ?? 0;
  const facts = await findNoticeFacts(tx, jikim.vault, { caseRow, recipientId: row.recipientId, places });
  approveNotice(readNotice(row), named, facts, now);
  const recipient = await findRecipient(tx, jikim.vault, row.recipientId);
  if (recipient === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  await recordApproval(tx, row, { staffId, now, mails: jikim.config.smtp !== null, recipient });
  await sendSoon(jikim.jobs, tx, noticeId);
}
