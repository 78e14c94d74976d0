import { sweepCaptures } from "../captures/sweep.ts";
import { eraseLeaving } from "../chats.ts";
import { LADDER_HOURS } from "../checks/ladder.ts";
import type { Jikim } from "../jikim.ts";
import { remind } from "../notices/remind.ts";
import { giveUpHalfPacks } from "../packs/give-up.ts";
import { eraseDue } from "../packs/retention.ts";
import { findDuePlaces, planAsked } from "../store/check.ts";
import { findDueClimbs } from "../store/climb.ts";
import { findDueNotices } from "../store/delivery.ts";
import { findDueDrafting } from "../store/drafting.ts";
import { findDueHosts } from "../store/host-lookup.ts";
import { findOverdue, refreshNext } from "../store/next.ts";
import { findUnapproved } from "../store/policy.ts";
import { findDueWords } from "../store/referral.ts";
import { findDueReminders } from "../store/reminder.ts";
import { findDueStamps } from "../store/seal.ts";
import { findDueSources } from "../store/source.ts";
import { findDueTellings } from "../store/telling.ts";
import { findDuePages } from "../store/watched-page.ts";
import { findUndrafted } from "../store/watching.ts";
import { findDueWithdrawals } from "../store/withdrawing.ts";
import { draftSighted } from "../watch/hit.ts";
import { takeEffect } from "../withdrawal.ts";
import {
  checkSoon,
  climbSoon,
  draftSoon,
  findHostSoon,
  sendSoon,
  stampSoon,
  tellLater,
  tellUnitSoon,
  watchPageSoon,
  watchSourceSoon,
} from "./queue.ts";

const MOST = 500;
/** Pages of watched sources that are woken in one sweep: they are many, and none of them is urgent. */
const MOST_PAGES = 60;
const DRAFT_WITHIN_HOURS = 24;

/** Does what a time has come for, and wakes whoever a lost job should have woken. Running twice does no harm. */
export async function sweep(jikim: Jikim): Promise<void> {
  const { db, jobs, vault } = jikim;
  const now = jikim.now();
  for (const due of await findDueWithdrawals(db, now)) await takeEffect(jikim, due, now);
  await eraseLeaving(jikim, now);
  for (const caseId of await findDueTellings(db, now, MOST)) await tellLater(jobs, db, caseId);
  for (const notice of await findDueReminders(db, now, MOST)) await remind(jikim, notice);
  for (const noticeId of await findDueNotices(db, now, MOST)) await sendSoon(jobs, db, noticeId);
  for (const noticeId of await findUnapproved(db, now, MOST)) await sendSoon(jobs, db, noticeId);
  for (const caseId of await findDueClimbs(db, now, MOST)) await climbSoon(jobs, db, caseId);
  for (const caseId of await findDueDrafting(db, now, MOST)) await draftSoon(jobs, db, caseId);
  await planAsked(db, vault, { hours: LADDER_HOURS[0], limit: MOST });
  for (const placeId of await findDuePlaces(db, now, MOST)) await checkSoon(jobs, db, { placeId, asked: false });
  for (const lookupId of await findDueHosts(db, now, MOST)) await findHostSoon(jobs, db, lookupId);
  await sweepWatch(jikim, now);
  await sweepPacks(jikim, now);
  await sweepCaptures(jikim, now, MOST);
  for (const caseId of await findOverdue(db, now, MOST)) await refreshNext(db, vault, caseId, now);
}

async function sweepPacks(jikim: Jikim, now: Temporal.Instant): Promise<void> {
  const { db, jobs, config } = jikim;
  for (const referralId of await findDueWords(db, now, MOST)) await tellUnitSoon(jobs, db, referralId);
  await giveUpHalfPacks(jikim, now);
  await eraseDue(jikim, now);
  if (config.timestamps !== null)
    for (const packId of await findDueStamps(db, now, MOST)) await stampSoon(jobs, db, packId);
}

async function sweepWatch(jikim: Jikim, now: Temporal.Instant): Promise<void> {
  const { db, jobs } = jikim;
  for (const sourceId of await findDueSources(db, now, MOST)) await watchSourceSoon(jobs, db, sourceId);
  for (const { sourceId, pageKey } of await findDuePages(db, now, MOST_PAGES))
    await watchPageSoon(jobs, db, { sourceId, page: pageKey.toString("hex") });
  const since = now.subtract({ hours: DRAFT_WITHIN_HOURS });
  for (const placeId of await findUndrafted(db, since, MOST)) await draftSighted(jikim, placeId);
}
