import { type Act, settleConsent } from "@jikim/casework";
import type { InTransaction } from "./database.ts";
import type { Jikim } from "./jikim.ts";
import { tellLater } from "./jobs/queue.ts";
import { stripFingerprints, tellWithdrawn } from "./notices/withdrawn.ts";
import { withdrawPacks } from "./packs/withdraw.ts";
import { settleSafeContactUnlessReplaced } from "./store/case-change.ts";
import { findChats } from "./store/chat.ts";
import { consentTo, findConsents, saveConsent } from "./store/consent.ts";
import { withdrawEntries } from "./store/entry.ts";
import { eraseListed } from "./store/erase-case.ts";
import type { CaseRow } from "./store/my-case.ts";
import { lockCase, refreshNext } from "./store/next.ts";
import { hasMandate } from "./store/notice-facts.ts";
import { retractStatements } from "./store/statement.ts";
import { planTelling } from "./store/telling.ts";
import { awaitSafeContact, forgetSigned, stopUnsent, stopWatchingCase } from "./store/withdrawal.ts";

/**
 * What follows when she withdraws a consent; call it after the consent was saved, in the same transaction, and again when a
 * delayed withdrawal takes effect. Unsent notices stop at once in either case; entries leave the list, and watching ends, when
 * the withdrawal is in effect: then who was asked is told. A delayed one lets her safe contact be told.
 */
export async function settleWithdrawal(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "service" | "jobs" | "config">,
  caseId: string,
  act: Act,
  now: Temporal.Instant,
): Promise<void> {
  const row = await lockCase(tx, caseId);
  const consent = consentTo(act, await findConsents(tx, caseId));
  if (row === undefined || (consent?.state !== "withdrawing" && consent?.state !== "withdrawn")) return;
  const inEffect = consent.state === "withdrawn";
  if (act === "remove") await stopUnsent(tx, caseId, { now, drafts: true });
  if (act === "share") {
    await forgetSigned(tx, caseId);
    await stripFingerprints(tx, jikim, caseId);
  }
  if (act === "share" && inEffect) {
    await withdrawEntries(tx, jikim, { caseId }, now);
    await eraseListed(tx, jikim.vault, caseId);
  }
  if (act === "remove" && inEffect) {
    await stopWatchingCase(tx, caseId);
    await retractStatements(tx, jikim.vault, caseId, ["name-may-be-given"]);
    await tellWithdrawn(tx, jikim, caseId, now);
  }
  // While a withdrawal waits, no link opens (packs/take.ts); in effect, what was not taken is erased.
  if (act === "police" && inEffect) await withdrawPacks(tx, jikim, caseId, now);
  if (!inEffect) await tellHerSafeContact(tx, jikim, row, now);
  await refreshNext(tx, jikim.vault, caseId, now);
}

/** Her safe contact is told of each delayed withdrawal, also when a replaced code waits to be told already. */
export async function tellHerSafeContact(
  tx: InTransaction,
  { jobs }: Pick<Jikim, "jobs">,
  row: Pick<CaseRow, "id" | "safeContactWaitingSince" | "notifySealed">,
  now: Temporal.Instant,
): Promise<void> {
  if (row.safeContactWaitingSince === null) await awaitSafeContact(tx, row.id, now);
  // Without a mandate nobody has talked with her: a stranger's report must not make the centre write to whom he likes.
  if (row.notifySealed === null || !(await hasMandate(tx, row.id))) return;
  await planTelling(tx, row.id, now);
  await tellLater(jobs, tx, row.id);
}

/** Nothing delayed waits any more, neither a consent nor a chat that leaves: her safe contact need not be told of it. */
export async function settleSafeContactWhenNothingWaits(tx: InTransaction, caseId: string): Promise<void> {
  const isWaiting = (await findConsents(tx, caseId)).some(({ state }) => state === "withdrawing");
  const isLeaving = (await findChats(tx, caseId)).some(({ leavesAt }) => leavesAt !== null);
  if (!isWaiting && !isLeaving) await settleSafeContactUnlessReplaced(tx, caseId);
}

/** Lets a delayed withdrawal take effect, unless she took it back meanwhile. */
export async function takeEffect(
  jikim: Pick<Jikim, "db" | "vault" | "service" | "jobs" | "config">,
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
