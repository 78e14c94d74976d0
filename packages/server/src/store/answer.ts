import type { PlatformAnswer } from "@jikim/sdk/wire";
import type { Database } from "../database.ts";

/**
 * Keeps what a platform did about entries. The same id again, and an entry that is not ours, change nothing.
 * @returns how many are kept, counting those kept before.
 */
export async function recordAnswers(
  db: Database,
  platformId: string,
  answers: readonly PlatformAnswer[],
  now: Temporal.Instant,
): Promise<number> {
  const ours = await db
    .selectFrom("entry")
    .select("id")
    .where("id", "in", [...new Set(answers.map((answer) => answer.entryId))])
    .execute();
  const known = new Set(ours.map((entry) => entry.id));
  const kept = new Map(answers.filter((answer) => known.has(answer.entryId)).map((answer) => [answer.id, answer]));
  if (kept.size === 0) return 0;
  const rows = [...kept.values()].map(({ id, entryId, did, at }) => ({
    id,
    platformId,
    entryId,
    did,
    answeredAt: at,
    receivedAt: now.toString(),
  }));
  await db
    .insertInto("platformAnswer")
    .values(rows)
    .onConflict((same) => same.columns(["platformId", "id"]).doNothing())
    .execute();
  return kept.size;
}
