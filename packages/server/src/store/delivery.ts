import { type Channel, type Clock, type RunningClock, runClock } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { Database, InTransaction } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import type { Vault } from "../vault.ts";
import type { NoticeRow } from "./notice.ts";
import { findPlatform, holdsKey } from "./platform.ts";
import { type Recipient, takeNoticeNumber } from "./recipient.ts";

/**
 * Records an approval and fills the outbox: by the platform's feed when it holds a living key, and by mail when it gave an
 * address. Where this centre sends no mail the ledger says so.
 * @param notice  locked, and a draft.
 * @throws {ServerRefusal} `NO_CHANNEL`.
 */
export async function recordApproval(
  tx: InTransaction,
  notice: NoticeRow,
  by: {
    readonly staffId: string;
    readonly now: Temporal.Instant;
    readonly mails: boolean;
    readonly recipient: Recipient;
  },
): Promise<void> {
  const now = by.now.toString();
  const { mail } = by.recipient.card;
  const hasKey = holdsKey(await findPlatform(tx, notice.recipientId), by.now);
  if (!hasKey && (mail === null || !by.mails)) throw new ServerRefusal({ code: "NO_CHANNEL" });
  await tx
    .updateTable("notice")
    .set({ state: "approved", approvedAt: now, approvedBy: by.staffId })
    .where("id", "=", notice.id)
    .where("state", "=", "draft")
    .executeTakeFirstOrThrow();
  const pending = { noticeId: notice.id, state: "pending" as const, nextTryAt: now, doneAt: null };
  const unsendable = { noticeId: notice.id, state: "failed" as const, nextTryAt: null, doneAt: now };
  const outbox = [
    ...(hasKey ? [{ ...pending, channel: "api" as const }] : []),
    ...(mail === null ? [] : [{ ...(by.mails ? pending : unsendable), channel: "mail" as const }]),
  ];
  await tx.insertInto("delivery").values(outbox).execute();
}

/** What is still to be delivered of a notice. */
export async function findPending(db: Database, noticeId: string): Promise<{ readonly channel: Channel }[]> {
  return db
    .selectFrom("delivery")
    .select("channel")
    .where("noticeId", "=", noticeId)
    .where("state", "=", "pending")
    .orderBy("channel")
    .execute();
}

/** Notices with something to deliver by now. */
export async function findDueNotices(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("delivery")
    .select("noticeId")
    .distinct()
    .where("state", "=", "pending")
    .where("nextTryAt", "<=", now)
    .limit(limit)
    .execute();
  return rows.map((row) => row.noticeId);
}

/**
 * Takes a delivery for one try and puts the next try off, so that no second process sends it meanwhile and a killed one is
 * followed by another. @returns how many tries this makes; null when it is not due, or somebody took it.
 */
export async function takeDelivery(
  tx: InTransaction,
  delivery: { readonly noticeId: string; readonly channel: Channel },
  span: { readonly now: Temporal.Instant; readonly nextTryAt: Temporal.Instant },
): Promise<number | null> {
  const row = await tx
    .updateTable("delivery")
    .set((any) => ({ attempts: any("attempts", "+", 1), nextTryAt: span.nextTryAt.toString() }))
    .where("noticeId", "=", delivery.noticeId)
    .where("channel", "=", delivery.channel)
    .where("state", "=", "pending")
    .where("nextTryAt", "<=", span.now)
    .returning("attempts")
    .executeTakeFirst();
  return row?.attempts ?? null;
}

/** Says when a delivery that was taken is tried again. */
export async function putOff(
  db: Database,
  delivery: { readonly noticeId: string; readonly channel: Channel },
  nextTryAt: Temporal.Instant,
): Promise<void> {
  await db
    .updateTable("delivery")
    .set({ nextTryAt: nextTryAt.toString() })
    .where("noticeId", "=", delivery.noticeId)
    .where("channel", "=", delivery.channel)
    .where("state", "=", "pending")
    .execute();
}

/** Ends a delivery. One that left although it was dropped meanwhile is still recorded as sent: the ledger says what happened. */
export async function endDelivery(
  tx: InTransaction,
  delivery: { readonly noticeId: string; readonly channel: Channel },
  end: { readonly state: "sent" | "failed"; readonly now: Temporal.Instant },
): Promise<void> {
  await tx
    .updateTable("delivery")
    .set({ state: end.state, doneAt: end.now.toString(), nextTryAt: null })
    .where("noticeId", "=", delivery.noticeId)
    .where("channel", "=", delivery.channel)
    .where("state", "in", end.state === "sent" ? ["pending", "failed"] : ["pending"])
    .execute();
}

/** The text that leaves, exactly, signed once for all channels and tries. */
export async function saveSigned(tx: InTransaction, vault: Vault, noticeId: string, signed: Signed): Promise<void> {
  const signedSealed = vault.seal(signed, `notice/signed/${noticeId}`);
  await tx.updateTable("notice").set({ signedSealed }).where("id", "=", noticeId).execute();
}

/**
 * Records that a notice left, by its first delivery: the clock of the answer starts, its places are asked.
 * @returns false when it had left before.
 */
export async function recordLeft(
  tx: InTransaction,
  notice: { readonly id: string; readonly recipientId: string },
  clock: Clock,
  now: Temporal.Instant,
): Promise<boolean> {
  const row = await tx.selectFrom("notice").select("state").where("id", "=", notice.id).executeTakeFirstOrThrow();
  if (row.state === "sent" || row.state === "answered") return false;
  const { dueAt }: RunningClock = runClock(clock, now);
  const number = await takeNoticeNumber(tx, notice.recipientId);
  await tx
    .updateTable("notice")
    .set({
      ...{ state: "sent", number, stoppedAt: null },
      ...{ sentAt: now.toString(), dueAt: dueAt.toString(), clock: JSON.stringify(clock) },
    })
    .where("id", "=", notice.id)
    .where("state", "in", ["approved", "stopped"])
    .executeTakeFirstOrThrow();
  await tx
    .updateTable("place")
    .set({ state: "asked" })
    .where("state", "in", ["open", "back"])
    .where("id", "in", tx.selectFrom("noticePlace").select("placeId").where("noticeId", "=", notice.id))
    .execute();
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
  await tx
    .updateTable("delivery")
    .set({ state: "failed", doneAt: now.toString(), nextTryAt: null })
    .where("noticeId", "=", noticeId)
    .where("state", "=", "pending")
    .execute();
}
