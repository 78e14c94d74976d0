import type { Channel, RouteFacts } from "@jikim/casework";
import { sql } from "kysely";
import type { Database } from "../database.ts";

/** What the ledger holds of one place of one sent notice; who was asked by its id. */
export type LedgerLine = Omit<RouteFacts, "now" | "recipient"> & { readonly recipientId: string };

/** Every place of every notice that left since a moment, with its answer and with what checks saw. */
export async function findLedger(db: Database, since: Temporal.Instant): Promise<LedgerLine[]> {
  const notices = await db
    .selectFrom("notice")
    .innerJoin("noticePlace", "noticePlace.noticeId", "notice.id")
    .select(["notice.id", "placeId", "caseId", "recipientId", "groundId", "asserted", "sentAt", "answer", "answeredAt"])
    .select(
      sql<Channel | null>`(select channel from delivery where delivery.notice_id = notice.id and purpose = 'notice'
        and delivery.state = 'sent' order by done_at limit 1)`.as("channel"),
    )
    .where("sentAt", ">=", since)
    .execute();
  const checks = await db
    .selectFrom("placeCheck")
    .select(["placeId", "outcome", "checkedAt"])
    .where("checkedAt", ">=", since)
    .execute();
  const byPlace = Map.groupBy(checks, (check) => check.placeId);
  return notices.flatMap((row) => {
    const { placeId, caseId, recipientId, groundId, asserted, sentAt, answer, answeredAt, channel } = row;
    if (sentAt === null || channel === null) return [];
    return [
      {
        ...{ recipientId, channel, sentAt, caseKey: caseId, ground: asserted ? groundId : null },
        answers: answer === null || answeredAt === null ? [] : [{ what: answer, at: answeredAt }],
        checks: (byPlace.get(placeId) ?? []).map(({ outcome, checkedAt: at }) => ({ outcome, at })),
      },
    ];
  });
}
