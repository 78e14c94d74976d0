import { sweepCaptures } from "../captures/sweep.ts";
import { eraseLeaving } from "../chats.ts";
import { LADDER_HOURS } from "../checks/ladder.ts";
import { eraseWanted } from "../erasure/case.ts";
import { eraseDue } from "../erasure/due.ts";
import type { Jikim } from "../jikim.ts";
import { stopHostileOf } from "../notices/hostile.ts";
import { remind } from "../notices/remind.ts";
import { giveUpHalfPacks } from "../packs/give-up.ts";
import { findDuePlaces, planAsked } from "../store/check.ts";
import { findDueClimbs } from "../store/climb.ts";
import { findDueNotices } from "../store/delivery.ts";
import { findDueDrafting } from "../store/drafting.ts";
import { findDueHosts } from "../store/host-lookup.ts";
import { findCasesToStop } from "../store/hostile.ts";
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

/** One thing that time brings: `find` what is due, and do `act` to each. Nothing to find: `act` finds it itself. */
type Step = {
  readonly name: string;
  run(failed: (error: unknown) => void): Promise<void>;
};

/** A step over rows: one that cannot be done holds up no other. */
function over<Row>(name: string, find: () => Promise<Iterable<Row>>, act: (row: Row) => Promise<unknown>): Step {
  return {
    name,
    async run(failed) {
      for (const row of await find()) await act(row).catch(failed);
    },
  };
}

const once = (name: string, act: () => Promise<unknown>): Step => ({ name, run: async () => void (await act()) });

/** Some of what was due could not be done. Names the steps and the kinds of trouble, never what they worked on. */
export class SweepFailed extends Error {
  override readonly name = "SweepFailed";
}

/**
 * Does what a time has come for, and wakes whoever a lost job should have woken. Running twice does no harm. What fails is left for the
 * next sweep and holds up nothing else.
 * @throws {SweepFailed} at the end, when something failed.
 */
export async function sweep(jikim: Jikim): Promise<void> {
  const now = jikim.now();
  const troubles = new Set<string>();
  for (const step of [...casework(jikim, now), ...watch(jikim, now), ...evidence(jikim, now), overdue(jikim, now)]) {
    const failed = (error: unknown) => void troubles.add(`${step.name}: ${kindOf(error)}`);
    await step.run(failed).catch(failed);
  }
  if (troubles.size > 0) throw new SweepFailed([...troubles].join(", "));
}

function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function casework(jikim: Jikim, now: Temporal.Instant): readonly Step[] {
  const { db, jobs, vault } = jikim;
  return [
    over(
      "withdrawals",
      () => findDueWithdrawals(db, now),
      (due) => takeEffect(jikim, due, now),
    ),
    once("leaving chats", () => eraseLeaving(jikim, now)),
    over(
      "tellings",
      () => findDueTellings(db, now, MOST),
      (caseId) => tellLater(jobs, db, caseId),
    ),
    over(
      "reminders",
      () => findDueReminders(db, now, MOST),
      (notice) => remind(jikim, notice),
    ),
    over(
      "notices",
      () => findDueNotices(db, now, MOST),
      (noticeId) => sendSoon(jobs, db, noticeId),
    ),
    over(
      "forms to a threat",
      () => findCasesToStop(db, "by-hand"),
      (caseId) => stopHostileOf(jikim, caseId),
    ),
    over(
      "unapproved steps",
      () => findUnapproved(db, now, MOST),
      (noticeId) => sendSoon(jobs, db, noticeId),
    ),
    over(
      "ladders",
      () => findDueClimbs(db, now, MOST),
      (caseId) => climbSoon(jobs, db, caseId),
    ),
    over(
      "drafts",
      () => findDueDrafting(db, now, MOST),
      (caseId) => draftSoon(jobs, db, caseId),
    ),
    once("first checks", () => planAsked(db, vault, { hours: LADDER_HOURS[0], limit: MOST })),
    over(
      "checks",
      () => findDuePlaces(db, now, MOST),
      (placeId) => checkSoon(jobs, db, { placeId, asked: false }),
    ),
    over(
      "hosts",
      () => findDueHosts(db, now, MOST),
      (lookupId) => findHostSoon(jobs, db, lookupId),
    ),
  ];
}

function watch(jikim: Jikim, now: Temporal.Instant): readonly Step[] {
  const { db, jobs } = jikim;
  const since = now.subtract({ hours: DRAFT_WITHIN_HOURS });
  return [
    over(
      "sources",
      () => findDueSources(db, now, MOST),
      (sourceId) => watchSourceSoon(jobs, db, sourceId),
    ),
    over(
      "watched pages",
      () => findDuePages(db, now, MOST_PAGES),
      ({ sourceId, pageKey }) => watchPageSoon(jobs, db, { sourceId, page: pageKey.toString("hex") }),
    ),
    over(
      "sightings",
      () => findUndrafted(db, since, MOST),
      (placeId) => draftSighted(jikim, placeId),
    ),
  ];
}

function evidence(jikim: Jikim, now: Temporal.Instant): readonly Step[] {
  const { db, jobs, config } = jikim;
  return [
    over(
      "words to units",
      () => findDueWords(db, now, MOST),
      (referralId) => tellUnitSoon(jobs, db, referralId),
    ),
    once("half packs", () => giveUpHalfPacks(jikim, now)),
    once("retention", () => eraseDue(jikim, now)),
    once("erasures", () => eraseWanted(jikim, now)),
    over(
      "stamps",
      async () => (config.timestamps === null ? [] : await findDueStamps(db, now, MOST)),
      (packId) => stampSoon(jobs, db, packId),
    ),
    once("captures", () => sweepCaptures(jikim, now, MOST)),
  ];
}

function overdue({ db, vault }: Jikim, now: Temporal.Instant): Step {
  return over(
    "overdue cases",
    () => findOverdue(db, now, MOST),
    (caseId) => refreshNext(db, vault, caseId, now),
  );
}
