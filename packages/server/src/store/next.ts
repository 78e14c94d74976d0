import { allowsSending, type CaseFacts, nextAct } from "@jikim/casework";
import { type SqlBool, sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { consentTo, findConsents } from "./consent.ts";
import { findHandWork, isAnswerAwaited } from "./hand-work.ts";
import { findUnreadSince } from "./mail.ts";
import { openCodes } from "./sealed.ts";

/**
 * Works out the next act of a case and its clock anew; call it at the end of every transaction that changes the case. It locks
 * the case's row, so that of two at once the later one sees what both did.
 */
export async function refreshNext(db: Database, vault: Vault, caseId: string, now: Temporal.Instant): Promise<void> {
  if (!db.isTransaction) return db.transaction().execute((tx) => refreshNext(tx, vault, caseId, now));
  const facts = await findFacts(db, vault, caseId);
  if (facts === null) return;
  const next = nextAct(facts, now);
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

/** Locks a case's row until the transaction ends. Null when there is none. */
export function lockCase(tx: InTransaction | Database, caseId: string) {
  return tx.selectFrom("cases").selectAll().where("id", "=", caseId).forUpdate().executeTakeFirst();
}

async function findFacts(db: Database, vault: Vault, caseId: string): Promise<CaseFacts | null> {
  const row = await lockCase(db, caseId);
  if (row === undefined) return null;
  const consents = await findConsents(db, caseId);
  const share = consentTo("share", consents);
  const { danger, threat } = openCodes(vault, row);
  const counts = await countWork(db, caseId, share?.state === "given" ? share.givenAt : null);
  return {
    state: row.state,
    receivedAt: row.receivedAt,
    danger,
    threat,
    assigned: row.assignedTo !== null,
    sharesFingerprints: allowsSending(share),
    asksRemoval: allowsSending(consentTo("remove", consents)),
    unansweredSince: row.unansweredSince,
    unreadMailSince: await findUnreadSince(db, caseId),
    ...(await findHandWork(db, caseId)),
    safeContactWaitingSince: row.safeContactWaitingSince,
    answerDue: await findAnswerDue(db, caseId),
    ...counts,
  };
}

type Counts = Pick<CaseFacts, "hasMandate" | "unlistedItems" | "openPlaces" | "backPlaces" | "draftNotices">;

/** An item that staff took off the list since she gave her consent is not asked for again, nor is a place in a waiting notice. */
async function countWork(db: Database, caseId: string, sharedSince: Temporal.Instant | null): Promise<Counts> {
  const waiting = sql<SqlBool>`exists (select from notice_place np join notice n on n.id = np.notice_id
    where np.place_id = place.id and n.state in ('draft', 'approved'))`;
  // What the server drafts about, or a ladder goes on with, by itself asks nothing of a person.
  const attended = sql<SqlBool>`(place.draft_at is not null or exists (select from climb c
    where c.place_id = place.id and c.next_at is not null and place.state = 'open'))`;
  return db
    .selectNoFrom((any) => [
      any
        .exists(any.selectFrom("mandate").select("caseId").where("caseId", "=", caseId))
        .$castTo<boolean>()
        .as("hasMandate"),
      any
        .selectFrom("item")
        .select((the) => the.fn.countAll<number>().as("count"))
        .where("item.caseId", "=", caseId)
        .where(sql<SqlBool>`exists (select from item_fingerprint f where f.item_id = item.id)`)
        .where(
          sql<SqlBool>`not exists (select from entry e where e.item_id = item.id
            and (e.state = 'active' or e.withdrawn_at > ${sharedSince?.toString() ?? null}::timestamptz))`,
        )
        .$asScalar()
        .$notNull()
        .as("unlistedItems"),
      countPlaces(db, caseId, "open")
        .where(sql<SqlBool>`not ${waiting}`)
        .where(sql<SqlBool>`not ${attended}`)
        .$asScalar()
        .$notNull()
        .as("openPlaces"),
      countPlaces(db, caseId, "back")
        .where(sql<SqlBool>`not ${waiting}`)
        .where(sql<SqlBool>`not ${attended}`)
        .$asScalar()
        .$notNull()
        .as("backPlaces"),
      any
        .selectFrom("notice")
        .select((the) => the.fn.countAll<number>().as("count"))
        .where("caseId", "=", caseId)
        .where("state", "=", "draft")
        .where("stepWhy", "is", null)
        .$asScalar()
        .$notNull()
        .as("draftNotices"),
    ])
    .executeTakeFirstOrThrow();
}

function countPlaces(db: Database, caseId: string, state: "open" | "back") {
  return db
    .selectFrom("place")
    .select((the) => the.fn.countAll<number>().as("count"))
    .where("place.caseId", "=", caseId)
    .where("place.state", "=", state);
}

async function findAnswerDue(db: Database, caseId: string): Promise<CaseFacts["answerDue"]> {
  const row = await db
    .selectFrom("notice")
    .select(["clock", "dueAt"])
    .where("caseId", "=", caseId)
    .where(isAnswerAwaited)
    .orderBy("dueAt")
    .limit(1)
    .executeTakeFirst();
  return row?.clock && row.dueAt ? { clock: row.clock, dueAt: row.dueAt } : null;
}

/** Cases that wait for an answer which is overdue by now. */
export async function findOverdue(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("cases")
    .select("id")
    .where("nextAct", "=", "wait")
    .where("nextDueAt", "<", now)
    .orderBy("nextDueAt")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
