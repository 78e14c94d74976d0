import { type SqlBool, sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";

/** Places of a case that the server drafts about. */
export type ToDraft = { readonly placeId: string; readonly from: Temporal.Instant };

/** A place that nobody is being asked about: no notice about it waits, and no ladder goes on by itself. */
const unattended = sql<SqlBool>`not exists (select from notice_place np join notice n on n.id = np.notice_id
    where np.place_id = place.id and n.state in ('draft', 'approved') and (not n.prepared or n.state = 'approved'))
  and not exists (select from climb c where c.place_id = place.id and c.next_at is not null and place.state = 'open')`;

/**
 * Something changed by which notices about a case's places may be drafted: each place that nobody is being asked about is looked at.
 * Nothing happens before the mandate is recorded.
 */
export async function planDrafts(tx: InTransaction, caseId: string, now: Temporal.Instant): Promise<void> {
  const at = now.toString();
  await tx
    .updateTable("place")
    .set({ draftFrom: at, draftAt: at })
    .where("caseId", "=", caseId)
    .where("state", "in", ["open", "back"])
    .where("draftAt", "is", null)
    .where(sql<SqlBool>`exists (select from mandate m where m.case_id = place.case_id)`)
    .where(unattended)
    .execute();
}

/** Places of a locked case that are to be drafted about by now. */
export async function findToDraft(tx: InTransaction, caseId: string, now: Temporal.Instant): Promise<ToDraft[]> {
  const rows = await tx
    .selectFrom("place")
    .select(["id", "draftFrom"])
    .where("caseId", "=", caseId)
    .where("state", "in", ["open", "back"])
    .where("draftAt", "<=", now)
    .where(unattended)
    .orderBy("number")
    .execute();
  return rows.flatMap(({ id, draftFrom }) => (draftFrom === null ? [] : [{ placeId: id, from: draftFrom }]));
}

/** Nothing is to be drafted about what came due in a locked case, but for these places, which are looked at again. */
export async function settleDrafting(
  tx: InTransaction,
  caseId: string,
  {
    now,
    again,
    at,
  }: { readonly now: Temporal.Instant; readonly again: readonly string[]; readonly at: Temporal.Instant },
): Promise<void> {
  const due = tx.updateTable("place").where("caseId", "=", caseId).where("draftAt", "<=", now);
  const these = sql<SqlBool>`place.id = any(${[...again]}::uuid[])`;
  await due.set({ draftAt: at.toString() }).where(these).execute();
  await due.set({ draftFrom: null, draftAt: null }).where(sql<SqlBool>`not ${these}`).execute();
}

/** Cases with something to draft by now, or with a draft that is stale: a place of it is gone, or its recipient is a threat. */
export async function findDueDrafting(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const { rows } = await sql<{ caseId: string }>`
    select case_id from place where draft_at <= ${now.toString()}::timestamptz
    union
    select n.case_id from notice n join notice_place np on np.notice_id = n.id join place p on p.id = np.place_id
      where n.state = 'draft' and p.state = 'removed'
    union
    select n.case_id from notice n join recipient r on r.id = n.recipient_id
      where n.state = 'draft' and n.prepared and r.hostile
    limit ${limit}`.execute(db);
  return rows.map((row) => row.caseId);
}

/** What happened before between places and recipients, and forbids that the server drafts by itself. */
export type Barred = {
  /** A person discarded a draft about the place to this recipient. */
  isDiscarded(placeId: string, recipientId: string): boolean;
  /** A notice about the place did not reach this recipient by any way. */
  isLost(placeId: string, recipientId: string): boolean;
};

export async function findBarred(db: Database, placeIds: readonly string[]): Promise<Barred> {
  const rows = await db
    .selectFrom("noticePlace")
    .innerJoin("notice", "notice.id", "noticePlace.noticeId")
    .select(["noticePlace.placeId", "notice.recipientId", "notice.discardedAt", "notice.stepWhy", "notice.approvedAt"])
    .select(
      sql<boolean>`exists (select from delivery d where d.notice_id = notice.id and d.attempts > 0
        and d.purpose = 'notice' and d.state = 'failed')`.as("isLost"),
    )
    .where("noticePlace.placeId", "=", (any) => any.fn.any(any.val([...placeIds])))
    .where("notice.state", "=", "stopped")
    .execute();
  const [discarded, lost] = [new Set<string>(), new Set<string>()];
  for (const row of rows) {
    const pair = `${row.placeId} ${row.recipientId}`;
    if (row.discardedAt !== null || (row.stepWhy !== null && row.approvedAt === null)) discarded.add(pair);
    else if (row.isLost) lost.add(pair);
  }
  return {
    isDiscarded: (placeId, recipientId) => discarded.has(`${placeId} ${recipientId}`),
    isLost: (placeId, recipientId) => lost.has(`${placeId} ${recipientId}`),
  };
}
