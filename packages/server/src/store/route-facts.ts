import type { RouteTimes } from "@jikim/casework";
import { sql } from "kysely";
import type { Database } from "../database.ts";

/** What the ledger tells of one place of one sent notice; who was asked by its id. */
export type LedgerLine = Omit<RouteTimes, "now" | "recipient"> & { readonly recipientId: string };

/** Notices at a time: a year of them is never in memory at once. */
const PAGE = 500;

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
      where (sent_at, id) > (${after.sentAt.toString()}::timestamptz, ${after.id}::uuid) and sent_at is not null
      order by sent_at, id limit ${page}`.execute(db);
    const ids = rows.map(({ id }) => id);
    await take(await findLines(db, ids));
    const last = rows.at(-1);
    if (rows.length < page || last === undefined) return;
    after = last;
  }
}

/** Whole milliseconds since 1970: a moment read as text costs more than all else here. */
const ms = (moment: string) => sql`floor(extract(epoch from ${sql.raw(moment)}) * 1000)::float8`;

/**
 * Every place of these notices, with its answer and the checks that tell what came of it: the first that saw it gone since the notice
 * left, the first after that that saw it back, and the last that saw it gone, and not gone. The checks between are many and tell no
 * more, so the database leaves them out.
 */
async function findLines(db: Database, noticeIds: readonly string[]): Promise<readonly LedgerLine[]> {
  const { rows } = await sql<LedgerLine>`with asked as materialized (
      select n.id, np.place_id, n.case_id, n.recipient_id, n.ground_id, n.asserted, n.sent_at, n.answer, n.answered_at,
        (select channel from delivery d where d.notice_id = n.id and d.purpose = 'notice' and d.state = 'sent'
          order by d.done_at limit 1) as channel
      from notice n join notice_place np on np.notice_id = n.id where n.id = any(${noticeIds}::uuid[])),
    looked as materialized (
      select asked.id, asked.place_id, min(k.checked_at) filter (where k.outcome = 'removed') as gone_at,
        max(k.checked_at) filter (where k.outcome = 'removed') as last_gone_at,
        max(k.checked_at) filter (where k.outcome not in ('removed', 'cannot-tell')) as there_at
      from asked join place_check k on k.place_id = asked.place_id and k.checked_at >= asked.sent_at
      group by asked.id, asked.place_id),
    told as (
      select asked.*, looked.gone_at, looked.last_gone_at, looked.there_at,
        case when looked.there_at > looked.gone_at then (select min(k.checked_at) from place_check k
          where k.place_id = asked.place_id and k.outcome = 'there' and k.checked_at > looked.gone_at) end as back_at
      from asked left join looked using (id, place_id))
    select case_id as case_key, recipient_id, case when asserted then ground_id end as ground, channel, ${ms("sent_at")} as sent,
      case when answer <> 'received' then ${ms("answered_at")} end as answered, ${ms("gone_at")} as gone,
      ${ms("last_gone_at")} as last_gone, ${ms("there_at")} as there, ${ms("back_at")} as back
    from told where channel is not null order by sent_at, id, place_id`.execute(db);
  return rows;
}
