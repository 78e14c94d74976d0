import type { RunningClock } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { startClimbs } from "./climb.ts";
import { dropOutgoing } from "./delivery.ts";
import { takeNoticeNumber } from "./recipient.ts";

/** The text that leaves, exactly, signed once for all ways and tries. */
export async function saveSigned(tx: InTransaction, vault: Vault, noticeId: string, signed: Signed): Promise<void> {
  const signedSealed = vault.seal(signed, `notice/signed/${noticeId}`);
  await tx.updateTable("notice").set({ signedSealed }).where("id", "=", noticeId).execute();
}

export type Left = {
  readonly at: Temporal.Instant;
  /** What its answer is waited for by. */
  readonly due: RunningClock | null;
};

/**
 * Records that a notice left, by its first way: the clock of the answer starts, its places are asked, and their ladder is climbed
 * from here. @returns false when it had left before.
 */
export async function recordLeft(
  tx: InTransaction,
  notice: { readonly id: string; readonly caseId: string; readonly recipientId: string },
  { at, due }: Left,
): Promise<boolean> {
  const row = await tx.selectFrom("notice").select("state").where("id", "=", notice.id).executeTakeFirstOrThrow();
  if (row.state === "sent" || row.state === "answered") return false;
  const number = await takeNoticeNumber(tx, notice.recipientId);
  const dueAt = due?.dueAt.toString() ?? null;
  await tx
    .updateTable("notice")
    .set({
      ...{ state: "sent", number, stoppedAt: null, sentAt: at.toString(), dueAt },
      ...{ clock: due && JSON.stringify(due.clock), remindAt: dueAt },
    })
    .where("id", "=", notice.id)
    .where("state", "in", ["approved", "stopped"])
    .executeTakeFirstOrThrow();
  const places = tx.selectFrom("noticePlace").select("placeId").where("noticeId", "=", notice.id);
  await tx
    .updateTable("place")
    // Its checks count from this notice: the sweep plans them anew.
    .set({ state: "asked", nextCheckAt: null, ladderFrom: null })
    .where("state", "in", ["open", "back", "asked"])
    .where("id", "in", places)
    .execute();
  await startClimbs(tx, notice, at);
  return true;
}

/** Stops one notice that may not leave, with all that is not delivered of it. */
export async function stopNotice(tx: InTransaction, noticeId: string, now: Temporal.Instant): Promise<void> {
  await tx
    .updateTable("notice")
    .set({ state: "stopped", stoppedAt: now.toString() })
    .where("id", "=", noticeId)
    .where("state", "in", ["draft", "approved"])
    .execute();
  await dropOutgoing(tx, noticeId, { now, purpose: "notice" });
}
