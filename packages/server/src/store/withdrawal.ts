import type { Act } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { tellLater } from "../jobs/queue.ts";
import { consentTo, findConsents } from "./consent.ts";
import { withdrawEntries } from "./entry.ts";
import { lockCase, refreshNext } from "./next.ts";

/**
 * What follows when she withdraws a consent; call it after the consent was saved, in the same transaction, and again when a
 * delayed withdrawal takes effect. Unsent notices stop at once in either case; entries leave the list, and watching ends, when
 * the withdrawal is in effect. A delayed one lets her safe contact be told.
 */
export async function settleWithdrawal(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "service" | "jobs">,
  caseId: string,
  act: Act,
  now: Temporal.Instant,
): Promise<void> {
  const row = await lockCase(tx, caseId);
  const consent = consentTo(act, await findConsents(tx, caseId));
  if (row === undefined || (consent?.state !== "withdrawing" && consent?.state !== "withdrawn")) return;
  const inEffect = consent.state === "withdrawn";
  if (act === "remove") await stopUnsent(tx, caseId, { now, drafts: true });
  if (act === "share") await forgetSigned(tx, caseId);
  if (act === "share" && inEffect) await withdrawEntries(tx, jikim, { caseId }, now);
  if (act === "remove" && inEffect)
    await tx.updateTable("place").set({ nextCheckAt: null }).where("caseId", "=", caseId).execute();
  if (!inEffect && row.safeContactWaitingSince === null) {
    await tx.updateTable("cases").set({ safeContactWaitingSince: now.toString() }).where("id", "=", caseId).execute();
    if (row.notifySealed !== null) await tellLater(jikim.jobs, tx, caseId);
  }
  await refreshNext(tx, jikim.vault, caseId, now);
}

/** Stops every approved notice of a locked case that has not left, its drafts too when asked, and drops what was not delivered yet. */
export async function stopUnsent(
  tx: InTransaction,
  caseId: string,
  { now, drafts }: { readonly now: Temporal.Instant; readonly drafts: boolean },
): Promise<void> {
  await tx
    .updateTable("notice")
    .set({ state: "stopped", stoppedAt: now.toString() })
    .where("caseId", "=", caseId)
    .where("state", "in", drafts ? ["draft", "approved"] : ["approved"])
    .execute();
  await tx
    .updateTable("delivery")
    .set({ state: "failed", doneAt: now.toString(), nextTryAt: null })
    .where("state", "=", "pending")
    .where("noticeId", "in", tx.selectFrom("notice").select("id").where("caseId", "=", caseId))
    .execute();
}

/** A text signed for sending may hold fingerprints: it is written anew, without them, when it leaves. */
async function forgetSigned(tx: InTransaction, caseId: string): Promise<void> {
  await tx
    .updateTable("notice")
    .set({ signedSealed: null })
    .where("caseId", "=", caseId)
    .where("state", "in", ["approved", "stopped"])
    .execute();
}
