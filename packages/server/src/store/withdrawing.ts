import type { Act } from "@jikim/casework";
import { settleConsent } from "@jikim/casework";
import type { Database } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { consentTo, findConsents, saveConsent } from "./consent.ts";
import { lockCase } from "./next.ts";
import { settleWithdrawal } from "./withdrawal.ts";

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

/** Lets a delayed withdrawal take effect, unless she took it back meanwhile. */
export async function takeEffect(
  jikim: Pick<Jikim, "db" | "vault" | "service" | "jobs">,
  { caseId, act }: { readonly caseId: string; readonly act: Act },
  now: Temporal.Instant,
): Promise<void> {
  await jikim.db.transaction().execute(async (tx) => {
    await lockCase(tx, caseId);
    const consent = consentTo(act, await findConsents(tx, caseId));
    const settled = consent && settleConsent(consent, now);
    if (settled?.state !== "withdrawn" || consent?.state !== "withdrawing") return;
    await saveConsent(tx, caseId, settled);
    await settleWithdrawal(tx, jikim, caseId, act, now);
  });
}
