import { sql } from "kysely";
import type { Database } from "../src/database.ts";

const PLACES_OF_A_CASE = 250;
const PLACES_OF_A_NOTICE = 10;

/**
 * Fills the ledger beside the one case there is: of five rows one is a place, one says that a notice is about it, and three are checks of
 * it; half of the places are gone. Ends with the statistics that a database of that age would have.
 */
export async function fillLedger(db: Database, rows: number, recipientId: string): Promise<void> {
  const places = Math.floor(rows / 5);
  const at = sql`now() - interval '20 days'`;
  await sql`insert into cases (id, submission_id, token_key, survivor_recipient, case_recipient, state, language, received_at,
      codes_sealed, withdrawal_plan, receipt, next_act)
    select gen_random_uuid(), gen_random_uuid(), uuid_send(gen_random_uuid()), c.survivor_recipient, c.case_recipient, 'open', 'ko',
      ${at}, c.codes_sealed, 'at-once', c.receipt, 'chase-answer'
    from (select * from cases limit 1) c, generate_series(1, ${Math.ceil(places / PLACES_OF_A_CASE)})`.execute(db);
  await sql`create temporary table made as
    select gen_random_uuid() as place_id, at, gen_random_uuid() as check_id, ((at - 1) / ${PLACES_OF_A_NOTICE}::int) as batch,
      ((at - 1) / ${PLACES_OF_A_CASE}::int) as nth
    from generate_series(1, ${places}) as at`.execute(db);
  await sql`create temporary table held as
    select id as case_id, row_number() over (order by number) - 1 as nth from cases where next_act = 'chase-answer'
      and id not in (select case_id from place)`.execute(db);
  await sql`insert into place (id, case_id, number, address_sealed, address_key, named_by, state, ladder_from, next_check_at)
    select place_id, case_id, at, '\\x00', uuid_send(place_id), 'survivor', case when at % 2 = 0 then 'removed' else 'asked' end, ${at},
      now() + make_interval(mins => at) from made join held using (nth)`.execute(db);
  await sql`create temporary table sent as
    select gen_random_uuid() as notice_id, batch, min(nth) as nth from made group by batch`.execute(db);
  await sql`insert into notice (id, number, case_id, recipient_id, state, letter_sealed, signed_sealed, created_at, approved_at, approved_by,
      sent_at, due_at, clock)
    select notice_id, ${rows * 100}::bigint + batch, case_id, ${recipientId}::uuid, 'sent', '\\x00', '\\x00', ${at}, ${at}, s.id, ${at},
      ${at} + interval '1 day', '{"kind":"promise","hours":24}'
    from sent join held using (nth), (select id from staff where state = 'active' limit 1) s`.execute(db);
  await sql`insert into delivery (notice_id, channel, state, done_at) select notice_id, 'mail', 'sent', ${at} from sent`.execute(
    db,
  );
  await sql`insert into notice_place select notice_id, place_id from made join sent using (batch)`.execute(db);
  for (const [hours, seen] of [
    [1, "there"],
    [6, "there"],
    [24, "removed"],
  ] as const)
    await sql`insert into place_check (id, place_id, checked_at, outcome, vantages)
      select gen_random_uuid(), place_id, ${at} + make_interval(hours => ${hours}), case when at % 2 = 0 then ${seen} else 'there' end, '[]'
      from made`.execute(db);
  for (const table of ["made", "held", "sent"]) await sql`drop table ${sql.table(table)}`.execute(db);
  await sql`analyze`.execute(db);
}
