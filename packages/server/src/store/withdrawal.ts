import type { InTransaction } from "../database.ts";
import { forgetLater } from "./later-rung.ts";
import { takeBackUnread } from "./unread.ts";

/**
 * Stops every approved notice of a locked case that has not left, also where it stands in a feed and nobody has read it, its drafts
 * too when asked, drops what was not delivered yet, and lets nobody be asked later by itself.
 */
export async function stopUnsent(
  tx: InTransaction,
  caseId: string,
  { now, drafts }: { readonly now: Temporal.Instant; readonly drafts: boolean },
): Promise<void> {
  await takeBackUnread(tx, { caseId }, now);
  await tx
    .updateTable("notice")
    .set({ state: "stopped", stoppedAt: now.toString() })
    .where("caseId", "=", caseId)
    .where("state", "in", drafts ? ["draft", "approved"] : ["approved"])
    .execute();
  await forgetLater(tx, caseId);
  // What was handed over, or is in doubt, may have left: that is found out all the same. That she withdrew is still to be told.
  await tx
    .updateTable("delivery")
    .set({ state: "failed", doneAt: now.toString(), nextTryAt: null })
    .where("state", "in", ["pending", "by-hand"])
    .where("purpose", "!=", "withdrawal")
    .where("noticeId", "in", tx.selectFrom("notice").select("id").where("caseId", "=", caseId))
    .execute();
}

/** A text signed for sending may hold fingerprints: it is written anew, without them, when it leaves. */
export async function forgetSigned(tx: InTransaction, caseId: string): Promise<void> {
  await tx
    .updateTable("notice")
    .set({ signedSealed: null })
    .where("caseId", "=", caseId)
    .where("state", "in", ["approved", "stopped"])
    .execute();
}

/** Nothing of a case is looked at any more until something new is planned. */
export async function stopWatchingCase(tx: InTransaction, caseId: string): Promise<void> {
  await tx.updateTable("place").set({ nextCheckAt: null }).where("caseId", "=", caseId).execute();
}

/** Her safe contact is to be told that a withdrawal waits. */
export async function awaitSafeContact(tx: InTransaction, caseId: string, now: Temporal.Instant): Promise<void> {
  await tx.updateTable("cases").set({ safeContactWaitingSince: now.toString() }).where("id", "=", caseId).execute();
}
