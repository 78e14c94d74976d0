import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { hurryClimbs, startClimbs } from "../store/climb.ts";
import { dropOutgoing } from "../store/delivery.ts";
import { findCasesToStop, findToStop } from "../store/hostile.ts";
import { stopNotice } from "../store/leaving.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { lockNotice } from "../store/notice.ts";
import { takeBackUnread } from "../store/unread.ts";

/**
 * Stops what has not left for recipients who are the threat, in all cases: call it after one was marked, once that is committed. Cases
 * are locked before recipients everywhere, so each is a transaction of its own; the sweep finds what a process that died left over.
 */
export async function stopHostile(jikim: Jikim): Promise<void> {
  for (const caseId of await findCasesToStop(jikim.db, "unsent")) await stopHostileOf(jikim, caseId);
}

/** The same in one case. */
export function stopHostileOf(jikim: Jikim, caseId: string): Promise<void> {
  return jikim.db.transaction().execute((tx) => stopAll(tx, jikim, caseId));
}

async function stopAll(tx: InTransaction, jikim: Jikim, caseId: string): Promise<void> {
  const now = jikim.now();
  await lockCase(tx, caseId);
  for (const noticeId of await findToStop(tx, caseId)) {
    await takeBackUnread(tx, { noticeId }, now);
    await stopNotice(tx, noticeId, now);
    // The end of a request is not told to him either.
    await dropOutgoing(tx, noticeId, { now });
    const row = await lockNotice(tx, noticeId);
    if (row?.state !== "stopped") continue;
    // The next of the ladder is asked as if he had said no.
    await startClimbs(tx, row, now);
    await hurryClimbs(tx, { noticeId }, now);
  }
  await refreshNext(tx, jikim.vault, caseId, now);
}
