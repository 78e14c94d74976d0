import { PROMISES, runClock } from "@jikim/casework";
import { type SqlBool, sql } from "kysely";
import type { DueRow } from "../contract/desk.ts";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { isAnswerAwaited, waitsForPerson } from "./hand-work.ts";
import type { QueueMark } from "./queue.ts";
import { findRecipients } from "./recipient.ts";

/** What is asked of the due lists. */
export type DueQuestion = {
  readonly kind: DueRow["kind"];
  /** null: of all cases. */
  readonly heldBy: string | null;
  readonly after: QueueMark | null;
  readonly limit: number;
  readonly now: Temporal.Instant;
};

/** One page of a due list, soonest first, with the mark of each row. */
export async function findDue(
  db: Database,
  vault: Vault,
  question: DueQuestion,
): Promise<{ readonly row: DueRow; readonly mark: QueueMark }[]> {
  const found = await (question.kind === "doubt" || question.kind === "sheet"
    ? findDeliveries(db, question.kind, question)
    : findNotices(db, question.kind, question));
  const recipients = await findRecipients(
    db,
    vault,
    found.map((row) => row.recipientId),
  );
  return found.map(({ recipientId, at, clock, dueAt: fixed, ...row }) => {
    const running = fixed === null ? runClock(PROMISES[question.kind === "step" ? "nextStep" : "firstLook"], at) : null;
    const dueAt = fixed ?? running?.dueAt ?? at;
    return {
      row: {
        ...{ kind: question.kind, caseId: row.caseId, caseNumber: row.caseNumber, noticeId: row.noticeId },
        recipient: { id: recipientId, name: recipients.get(recipientId)?.card.name.ko ?? "" },
        places: row.places,
        ...{ channel: row.channel, purpose: row.purpose, why: row.why },
        ...{ clock: clock ?? running?.clock ?? null, dueAt: dueAt.toString() },
        overdue: Temporal.Instant.compare(question.now, dueAt) > 0,
      },
      mark: { dueAt: at.toString(), id: row.noticeId },
    };
  });
}

const places = sql<number>`(select count(*) from notice_place np where np.notice_id = notice.id)`;
const holds = (staffId: string | null) =>
  staffId === null
    ? sql<SqlBool>`true`
    : sql<SqlBool>`exists (select from case_wrap w where w.case_id = cases.id and w.holder = ${staffId})`;

/** Answers that are waited for by their due time, or steps by when they were prepared. */
async function findNotices(db: Database, kind: "answer" | "step", { heldBy, after, limit }: DueQuestion) {
  const by = kind === "answer" ? sql<Temporal.Instant>`notice.due_at` : sql<Temporal.Instant>`notice.created_at`;
  const rows = await db
    .selectFrom("notice")
    .innerJoin("cases", "cases.id", "notice.caseId")
    .select(["notice.id as noticeId", "notice.recipientId", "notice.caseId", "cases.number as caseNumber"])
    .select(["notice.clock", "notice.dueAt", "notice.stepWhy as why", by.as("at"), places.as("places")])
    .where(holds(heldBy))
    .where("cases.state", "=", "open")
    .$if(kind === "answer", (query) => query.where(isAnswerAwaited))
    .$if(kind === "step", (query) => query.where("notice.state", "=", "draft").where("stepWhy", "is not", null))
    .$if(after !== null, (query) =>
      query.where(
        sql<SqlBool>`(${by}, notice.id) > (${after?.dueAt ?? null}::timestamptz, ${after?.id ?? null}::uuid)`,
      ),
    )
    .orderBy(by)
    .orderBy("notice.id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, channel: null, purpose: "notice" as const }));
}

/** Doubts and sheets, oldest first. */
async function findDeliveries(db: Database, kind: "doubt" | "sheet", { heldBy, after, limit }: DueQuestion) {
  const at = sql<Temporal.Instant>`coalesce(delivery.doubted_since, notice.ended_at, notice.approved_at)`;
  const rows = await db
    .selectFrom("delivery")
    .innerJoin("notice", "notice.id", "delivery.noticeId")
    .innerJoin("cases", "cases.id", "notice.caseId")
    .select(["notice.id as noticeId", "notice.recipientId", "notice.caseId", "cases.number as caseNumber"])
    .select(["delivery.channel", "delivery.purpose", at.as("at"), places.as("places")])
    .where(waitsForPerson)
    .where("delivery.state", "=", kind === "doubt" ? "in-doubt" : "by-hand")
    .where(holds(heldBy))
    .$if(after !== null, (query) =>
      query.where(
        sql<SqlBool>`(${at}, notice.id) > (${after?.dueAt ?? null}::timestamptz, ${after?.id ?? null}::uuid)`,
      ),
    )
    .orderBy(at)
    .orderBy("notice.id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, clock: null, dueAt: null, why: null }));
}
