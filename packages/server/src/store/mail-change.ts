import type { MailClass } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { MailRow } from "./mail.ts";

/** Locks a mail's row until the transaction ends; lock its case before. */
export async function lockMail(tx: InTransaction, id: string): Promise<MailRow | null> {
  return (await tx.selectFrom("mail").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()) ?? null;
}

/** Who said what a mail is. */
export type Settling = { readonly as: MailClass; readonly staffId: string; readonly now: Temporal.Instant };

/** Records what somebody said that a waiting mail is. False when somebody was first. */
export async function settleMail(tx: InTransaction, id: string, { as, staffId, now }: Settling): Promise<boolean> {
  const result = await tx
    .updateTable("mail")
    .set({ state: "settled", settledAs: as, settledAt: now.toString(), settledBy: staffId })
    .where("id", "=", id)
    .where("state", "=", "waiting")
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Lets mail of no notice go, and its words with it. False when there is none (any more). */
export async function discardMail(
  tx: InTransaction,
  id: string,
  { staffId, now }: Pick<Settling, "staffId" | "now">,
): Promise<boolean> {
  const result = await tx
    .updateTable("mail")
    .set({
      state: "settled",
      settledAs: "unknown",
      settledAt: now.toString(),
      settledBy: staffId,
      unsortedSealed: null,
    })
    .where("id", "=", id)
    .where("state", "=", "unsorted")
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Says which notice a mail is about, and which document of that notice's case holds its words. @param mail  locked, not settled. */
export async function attachMail(
  tx: InTransaction,
  mail: MailRow,
  to: { readonly noticeId: string; readonly documentId: string },
): Promise<void> {
  await tx
    .updateTable("mail")
    .set({ ...to, foundBy: "hand", state: "waiting", unsortedSealed: null, pressing: true })
    .where("id", "=", mail.id)
    .execute();
  if (mail.documentId !== null && mail.documentId !== to.documentId)
    await tx.deleteFrom("document").where("id", "=", mail.documentId).execute();
}
