import { judgeSightings } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { findCheckTask, findLadderStart, planCheck, recordCheck, stopWatching, takeCheck } from "../store/check.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { isPublicAddress } from "./address.ts";
import { checkAddress } from "./check.ts";
import type { Resolve } from "./connect.ts";
import { nextCheckAt } from "./ladder.ts";

/** Longer than a check can take: until then a check that was begun is not begun again. */
const TAKEN_SECONDS = 300;

/**
 * Looks at a place when it is due, or because a person asked, and records what was seen.
 * @param resolve  how names are looked up; tests give their own.
 */
export async function lookAt(
  jikim: Jikim,
  { placeId, asked }: { readonly placeId: string; readonly asked: boolean },
  resolve?: Resolve,
): Promise<void> {
  const { db, vault, config } = jikim;
  const now = jikim.now();
  const taken = await takeCheck(db, placeId, { now, until: now.add({ seconds: TAKEN_SECONDS }) });
  if (!taken && !asked) return;
  const task = await findCheckTask(db, vault, placeId);
  if (task === null) return;
  if (task.address.kind !== "url" || !task.watched) return stopWatching(db, placeId);
  const { fingerprints, mayFetchMedia } = task;
  const isAllowed = config.allowPrivateAddresses ? () => true : isPublicAddress;
  const reach = { isAllowed, ...(resolve === undefined ? {} : { resolve }) };
  const outcome = await checkAddress({ address: task.address.text, fingerprints, mayFetchMedia }, reach);
  await db.transaction().execute(async (tx) => {
    const seenAt = jikim.now();
    await lockCase(tx, task.caseId);
    const saw = {
      removed: "gone",
      there: "there",
      blocked: "blocked",
      "de-indexed": "absent",
      "cannot-tell": "unclear",
    } as const;
    const sightings = [{ vantage: "direct", country: null, saw: saw[outcome] }];
    const verdict = judgeSightings(sightings);
    await recordCheck(tx, { placeId, caseId: task.caseId, verdict, sightings, robots: null }, seenAt);
    // A withdrawal while we looked ends the watch as well.
    const watched = (await findCheckTask(tx, vault, placeId))?.watched ?? false;
    await planCheck(tx, placeId, watched ? nextCheckAt(await findLadderStart(tx, placeId), seenAt) : null);
    await refreshNext(tx, vault, task.caseId, seenAt);
  });
}
