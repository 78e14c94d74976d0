import { isDeepStrictEqual } from "node:util";
import {
  type Act,
  allowsSending,
  type CaseFacts,
  type Clock,
  type Consent,
  type NextAct,
  NO_QUESTIONS,
  nextAct,
} from "@jikim/casework";
import { type Selectable, type SqlBool, sql } from "kysely";
import type { Database, InTransaction, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";
import { firstInHand, firstStep, isAnswerAwaited } from "./hand-work.ts";
import { firstUnread } from "./mail.ts";
import { findQuestions } from "./place-questions.ts";
import { openCodes } from "./sealed.ts";

/**
 * Works out the next act of a case and its clock anew; call it at the end of every transaction that changes the case. It locks
 * the case's row, so that of two at once the later one sees what both did.
 */
export async function refreshNext(db: Database, vault: Vault, caseId: string, now: Temporal.Instant): Promise<void> {
  if (!db.isTransaction) return db.transaction().execute((tx) => refreshNext(tx, vault, caseId, now));
  const row = await lockCase(db, caseId);
  if (row === undefined) return;
  const facts = await findFacts(db, vault, row);
  const first = nextAct(facts, now);
  // Addresses are opened only where nothing more pressing is to be done.
  const next = LEAST.has(first.act)
    ? nextAct({ ...facts, questions: await findQuestions(db, vault, row) }, now)
    : first;
  const isSame =
    row.nextAct === next.act &&
    row.nextDueAt?.epochNanoseconds === next.dueAt?.epochNanoseconds &&
    isDeepStrictEqual(row.nextClock, next.clock);
  if (isSame) return;
  await db
    .updateTable("cases")
    .set({
      nextAct: next.act,
      nextDueAt: next.dueAt?.toString() ?? null,
      nextClock: next.clock && JSON.stringify(next.clock),
    })
    .where("id", "=", caseId)
    .execute();
}

const LEAST: ReadonlySet<NextAct> = new Set(["wait", "chase-answer"]);

/** Locks a case's row until the transaction ends. Null when there is none. */
export function lockCase(tx: InTransaction | Database, caseId: string) {
  return tx.selectFrom("cases").selectAll().where("id", "=", caseId).forUpdate().executeTakeFirst();
}

/** A case's row, as it is. Undefined when there is none. */
export function findCase(db: Database, caseId: string) {
  return db.selectFrom("cases").selectAll().where("id", "=", caseId).executeTakeFirst();
}

async function findFacts(db: Database, vault: Vault, row: Selectable<Tables["cases"]>): Promise<CaseFacts> {
  const { danger, threat } = openCodes(vault, row);
  const { shareState, removeState, answer, ...work } = await findWork(db, row.id);
  return {
    ...work,
    questions: NO_QUESTIONS,
    ...{ danger, threat, state: row.state, receivedAt: row.receivedAt, assigned: row.assignedTo !== null },
    sharesFingerprints: shareState !== null && allowsSending({ state: shareState }),
    asksRemoval: removeState !== null && allowsSending({ state: removeState }),
    unansweredSince: row.unansweredSince,
    safeContactWaitingSince: row.safeContactWaitingSince,
    answerDue: answer && { clock: answer.clock, dueAt: Temporal.Instant.from(answer.dueAt) },
  };
}

/** All that a case's next act comes from, in one statement: it is asked for at the end of every act. */
function findWork(db: Database, caseId: string) {
  const consentState = (act: Act) =>
    sql<Consent["state"] | null>`(select state from consent where case_id = ${caseId} and act = ${act})`;
  return db
    .selectNoFrom((any) => [
      any
        .exists(any.selectFrom("mandate").select("caseId").where("caseId", "=", caseId))
        .$castTo<boolean>()
        .as("hasMandate"),
      ...[consentState("share").as("shareState"), consentState("remove").as("removeState")],
      countUnlisted(db, caseId).$asScalar().$notNull().as("unlistedItems"),
      countPlaces(db, caseId, "open").$asScalar().$notNull().as("openPlaces"),
      countPlaces(db, caseId, "back").$asScalar().$notNull().as("backPlaces"),
      countDrafts(db, caseId).$asScalar().$notNull().as("draftNotices"),
      firstUnread(db, caseId).$asScalar().as("unreadMailSince"),
      firstInHand(db, caseId, "in-doubt").$asScalar().as("doubtSince"),
      firstInHand(db, caseId, "by-hand").$asScalar().as("sheetSince"),
      firstStep(db, caseId).$asScalar().as("stepSince"),
      firstAnswer(db, caseId).$asScalar().as("answer"),
    ])
    .executeTakeFirstOrThrow();
}

/** An item that staff took off the list since she gave her consent is not asked for again. */
function countUnlisted(db: Database, caseId: string) {
  const sharedSince = sql`(select given_at from consent
    where case_id = ${caseId} and act = 'share' and state = 'given')`;
  return db
    .selectFrom("item")
    .select((the) => the.fn.countAll<number>().as("count"))
    .where("item.caseId", "=", caseId)
    .where(sql<SqlBool>`exists (select from item_fingerprint f where f.item_id = item.id)`)
    .where(
      sql<SqlBool>`not exists (select from entry e where e.item_id = item.id
        and (e.state = 'active' or e.withdrawn_at > ${sharedSince}))`,
    );
}

/** A place in a waiting notice asks for none; what the server drafts about, or a ladder goes on with, asks nothing of a person. */
function countPlaces(db: Database, caseId: string, state: "open" | "back") {
  return db
    .selectFrom("place")
    .select((the) => the.fn.countAll<number>().as("count"))
    .where("place.caseId", "=", caseId)
    .where("place.state", "=", state)
    .where(
      sql<SqlBool>`not exists (select from notice_place np join notice n on n.id = np.notice_id
        where np.place_id = place.id and n.state in ('draft', 'approved'))`,
    )
    .where(
      sql<SqlBool>`not (place.draft_at is not null or exists (select from climb c
        where c.place_id = place.id and c.next_at is not null and place.state = 'open'))`,
    );
}

function countDrafts(db: Database, caseId: string) {
  return db
    .selectFrom("notice")
    .select((the) => the.fn.countAll<number>().as("count"))
    .where("caseId", "=", caseId)
    .where("state", "=", "draft")
    .where("stepWhy", "is", null);
}

function firstAnswer(db: Database, caseId: string) {
  const due = sql<{ readonly clock: Clock; readonly dueAt: string }>`
    jsonb_build_object('clock', notice.clock, 'dueAt', notice.due_at)`;
  return db
    .selectFrom("notice")
    .select(due.as("due"))
    .where("caseId", "=", caseId)
    .where("clock", "is not", null)
    .where(isAnswerAwaited)
    .orderBy("dueAt")
    .limit(1);
}

/** Cases that wait for an answer which is overdue by now. */
export async function findOverdue(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const overdue = (act: NextAct) =>
    db
      .selectFrom("cases")
      .select("id")
      .where("nextAct", "=", act)
      .where("nextDueAt", "<", now)
      .orderBy("nextDueAt")
      .limit(limit)
      .execute();
  const rows = [...(await overdue("wait")), ...(await overdue("find-address"))];
  return rows.slice(0, limit).map((row) => row.id);
}
