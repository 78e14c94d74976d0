import type { Jikim } from "../jikim.ts";
import { captureSoon } from "../jobs/queue.ts";
import { lockLapsed } from "../store/authority.ts";
import { failLostSessions, findDueCaptures } from "../store/capture.ts";
import { recordCustody } from "../store/custody.ts";

/** Wakes captures that wait, gives up lost sessions, and records what an emergency without approval has locked. */
export async function sweepCaptures(jikim: Jikim, now: Temporal.Instant, most: number): Promise<void> {
  const { db, jobs } = jikim;
  await failLostSessions(db, now);
  for (const captureId of await findDueCaptures(db, now, most)) await captureSoon(jobs, db, captureId);
  await db.transaction().execute(async (tx) => {
    for (const locked of await lockLapsed(tx, now))
      await recordCustody(tx, jikim.vault, { ...locked, did: "locked", by: { role: "server", who: "" }, at: now });
  });
}
