import type { Database } from "../database.ts";

/** What was asked of whom about some places before. */
export type AskedBefore = {
  /** A notice about the place waits or is out to this recipient, and the place did not come back since. */
  isAsked(placeId: string, recipientId: string): boolean;
  /** It said of the place that it is not its own. */
  saidNotOurs(placeId: string, recipientId: string): boolean;
};

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
