import type { CaseFacts } from "@jikim/casework";
import { type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { Database, Tables } from "../database.ts";

type HandWork = Pick<CaseFacts, "doubtSince" | "sheetSince" | "stepSince">;

/** What only a person can do about the notices of a case, and since when it waits. */
export async function findHandWork(db: Database, caseId: string): Promise<HandWork> {
  const waiting = await db
    .selectFrom("delivery")
    .innerJoin("notice", "notice.id", "delivery.noticeId")
    .select(["delivery.state", "delivery.doubtedSince", "delivery.purpose", "notice.approvedAt", "notice.endedAt"])
    .where("notice.caseId", "=", caseId)
    .where(waitsForPerson)
    .execute();
  const step = await db
    .selectFrom("notice")
    .select("createdAt")
    .where("caseId", "=", caseId)
    .where("state", "=", "draft")
    .where("stepWhy", "is not", null)
    .orderBy("createdAt")
    .limit(1)
    .executeTakeFirst();
  const doubts = waiting.filter(({ state }) => state === "in-doubt").map((row) => row.doubtedSince);
  const sheets = waiting
    .filter(({ state }) => state === "by-hand")
    .map(({ purpose, approvedAt, endedAt }) => (purpose === "withdrawal" ? endedAt : approvedAt));
  return { doubtSince: earliest(doubts), sheetSince: earliest(sheets), stepSince: step?.createdAt ?? null };
}

function earliest(times: readonly (Temporal.Instant | null)[]): Temporal.Instant | null {
  return times.filter((time) => time !== null).sort(Temporal.Instant.compare)[0] ?? null;
}

/** A delivery that nothing but a person moves on: a form, or a doubt for which there is no evidence to look for. */
export function waitsForPerson(row: ExpressionBuilder<Tables, "delivery">) {
  return row.or([
    row("delivery.state", "=", "by-hand"),
    row.and([row("delivery.state", "=", "in-doubt"), row("delivery.nextTryAt", "is", null)]),
  ]);
}

/** A notice whose answer is waited for: nothing but "received" came, and not all of its places are gone. */
export function isAnswerAwaited(row: ExpressionBuilder<Tables, "notice">) {
  return row.and([
    row("notice.dueAt", "is not", null),
    row("notice.endedAt", "is", null),
    row.or([
      row("notice.state", "=", "sent"),
      row.and([row("notice.state", "=", "answered"), row("notice.answer", "=", "received")]),
    ]),
    sql<SqlBool>`exists (select from notice_place np join place p on p.id = np.place_id
      where np.notice_id = notice.id and p.state <> 'removed')`,
  ]);
}
