import { waysTo } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { sendSoon } from "../jobs/queue.ts";
import { aliveCard, markDead } from "../store/dead-address.ts";
import { findOutgoing, insertDeliveries } from "../store/delivery.ts";
import { lockNotice } from "../store/notice.ts";
import { findPlatform, holdsKey } from "../store/platform.ts";
import { findRecipient } from "../store/recipient.ts";
import { isUnanswered } from "./follow-up.ts";
import { centreWays } from "./ways.ts";

/** An address of a notice's recipient that a mail server refused for good. */
export type Refused = { readonly noticeId: string; readonly mail: string; readonly status: string };

/**
 * Marks a recipient's address dead, and lets the notice leave by the recipient's next way instead: who approved it named the
 * recipient, not the way. Case and notice are locked. Nothing happens when its address is another by now.
 */
export async function goAnotherWay(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "jobs" | "config" | "now">,
  { noticeId, mail, status }: Refused,
): Promise<void> {
  const { vault, jobs, config } = jikim;
  const now = jikim.now();
  const row = await lockNotice(tx, noticeId);
  const known = row && (await findRecipient(tx, vault, row.recipientId));
  if (row === null || known === null || known.card.mail?.toLowerCase() !== mail.toLowerCase()) return;
  await markDead(tx, vault, { recipientId: known.id, mail, status }, now);
  if (row.state !== "approved" && !isUnanswered(row)) return;
  const recipient = await findRecipient(tx, vault, known.id);
  if (recipient === null || recipient.hostile) return;
  const feed = holdsKey(await findPlatform(tx, recipient.id), now);
  const ways = waysTo(aliveCard(recipient.card, recipient.deadMail, now), { ...centreWays(config), feed });
  const tried = new Set(
    (await findOutgoing(tx, noticeId)).flatMap((one) => (one.purpose === "notice" ? [one.channel] : [])),
  );
  const left = ways.filter((channel) => !tried.has(channel));
  await insertDeliveries(
    tx,
    left.map((channel) => ({
      ...{ noticeId, purpose: "notice" as const, channel },
      delivery:
        channel === "form"
          ? { state: "by-hand" as const, tries: 0 }
          : { state: "pending" as const, tries: 0, dueAt: now },
    })),
  );
  if (left.length > 0) await sendSoon(jobs, tx, noticeId);
}
