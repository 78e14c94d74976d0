import type { Act } from "@jikim/casework";
import type { Database } from "../database.ts";

/** Delayed withdrawals whose time has come. */
export async function findDueWithdrawals(
  db: Database,
  now: Temporal.Instant,
): Promise<{ readonly caseId: string; readonly act: Act }[]> {
  return db
    .selectFrom("consent")
    .select(["caseId", "act"])
    .where("state", "=", "withdrawing")
    .where("effectiveAt", "<=", now)
    .orderBy("effectiveAt")
    .limit(500)
    .execute();
}
