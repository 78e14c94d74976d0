import { LADDER_HOURS } from "../checks/ladder.ts";
import type { Jikim } from "../jikim.ts";
import { findDuePlaces, planAsked } from "../store/check.ts";
import { findDueNotices } from "../store/delivery.ts";
import { findDueHosts } from "../store/host-lookup.ts";
import { findOverdue, refreshNext } from "../store/next.ts";
import { findDueWithdrawals } from "../store/withdrawing.ts";
import { takeEffect } from "../withdrawal.ts";
import { checkSoon, findHostSoon, sendSoon } from "./queue.ts";

const MOST = 500;

/** Does what a time has come for, and wakes whoever a lost job should have woken. Running twice does no harm. */
export async function sweep(jikim: Jikim): Promise<void> {
  const { db, jobs, vault } = jikim;
  const now = jikim.now();
  for (const due of await findDueWithdrawals(db, now)) await takeEffect(jikim, due, now);
  for (const noticeId of await findDueNotices(db, now, MOST)) await sendSoon(jobs, db, noticeId);
  await planAsked(db, vault, { hours: LADDER_HOURS[0], limit: MOST });
  for (const placeId of await findDuePlaces(db, now, MOST)) await checkSoon(jobs, db, { placeId, asked: false });
  for (const lookupId of await findDueHosts(db, now, MOST)) await findHostSoon(jobs, db, lookupId);
  for (const caseId of await findOverdue(db, now, MOST)) await refreshNext(db, vault, caseId, now);
}
