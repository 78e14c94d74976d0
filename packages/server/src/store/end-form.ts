import type { Database, InTransaction } from "../database.ts";
import type { NoticeRow } from "./notice.ts";

/** Notices of a case whose end lies ready to be told by a web form. */
export function findEndForms(db: Database, caseId: string): Promise<NoticeRow[]> {
  return db
    .selectFrom("notice")
    .innerJoin("delivery", "delivery.noticeId", "notice.id")
    .selectAll("notice")
    .where("notice.caseId", "=", caseId)
    .where("delivery.purpose", "=", "withdrawal")
    .where("delivery.state", "=", "by-hand")
    .execute();
}

/** The end of a request that lies ready in a locked case waits again. @returns ids of the notices. */
export async function putBackEndForms(tx: InTransaction, caseId: string, now: Temporal.Instant): Promise<string[]> {
  const rows = await tx
    .updateTable("delivery")
    .set({ state: "pending", nextTryAt: now.toString() })
    .where("purpose", "=", "withdrawal")
    .where("state", "=", "by-hand")
    .where("noticeId", "in", tx.selectFrom("notice").select("id").where("caseId", "=", caseId))
    .returning("noticeId")
    .execute();
  return rows.map((row) => row.noticeId);
}
