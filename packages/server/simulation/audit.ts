import { sql } from "kysely";
import type { Database } from "../src/database.ts";

/** Minutes that something may be late: the simulated sweep comes every five, the real one every minute. */
const GRACE_MINUTES = 15;

/** When the next thing is due by the server's own tables; epoch milliseconds, null: nothing is. */
export async function findNextDue(db: Database): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select (extract(epoch from min(at)) * 1000)::float8 as at from (
      select min(next_try_at) as at from delivery where next_try_at is not null
      union all select min(remind_at) from notice where remind_at is not null
      union all select min(next_at) from climb where next_at is not null
      union all select min(next_check_at) from place where next_check_at is not null
      union all select min(next_try_at) from host_lookup where next_try_at is not null
      union all select min(next_due_at) + interval '1 second' from cases where next_act = 'wait'
    ) as due`.execute(db);
  return rows[0]?.at ?? null;
}

/**
 * What was due and was neither done nor is shown: deliveries, reminders, ladders and checks whose time has passed; places that were
 * asked about and that nobody will look at; answers that are overdue while their case shows nothing to do; and prepared steps and
 * sheets in cases that do not show them. Each as kind and id, so that what stays missed counts once.
 */
export async function findMissed(db: Database, now: number): Promise<string[]> {
  const at = sql`(${new Date(now).toISOString()}::timestamptz - make_interval(mins => ${GRACE_MINUTES}))`;
  const { rows } = await sql<{ what: string }>`
    select 'delivery ' || notice_id || purpose || channel as what from delivery where next_try_at < ${at}
    union all select 'reminder ' || id from notice where remind_at < ${at}
    union all select 'ladder ' || place_id from climb where next_at < ${at}
    union all select 'check ' || id from place where next_check_at < ${at}
    union all select 'host ' || id from host_lookup where next_try_at < ${at}
    union all select 'unplanned ' || p.id from place p where p.state = 'asked' and p.next_check_at is null
      and exists (select from notice_place np join notice n on n.id = np.notice_id
        where np.place_id = p.id and n.sent_at < ${at} - interval '1 hour'
        and (p.ladder_from is null or n.sent_at > p.ladder_from))
    union all select 'answer ' || n.id from notice n join cases c on c.id = n.case_id
      where n.due_at < ${at} and n.ended_at is null and c.state = 'open'
      and (n.state = 'sent' or (n.state = 'answered' and n.answer = 'received'))
      and exists (select from notice_place np join place p on p.id = np.place_id
        where np.notice_id = n.id and p.state <> 'removed')
      and (c.next_due_at is null or c.next_act = 'wait')
    union all select 'step ' || n.id from notice n join cases c on c.id = n.case_id
      where n.state = 'draft' and n.step_why is not null and n.created_at < ${at} and c.state = 'open'
      and (c.next_act in ('wait', 'chase-answer') or c.next_due_at is null)`.execute(db);
  return rows.map(({ what }) => what);
}

export type Tally = {
  readonly notices: number;
  readonly reminders: number;
  readonly checks: number;
  readonly removedSeen: number;
  readonly answers: number;
};

/** What the ledger holds in the end. */
export async function countLedger(db: Database): Promise<Tally> {
  const { rows } = await sql<Tally>`select
    (select count(*) from notice where sent_at is not null)::int as notices,
    (select count(*) from delivery where purpose = 'reminder' and state = 'sent')::int as reminders,
    (select count(*) from place_check)::int as checks,
    (select count(*) from place where state = 'removed')::int as removed_seen,
    (select count(*) from notice where answer is not null)::int as answers`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("nothing to count");
  return row;
}

/** Addresses are sealed: the number of a place within its case leads to the world's. When each was first seen gone, in epoch milliseconds. */
export async function findRemovals(
  db: Database,
): Promise<readonly { readonly hours: number; readonly removed: boolean }[]> {
  const { rows } = await sql<{ hours: number; removed: boolean }>`
    select (extract(epoch from min(k.checked_at) - min(c.received_at)) / 3600)::float8 as hours,
      bool_or(p.state = 'removed') as removed
    from place p join cases c on c.id = p.case_id join place_check k on k.place_id = p.id and k.outcome = 'removed'
    group by p.id`.execute(db);
  return rows;
}
