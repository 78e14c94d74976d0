import type { CheckOutcome, RouteFacts } from "@jikim/casework";
import { sql } from "kysely";
import type { Database } from "../database.ts";

/** What the ledger holds of one place of one sent notice; who was asked by its id. */
export type LedgerLine = Omit<RouteFacts, "now" | "recipient"> & { readonly recipientId: string };

type Row = Omit<LedgerLine, "answers" | "checks" | "ground"> & {
  readonly groundId: string | null;
  readonly asserted: boolean;
  readonly answer: LedgerLine["answers"][number]["what"] | null;
  readonly answeredAt: Temporal.Instant | null;
  readonly goneAt: Temporal.Instant | null;
  readonly thereAt: Temporal.Instant | null;
  readonly thereAs: CheckOutcome | null;
  readonly backAt: Temporal.Instant | null;
  readonly lastGoneAt: Temporal.Instant | null;
};

/** Notices at a time: a year of them is never in memory at once. */
const PAGE = 2000;

/** Hands on what the ledger holds since a moment, page by page in the order of sending. */
export async function readLedger(
  db: Database,
  since: Temporal.Instant,
  take: (lines: readonly LedgerLine[]) => Promise<void> | void,
  page = PAGE,
): Promise<void> {
  let after = { sentAt: since, id: "00000000-0000-0000-0000-000000000000" };
  for (;;) {
    const { rows } = await sql<{
      readonly id: string;
      readonly sentAt: Temporal.Instant;
    }>`select id, sent_at from notice
      where (sent_at, id) > (${after.sentAt.toString()}::timestamptz, ${after.id}::uuid) and sent_at is not null order by sent_at, id limit ${page}`.execute(
      db,
    );
    await take(
      await findLines(
        db,
        rows.map(({ id }) => id),
      ),
    );
    const last = rows.at(-1);
    if (rows.length < page || last === undefined) return;
    after = last;
  }
}

/**
 * Every place of these notices, with its answer and the checks that tell what came of it: the first that saw
 * it gone since the notice left, the first after that that saw it back, and the last that saw it gone, and not gone. The checks
 * between are many and tell no more, so the database leaves them out.
 */
async function findLines(db: Database, noticeIds: readonly string[]): Promise<LedgerLine[]> {
  const { rows } = await sql<Row>`with asked as materialized (
      select n.id, np.place_id, n.case_id, n.recipient_id, n.ground_id, n.asserted, n.sent_at, n.answer, n.answered_at,
        (select channel from delivery d where d.notice_id = n.id and d.purpose = 'notice' and d.state = 'sent'
          order by d.done_at limit 1) as channel
      from notice n join notice_place np on np.notice_id = n.id where n.id = any(${noticeIds}::uuid[])),
    looked as materialized (
      select asked.id, asked.place_id, min(k.checked_at) filter (where k.outcome = 'removed') as gone_at,
        max(k.checked_at) filter (where k.outcome = 'removed') as last_gone_at,
        max(k.checked_at) filter (where k.outcome not in ('removed', 'cannot-tell')) as there_at
      from asked join place_check k on k.place_id = asked.place_id and k.checked_at >= asked.sent_at
      group by asked.id, asked.place_id)
    select asked.case_id as case_key, asked.recipient_id, asked.ground_id, asked.asserted, asked.channel, asked.sent_at,
      asked.answer, asked.answered_at, looked.gone_at, looked.last_gone_at, looked.there_at,
      case when looked.there_at is not null then (select k.outcome from place_check k where k.place_id = asked.place_id
        and k.checked_at = looked.there_at and k.outcome not in ('removed', 'cannot-tell') limit 1) end as there_as,
      case when looked.there_at > looked.gone_at then (select min(k.checked_at) from place_check k
        where k.place_id = asked.place_id and k.outcome = 'there' and k.checked_at > looked.gone_at) end as back_at
    from asked left join looked using (id, place_id)
    where asked.channel is not null order by asked.sent_at, asked.id, asked.place_id`.execute(db);
  return rows.map(
    ({ groundId, asserted, answer, answeredAt, goneAt, thereAt, thereAs, backAt, lastGoneAt, ...row }) => {
      const seen = (outcome: CheckOutcome | null, at: Temporal.Instant | null) =>
        outcome === null || at === null ? [] : [{ outcome, at }];
      return {
        ...row,
        ground: asserted ? groundId : null,
        answers: answer === null || answeredAt === null ? [] : [{ what: answer, at: answeredAt }],
        checks: [
          ...[...seen("removed", goneAt), ...seen("there", backAt)],
          ...[...seen(thereAs, thereAt), ...seen("removed", lastGoneAt)],
        ],
      };
    },
  );
}
