import { type Signed, sign } from "@jikim/evidence";
import type { WireNoticeEnd } from "@jikim/sdk/wire";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { sealEnd } from "./feed.ts";
import type { NoticeRow } from "./notice.ts";
import { takeNoticeNumber } from "./recipient.ts";

/** Ends every notice of a locked case that left: no answer is waited for, nobody is reminded. @returns those that ended now. */
export async function endNotices(tx: InTransaction, caseId: string, now: Temporal.Instant): Promise<NoticeRow[]> {
  const ended = await tx
    .updateTable("notice")
    .set({ endedAt: now.toString(), remindAt: null })
    .where("caseId", "=", caseId)
    .where("state", "in", ["sent", "answered"])
    .where("endedAt", "is", null)
    .returningAll()
    .execute();
  // Should she want removal again, these places are asked anew.
  if (ended.length > 0)
    await tx
      .updateTable("place")
      .set({ state: "open" })
      .where("caseId", "=", caseId)
      .where("state", "=", "asked")
      .execute();
  return ended;
}

/** Puts the end of a notice into its platform's feed: signed, and numbered among its notices. */
export async function recordEnd(
  tx: InTransaction,
  { vault, service, now }: Pick<Jikim, "vault" | "service" | "now">,
  row: Pick<NoticeRow, "id" | "recipientId">,
  letter: WireNoticeEnd["letter"],
): Promise<void> {
  const end: WireNoticeEnd = { id: row.id, endedAt: now().toString(), letter };
  const signed: Signed = sign("notice", end, service.secret);
  await tx
    .updateTable("notice")
    .set({
      endNumber: await takeNoticeNumber(tx, row.recipientId),
      endSealed: sealEnd(vault, row.id, signed),
    })
    .where("id", "=", row.id)
    .where("endNumber", "is", null)
    .where("endedAt", "is not", null)
    .execute();
}

/** The signed texts of a locked case's notices that left. */
export async function findSigned(
  tx: InTransaction,
  caseId: string,
): Promise<{ readonly id: string; readonly signedSealed: Buffer }[]> {
  const rows = await tx
    .selectFrom("notice")
    .select(["id", "signedSealed"])
    .where("caseId", "=", caseId)
    .where("state", "in", ["sent", "answered"])
    .execute();
  return rows.flatMap(({ id, signedSealed }) => (signedSealed === null ? [] : [{ id, signedSealed }]));
}
