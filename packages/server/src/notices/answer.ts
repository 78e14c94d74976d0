import type { Answer } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { checkSoon } from "../jobs/queue.ts";
import { ServerRefusal } from "../refusal.ts";
import { reopenPlaces } from "../store/asked.ts";
import { scheduleFirstCheck } from "../store/check.ts";
import { hurryClimbs } from "../store/climb.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { findNoticeTo, findPlacesOf, saveAnswer } from "../store/notice.ts";
import { recordReceipt } from "./due.ts";

export type Answered = {
  readonly noticeId: string;
  readonly recipientId: string;
  readonly answer: Answer;
  /** When the recipient says it answered. */
  readonly at: Temporal.Instant;
};

/**
 * Records a recipient's answer. "removed" removes nothing in our books: it brings on a check of each place.
 * @throws {ServerRefusal} `NOT_FOUND` (also for a notice to another), `NOTICE_NOT_SENT`, `NOTICE_ANSWERED`.
 */
export async function recordAnswer(jikim: Jikim, answered: Answered): Promise<void> {
  const { noticeId, recipientId, answer } = answered;
  const { db } = jikim;
  const found = await findNoticeTo(db, noticeId, recipientId);
  if (found === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  await db.transaction().execute(async (tx) => {
    const now = jikim.now();
    await lockCase(tx, found.caseId);
    // How long it took is measured by our own clock: what a recipient says of the time, it says of itself.
    await takeAnswer(tx, jikim, { noticeId, answer, at: now });
    await refreshNext(tx, jikim.vault, found.caseId, now);
  });
}

/**
 * The same in a transaction that has locked the case, and works out its next act afterwards.
 * @throws {ServerRefusal} `NOTICE_NOT_SENT`, `NOTICE_ANSWERED`.
 */
export async function takeAnswer(
  tx: InTransaction,
  { config, jobs, vault, now }: Jikim,
  { noticeId, answer, at }: Omit<Answered, "recipientId">,
): Promise<void> {
  if (!(await saveAnswer(tx, noticeId, answer, at))) return;
  await recordReceipt(tx, noticeId, at);
  // That it was received changes nothing for whoever is next; everything else is a turn of the ladder.
  if (answer !== "received") await hurryClimbs(tx, { noticeId }, now());
  if (answer === "removed") await checkClaim(tx, { config, jobs, vault, now }, noticeId);
  if (answer === "not-ours") await reopenPlaces(tx, noticeId);
}

/** Somebody says that all is gone: each place of the notice that is a page is looked at soon. @returns whether that is all of them. */
export async function checkClaim(
  tx: InTransaction,
  { config, jobs, vault, now }: Pick<Jikim, "config" | "jobs" | "vault" | "now">,
  noticeId: string,
): Promise<"all" | "some" | "none"> {
  const checkAt = now().add({ seconds: config.firstCheckSeconds });
  const places = (await findPlacesOf(tx, [noticeId])).get(noticeId) ?? [];
  const pages = await scheduleFirstCheck(tx, vault, places, checkAt);
  for (const placeId of pages) await checkSoon(jobs, tx, { placeId, asked: false }, checkAt);
  return pages.length === 0 ? "none" : pages.length === places.length ? "all" : "some";
}
