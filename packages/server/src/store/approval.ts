import { type Channel, type OpenWays, waysTo } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import { aliveCard } from "./dead-address.ts";
import { insertDeliveries, type Outgoing } from "./delivery.ts";
import type { NoticeRow } from "./notice.ts";
import { findPlatform, holdsKey } from "./platform.ts";
import type { Recipient } from "./recipient.ts";

/** Who approved a notice, and what of this centre it may leave by. */
export type ApprovedBy = {
  readonly staffId: string;
  readonly now: Temporal.Instant;
  readonly recipient: Recipient;
  /** The ways of the centre's configuration. */
  readonly ways: Omit<OpenWays, "feed">;
  /** A standing policy in the place of a person's approval of this very notice; `staffId` signed it. */
  readonly policyId?: string;
};

/**
 * Records an approval and fills the outbox. Where this centre sends no mail the ledger says so.
 * @param notice  locked, and a draft. @throws {ServerRefusal} `NO_CHANNEL`.
 */
export async function recordApproval(tx: InTransaction, notice: NoticeRow, by: ApprovedBy): Promise<void> {
  const { now, recipient, staffId, policyId } = by;
  const card = aliveCard(recipient.card, recipient.deadMail, now);
  const feed = holdsKey(await findPlatform(tx, recipient.id), now);
  const ways = waysTo(card, { ...by.ways, feed });
  if (ways.length === 0) throw new ServerRefusal({ code: "NO_CHANNEL" });
  await tx
    .updateTable("notice")
    .set({ state: "approved", approvedAt: now.toString(), approvedBy: staffId, policyId: policyId ?? null })
    .where("id", "=", notice.id)
    .where("state", "=", "draft")
    .executeTakeFirstOrThrow();
  const unsent = card.mail !== null && card.api === null && !by.ways.mails;
  await insertDeliveries(tx, [
    ...ways.map((channel) => outgoing(notice.id, channel, now)),
    ...(unsent ? [{ ...keyOf(notice.id, "mail"), delivery: { state: "failed", tries: 0, at: now } as const }] : []),
  ]);
}

const keyOf = (noticeId: string, channel: Channel) => ({ noticeId, purpose: "notice" as const, channel });

function outgoing(noticeId: string, channel: Channel, now: Temporal.Instant): Outgoing {
  const key = keyOf(noticeId, channel);
  if (channel === "form") return { ...key, delivery: { state: "by-hand", tries: 0 } };
  return { ...key, delivery: { state: "pending", tries: 0, dueAt: now } };
}
