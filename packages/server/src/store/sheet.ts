import type { WrittenNotice } from "@jikim/casework";
import { type SqlBool, sql } from "kysely";
import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { lockNotice, type NoticeRow, valuesOf } from "./notice.ts";

/** The oldest approved notice of a case to the same recipient, on the same ground, that waits to be sent by its web form alone. */
export async function findOpenSheet(
  tx: InTransaction,
  { id, caseId, recipientId, groundId, asserted }: NoticeRow,
): Promise<NoticeRow | null> {
  const row = await tx
    .selectFrom("notice")
    .select("id")
    .where("caseId", "=", caseId)
    .where("recipientId", "=", recipientId)
    .where("id", "!=", id)
    .where("state", "=", "approved")
    .where("asserted", "=", asserted)
    .where(sql<SqlBool>`ground_id is not distinct from ${groundId}`)
    .where(
      sql<SqlBool>`exists (select from delivery d where d.notice_id = notice.id)
        and not exists (select from delivery d where d.notice_id = notice.id and (d.channel <> 'form' or d.state <> 'by-hand'))`,
    )
    .orderBy("approvedAt")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : lockNotice(tx, row.id);
}

/** Moves the places of a draft to a sheet that was not sent yet, with the sheet's new words; the draft is gone. Both are locked. */
export async function joinNotice(
  tx: InTransaction,
  vault: Vault,
  {
    sheetId,
    draftId,
    written,
  }: { readonly sheetId: string; readonly draftId: string; readonly written: WrittenNotice },
): Promise<void> {
  await sql`insert into notice_place (notice_id, place_id)
    select ${sheetId}, place_id from notice_place where notice_id = ${draftId} on conflict do nothing`.execute(tx);
  await tx.deleteFrom("notice").where("id", "=", draftId).where("state", "=", "draft").execute();
  await tx
    .updateTable("notice")
    .set({ ...valuesOf(vault, sheetId, written), signedSealed: null })
    .where("id", "=", sheetId)
    .where("state", "=", "approved")
    .execute();
}
