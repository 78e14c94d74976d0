import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { dropOutgoing, findOutgoing } from "../store/delivery.ts";
import { findMoved } from "../store/named-address.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { lockNotice, type NoticeRow } from "../store/notice.ts";
import { findRecipient, lockRecipient } from "../store/recipient.ts";
import { findApprovedTo, findCasesWaiting } from "../store/recipient-change.ts";
import { returnStep } from "../store/withheld.ts";
import type { Vault } from "../vault.ts";
import { rewriteDrafts } from "./rewrite.ts";

/**
 * Keeps back what would go to another address than its approval named. Where nothing of the notice may have left it is a prepared step
 * again, which waits for a key; else its mail is given up. A web form of which another way has left is filled in by a person who sees
 * where. Case and notice are locked. @returns whether something was kept back.
 */
export async function withholdMoved(
  tx: InTransaction,
  vault: Vault,
  row: NoticeRow,
  now: Temporal.Instant,
): Promise<boolean> {
  // Locked, so that nobody changes the address between this look and the sending.
  await lockRecipient(tx, row.recipientId);
  const recipient = await findRecipient(tx, vault, row.recipientId);
  const moved = recipient === null ? [] : await findMoved(tx, vault, row.id, recipient.card);
  if (moved.length === 0) return false;
  const ways = (await findOutgoing(tx, row.id)).filter(({ purpose }) => purpose === "notice");
  const mayHaveLeft = ways.some(({ delivery }) => ["handed-over", "in-doubt", "sent"].includes(delivery.state));
  if (row.state === "approved" && !mayHaveLeft) {
    await returnStep(tx, row.id, "address-changed");
    return true;
  }
  if (!moved.includes("mail")) return false;
  await dropOutgoing(tx, row.id, { now, purpose: "notice" });
  return true;
}

/**
 * After a recipient was corrected, once that is committed: approved notices that named another address wait for a new approval, and
 * drafts are written anew. Cases are locked before recipients everywhere, so each is a transaction of its own.
 */
export async function followChange(jikim: Jikim, recipientId: string): Promise<void> {
  for (const caseId of await findCasesWaiting(jikim.db, recipientId))
    await jikim.db.transaction().execute((tx) => followIn(tx, jikim, { caseId, recipientId }));
}

async function followIn(
  tx: InTransaction,
  { vault, now: clock }: Jikim,
  { caseId, recipientId }: { readonly caseId: string; readonly recipientId: string },
): Promise<void> {
  const now = clock();
  const caseRow = await lockCase(tx, caseId);
  if (caseRow === undefined) return;
  for (const noticeId of await findApprovedTo(tx, caseId, recipientId)) {
    const row = await lockNotice(tx, noticeId);
    if (row !== null) await withholdMoved(tx, vault, row, now);
  }
  await rewriteDrafts(tx, vault, caseRow, now);
  await refreshNext(tx, vault, caseId, now);
}
