import { type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { Database, Tables } from "../database.ts";

/** Since when something in a case waits that only a person can do: a doubt to settle, or a form to fill in. */
export function firstInHand(db: Database, caseId: string, state: "in-doubt" | "by-hand") {
  const since =
    state === "in-doubt"
      ? sql<Temporal.Instant | null>`min(delivery.doubted_since)`
      : sql<Temporal.Instant | null>`min(case when delivery.purpose = 'withdrawal' then notice.ended_at
          else notice.approved_at end)`;
  return db
    .selectFrom("delivery")
    .innerJoin("notice", "notice.id", "delivery.noticeId")
    .select(since.as("since"))
    .where("notice.caseId", "=", caseId)
    .where("delivery.state", "=", state)
    .where(waitsForPerson);
}

/** Since when a prepared step waits for a key. */
export function firstStep(db: Database, caseId: string) {
  return db
    .selectFrom("notice")
    .select(sql<Temporal.Instant | null>`min(created_at)`.as("since"))
    .where("caseId", "=", caseId)
    .where("state", "=", "draft")
    .where("stepWhy", "is not", null);
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
