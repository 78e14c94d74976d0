import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { draftSoon } from "../jobs/queue.ts";
import { planFirstLooks } from "../store/check.ts";
import { planDrafts } from "../store/drafting.ts";

/**
 * Lets the server look at, and draft about, what nobody is being asked about in a locked case; call it where such a place may have come
 * to be. The first look comes with the next sweep, and no notice waits for it.
 */
export async function planNotices(
  tx: InTransaction,
  { jobs }: Pick<Jikim, "jobs">,
  caseId: string,
  now: Temporal.Instant,
): Promise<void> {
  await planFirstLooks(tx, caseId, now);
  await planDrafts(tx, caseId, now);
  await draftSoon(jobs, tx, caseId);
}
