import { type SqlBool, sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";

/** What was asked of whom about some places before. */
export type AskedBefore = {
  /** A notice about the place waits or is out to this recipient, and the place did not come back since. */
  isAsked(placeId: string, recipientId: string): boolean;
  /** It said of the place that it is not its own. */
  saidNotOurs(placeId: string, recipientId: string): boolean;
};

/** Who was asked said "not ours": places that nobody else was asked about are to be asked about again, of somebody else. */
export async function reopenPlaces(tx: InTransaction, noticeId: string): Promise<void> {
  const others = sql<SqlBool>`not exists (select from notice_place np join notice n on n.id = np.notice_id
    where np.place_id = place.id and n.state in ('sent', 'answered') and n.answer is distinct from 'not-ours')`;
  await tx
    .updateTable("place")
    .set({ state: "open" })
    .where("state", "=", "asked")
    .where("id", "in", tx.selectFrom("noticePlace").select("placeId").where("noticeId", "=", noticeId))
    .where(others)
    .execute();
}

export async function findAsked(db: Database, placeIds: readonly string[]): Promise<AskedBefore> {
  const rows = await db
    .selectFrom("noticePlace")
    .innerJoin("notice", "notice.id", "noticePlace.noticeId")
    .innerJoin("place", "place.id", "noticePlace.placeId")
    .select(["noticePlace.placeId", "notice.recipientId", "notice.state", "notice.answer", "place.state as placeState"])
    .where("noticePlace.placeId", "=", (any) => any.fn.any(any.val([...placeIds])))
    .where("notice.state", "!=", "stopped")
    .execute();
  const [asked, notOurs] = [new Set<string>(), new Set<string>()];
  for (const { placeId, recipientId, state, answer, placeState } of rows) {
    const pair = `${placeId} ${recipientId}`;
    if (answer === "not-ours") notOurs.add(pair);
    else if (state === "draft" || state === "approved" || placeState !== "back") asked.add(pair);
  }
  return {
    isAsked: (placeId, recipientId) => asked.has(`${placeId} ${recipientId}`),
    saidNotOurs: (placeId, recipientId) => notOurs.has(`${placeId} ${recipientId}`),
  };
}
