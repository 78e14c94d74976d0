import { type Channel, type Delivery, dropDelivery, LONGEST_PAUSE_HOURS, settlementOf } from "@jikim/casework";
import type { Selectable } from "kysely";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";

type Row = Selectable<Tables["delivery"]>;
export type Purpose = Row["purpose"];

/** One way by which one thing is said about a notice. */
export type DeliveryKey = { readonly noticeId: string; readonly purpose: Purpose; readonly channel: Channel };

export type Outgoing = DeliveryKey & {
  readonly delivery: Delivery;
  /** Our own archive takes no copy of this mail, so that none can be looked for. */
  readonly unarchived?: boolean;
};

/** A row as the union of casework; the table's checks keep what each state promises. */
function readDelivery(row: Row): Delivery {
  const { state, attempts: tries, nextTryAt, doubtedSince, asked, doneAt } = row;
  if (state === "pending" && nextTryAt) return { state, tries, dueAt: nextTryAt };
  if (state === "handed-over" && nextTryAt) return { state, tries, until: nextTryAt, doubtedSince };
  if (state === "in-doubt" && doubtedSince) return { state, tries, since: doubtedSince, asked, askAt: nextTryAt };
  if (state === "by-hand") return { state, tries };
  if ((state === "sent" || state === "failed") && doneAt) return { state, tries, at: doneAt };
  throw new Error("a delivery lacks what its state promises");
}

function valuesOf(delivery: Delivery) {
  const { state, tries: attempts } = delivery;
  const none = { state, attempts, nextTryAt: null, doubtedSince: null, asked: 0, doneAt: null };
  const text = (at: Temporal.Instant | null) => at?.toString() ?? null;
  switch (delivery.state) {
    case "pending":
      return { ...none, nextTryAt: text(delivery.dueAt) };
    case "handed-over":
      return { ...none, nextTryAt: text(delivery.until), doubtedSince: text(delivery.doubtedSince) };
    case "in-doubt":
      return {
        ...none,
        ...{ nextTryAt: text(delivery.askAt), doubtedSince: text(delivery.since), asked: delivery.asked },
      };
    case "by-hand":
      return none;
    case "sent":
    case "failed":
      return { ...none, doneAt: text(delivery.at) };
  }
}

/** Puts ways of saying something into the outbox; what is there already stays. */
export async function insertDeliveries(tx: InTransaction, outbox: readonly Outgoing[]): Promise<void> {
  if (outbox.length === 0) return;
  const rows = outbox.map(({ noticeId, purpose, channel, delivery }) => ({
    ...{ noticeId, purpose, channel },
    ...valuesOf(delivery),
  }));
  await tx
    .insertInto("delivery")
    .values(rows)
    .onConflict((same) => same.columns(["noticeId", "purpose", "channel"]).doNothing())
    .execute();
}

/** Everything about a notice that is or was in the outbox; lock the notice before. */
export async function findOutgoing(db: Database, noticeId: string): Promise<Outgoing[]> {
  const rows = await db
    .selectFrom("delivery")
    .selectAll()
    .where("noticeId", "=", noticeId)
    .orderBy("purpose")
    .orderBy("channel")
    .execute();
  return rows.map((row) => ({
    ...{ noticeId, purpose: row.purpose, channel: row.channel },
    ...{ delivery: readDelivery(row), unarchived: row.unarchived },
  }));
}

/**
 * Writes what a delivery has become.
 * @throws when it is no longer what it was: its notice was not locked, and a second process may have handed it over.
 */
export async function saveDelivery(tx: InTransaction, before: Outgoing, after: Delivery): Promise<void> {
  const { noticeId, purpose, channel, delivery } = before;
  await tx
    .updateTable("delivery")
    .set(valuesOf(after))
    .where("noticeId", "=", noticeId)
    .where("purpose", "=", purpose)
    .where("channel", "=", channel)
    .where("state", "=", delivery.state)
    .where("attempts", "=", delivery.tries)
    .returning("state")
    .executeTakeFirstOrThrow();
}

/**
 * Whether a try is still the one under way. A process that slept, or whose clock jumped, is taken for dead: then its try is in doubt,
 * or another was begun, and it has to let go of what it holds.
 */
export async function isUnderWay(db: Database, { noticeId, purpose, channel, delivery }: Outgoing): Promise<boolean> {
  const row = await db
    .selectFrom("delivery")
    .select("noticeId")
    .where("noticeId", "=", noticeId)
    .where("purpose", "=", purpose)
    .where("channel", "=", channel)
    .where("state", "=", "handed-over")
    .where("attempts", "=", delivery.tries)
    .executeTakeFirst();
  return row !== undefined;
}

/** From now on this mail leaves without a copy to our archive. */
export async function leaveUnarchived(tx: InTransaction, { noticeId, purpose, channel }: DeliveryKey): Promise<void> {
  await tx
    .updateTable("delivery")
    .set({ unarchived: true })
    .where("noticeId", "=", noticeId)
    .where("purpose", "=", purpose)
    .where("channel", "=", channel)
    .execute();
}

/** Keeps what the recipient's own service calls a report. */
export async function saveReference(
  tx: InTransaction,
  vault: Vault,
  { noticeId, purpose, channel }: DeliveryKey,
  reference: string,
): Promise<void> {
  await tx
    .updateTable("delivery")
    .set({ referenceSealed: vault.seal(reference, `delivery/reference/${noticeId}/${purpose}/${channel}`) })
    .where("noticeId", "=", noticeId)
    .where("purpose", "=", purpose)
    .where("channel", "=", channel)
    .execute();
}

/** Drops what has not left of a notice, of every purpose or of one. */
export async function dropOutgoing(
  tx: InTransaction,
  noticeId: string,
  { now, purpose }: { readonly now: Temporal.Instant; readonly purpose?: Purpose },
): Promise<void> {
  for (const outgoing of await findOutgoing(tx, noticeId)) {
    if (purpose !== undefined && outgoing.purpose !== purpose) continue;
    const dropped = dropDelivery(outgoing.delivery, settlementOf(outgoing.channel, { archive: true }), now);
    if (dropped !== null) await saveDelivery(tx, outgoing, dropped);
  }
}

/** Notices with something to hand over, or to find out, by now, or at a moment that only a wrong clock can have named. */
export async function findDueNotices(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("delivery")
    .select("noticeId")
    .where((row) =>
      row.or([
        row("nextTryAt", "<=", now),
        row.and([row("purpose", "=", "notice"), row("nextTryAt", ">", now.add({ hours: LONGEST_PAUSE_HOURS }))]),
      ]),
    )
    .orderBy("nextTryAt")
    .limit(limit)
    .execute();
  return [...new Set(rows.map((row) => row.noticeId))];
}
