import { approveNotice, type WrittenNotice } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { sendSoon } from "../jobs/queue.ts";
import { ServerRefusal } from "../refusal.ts";
import { recordApproval } from "../store/approval.ts";
import { nameAddresses } from "../store/named-address.ts";
import { lockCase } from "../store/next.ts";
import { findPlacesOf, lockNotice, type NoticeRow, openWritten, readNotice, rewriteDraft } from "../store/notice.ts";
import { findNoticeFacts } from "../store/notice-facts.ts";
import { findRecipient } from "../store/recipient.ts";
import { joinSheet } from "./join.ts";
import { saySame, writeAnew } from "./rewrite.ts";
import { centreWays } from "./ways.ts";

/** Who approves what: `named` are the recipients she read and confirmed. */
export type Approval = {
  readonly noticeId: string;
  readonly caseId: string;
  readonly named: readonly string[];
  readonly staffId: string;
  /** The standing policy in the place of her approval; she signed it. */
  readonly policyId?: string;
};

/**
 * Approves a notice: it is in the outbox when the transaction ends, and its sender is woken. What leaves by a web form joins the sheet
 * for the same form that waits, if there is one.
 * @throws {Refusal} those of `approveNotice`, `CASE_CLOSED`. @throws {ServerRefusal} `NOT_FOUND`, `NOTICE_CHANGED`, `NO_CHANNEL`.
 */
export async function approve(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "jobs" | "config">,
  approval: Approval,
  now: Temporal.Instant,
): Promise<void> {
  const { noticeId, caseId, named, staffId, policyId } = approval;
  const { vault, jobs, config } = jikim;
  const caseRow = await lockCase(tx, caseId);
  const row = await lockNotice(tx, noticeId);
  const recipient = row && (await findRecipient(tx, vault, row.recipientId));
  if (caseRow === undefined || row === null || recipient === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const places = (await findPlacesOf(tx, [noticeId])).get(noticeId) ?? [];
  const facts = await findNoticeFacts(tx, vault, { caseRow, recipientId: row.recipientId, places: places.length });
  const read = openWritten(vault, row);
  approveNotice(readNotice(row), named, { ...facts, missing: read.missing }, now);
  // The law, the centre and what she stated may have changed since she read it.
  const written = await writeAnew(tx, vault, { caseRow, row, places }, now);
  if (!saySame(read, written)) throw new ServerRefusal({ code: "NOTICE_CHANGED" });
  await rewriteDraft(tx, vault, noticeId, written);
  if (
    policyId === undefined &&
    (await joinSheet(tx, jikim, { caseRow, row: { ...row, ...groundOf(written) }, recipient }, now))
  )
    return;
  const by = { staffId, now, recipient, ways: centreWays(config), ...(policyId === undefined ? {} : { policyId }) };
  await recordApproval(tx, row, by);
  await nameAddresses(tx, vault, noticeId, recipient.card);
  await sendSoon(jobs, tx, noticeId);
}

function groundOf({ ground }: WrittenNotice): Pick<NoticeRow, "groundId" | "asserted"> {
  return { groundId: ground?.id ?? null, asserted: ground?.asserted ?? false };
}
