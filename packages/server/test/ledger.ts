import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Jikim } from "../src/jikim.ts";
import { keepRecipient } from "../src/store/recipient.ts";

/** An invented recipient. */
export function inventRecipient(jikim: Jikim, kind: "platform" | "host", name: string): Promise<string> {
  const { db, vault, now } = jikim;
  const card = {
    ...{ kind, name: { ko: `지어낸 ${name}`, en: `invented ${name}` }, registryKey: null, jurisdiction: null },
    ...{ language: "en" as const, mail: `abuse@${name}.invalid`, form: null, api: null },
    ...{ xarf: false, mostPlaces: 100, sameHost: false },
  };
  return db.transaction().execute((tx) => keepRecipient(tx, vault, { card, hosts: [], foundBy: "hand" }, now()));
}

export type Ledger = {
  readonly caseId: string;
  readonly staffId: string;
  readonly recipientId: string;
  /** Such as 2026-06. */
  readonly month: string;
  readonly removed: number;
  readonly there: number;
};

/** Notices of one case, sent in the middle of a month; removed ones were seen gone ten hours later. */
export async function fillLedger({ db }: Jikim, ledger: Ledger): Promise<void> {
  const { caseId, staffId, recipientId, month, removed, there } = ledger;
  const sentAt = `${month}-15T03:00:00Z`;
  for (let number = 0; number < removed + there; number++) {
    const [noticeId, placeId] = [randomUUID(), randomUUID()];
    await sql`insert into place (id, case_id, number, address_sealed, address_key, named_by)
      values (${placeId}, ${caseId}, (select coalesce(max(number), 0) + 1 from place where case_id = ${caseId}), '\\x00', ${placeId}::text::bytea, 'staff')`.execute(
      db,
    );
    await sql`insert into notice (id, number, case_id, recipient_id, state, letter_sealed, signed_sealed, created_at, approved_at,
      approved_by, sent_at) values (${noticeId}, (select coalesce(max(number), 0) + 1 from notice where recipient_id = ${recipientId}), ${caseId}, ${recipientId}, 'sent', '\\x00', '\\x00', ${sentAt},
      ${sentAt}, ${staffId}, ${sentAt})`.execute(db);
    await sql`insert into notice_place values (${noticeId}, ${placeId})`.execute(db);
    await sql`insert into delivery (notice_id, channel, state, done_at) values (${noticeId}, 'mail', 'sent', ${sentAt})`.execute(
      db,
    );
    const outcome = number < removed ? "removed" : "there";
    for (const hours of [10, 24 * 9])
      await sql`insert into place_check (id, place_id, checked_at, outcome, vantages) values (gen_random_uuid(), ${placeId},
        ${sentAt}::timestamptz + make_interval(hours => ${hours}), ${outcome}, '[]')`.execute(db);
  }
}
