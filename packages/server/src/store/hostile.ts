import { type SqlBool, sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";
import { isThreat } from "./recipient.ts";

/** What has not left of a notice: it waits, or stands in a feed where nobody has read it. */
const isUnsent = sql<SqlBool>`exists (select from delivery d where d.notice_id = notice.id and (d.state in ('pending', 'by-hand')
  or (d.channel = 'api' and d.purpose = 'notice' and d.state = 'sent' and notice.state = 'sent' and notice.received_at is null)))`;

/** The same, where nothing else would find it: a web form that waits for a person. */
const isByHand = sql<SqlBool>`exists (select from delivery d where d.notice_id = notice.id and d.state = 'by-hand')`;

function selectToHostile(db: Database) {
  return db.selectFrom("notice").innerJoin("recipient", "recipient.id", "notice.recipientId").where(isThreat);
}

/** Cases with something that has not left for a recipient who is the threat. `among`: all of it, or only what lies ready as a form. */
export async function findCasesToStop(db: Database, among: "unsent" | "by-hand"): Promise<string[]> {
  const rows = await selectToHostile(db)
    .select("notice.caseId")
    .distinct()
    .where(among === "unsent" ? isUnsent : isByHand)
    .orderBy("notice.caseId")
    .execute();
  return rows.map((row) => row.caseId);
}

/** Notices of a locked case of which something has not left for a recipient who is the threat. */
export async function findToStop(tx: InTransaction, caseId: string): Promise<string[]> {
  const rows = await selectToHostile(tx)
    .select("notice.id")
    .where("notice.caseId", "=", caseId)
    .where(isUnsent)
    .orderBy("notice.id")
    .execute();
  return rows.map((row) => row.id);
}
