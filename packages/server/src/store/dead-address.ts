import type { RecipientCard } from "@jikim/casework";
import { sql } from "kysely";
import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { keyOfMail } from "./recipient-card.ts";

/** What a mail server said of a recipient's address, and until when it is believed. */
export type DeadMail = {
  /** Such as "5.1.1" (RFC 3463). */
  readonly status: string;
  readonly since: Temporal.Instant;
  readonly until: Temporal.Instant;
};

/** Days for which an address that takes no mail is not written to; then it is tried again. Ours, no source. */
export const DEAD_DAYS = 30;

/** The card as it is now: without an address that takes no mail. */
export function aliveCard(card: RecipientCard, dead: DeadMail | null, now: Temporal.Instant): RecipientCard {
  const isDead = dead !== null && Temporal.Instant.compare(now, dead.until) < 0;
  return isDead ? { ...card, mail: null } : card;
}

/** Writes down that an address of a recipient takes no mail. */
export async function markDead(
  tx: InTransaction,
  vault: Vault,
  of: { readonly recipientId: string; readonly mail: string; readonly status: string },
  now: Temporal.Instant,
): Promise<void> {
  const said = { status: of.status, since: now.toString(), until: now.add({ hours: 24 * DEAD_DAYS }).toString() };
  await tx
    .insertInto("deadAddress")
    .values({ recipientId: of.recipientId, addressKey: keyOfMail(vault, of.mail), ...said })
    .onConflict((same) => same.columns(["recipientId", "addressKey"]).doUpdateSet(said))
    .execute();
}

/** A recipient's addresses take mail again, as far as known: one of them answered, or a person wrote it down anew. */
export async function revive(tx: InTransaction, recipientId: string): Promise<void> {
  await tx.deleteFrom("deadAddress").where("recipientId", "=", recipientId).execute();
}

/** A mail of a notice that left after its recipient's address was called dead arrived: the address is alive. */
export async function reviveAnswering(tx: InTransaction, noticeId: string): Promise<void> {
  await sql`delete from dead_address d using notice n
    where n.id = ${noticeId} and d.recipient_id = n.recipient_id and n.sent_at > d.since
      and exists (select from delivery v where v.notice_id = n.id and v.channel = 'mail' and v.state = 'sent')`.execute(
    tx,
  );
}
