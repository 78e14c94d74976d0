import type { CheckedEffort } from "../challenge.ts";
import type { Database } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";

/** Spends an effort, in the transaction of what it pays for. @throws {ServerRefusal} `EFFORT_SPENT`. */
export async function spendEffort(db: Database, effort: CheckedEffort): Promise<void> {
  const result = await db
    .insertInto("spentEffort")
    .values({ seedHash: effort.seedHash, expiresAt: effort.expiresAt.toString() })
    .onConflict((spent) => spent.doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows !== 1n) throw new ServerRefusal({ code: "EFFORT_SPENT" });
}

/** Forgets efforts that would be refused as expired anyway. */
export async function forgetEfforts(db: Database, now: Temporal.Instant): Promise<void> {
  await db.deleteFrom("spentEffort").where("expiresAt", "<", now).execute();
}
