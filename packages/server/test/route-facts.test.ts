import { randomUUID } from "node:crypto";
import { CHECK_OUTCOMES, type CheckOutcome, routeRowAt, routeRowOf } from "@jikim/casework";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LedgerLine, readLedger } from "../src/store/route-facts.ts";
import { receiveCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { inventRecipient } from "./ledger.ts";
import { seedCentre } from "./seed.ts";

let server: TestJikim;
beforeAll(async () => {
  server = await openTestJikim();
});
afterAll(() => server.close());

/** The same numbers in every run (a linear congruential generator, Numerical Recipes). */
let state = 7;
const below = (most: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * most);
};

test("the few checks that the database hands on tell the same as all of them", async () => {
  const { db, now } = server.jikim;
  const { staff } = await seedCentre(server.jikim);
  const recipientId = await inventRecipient(server.jikim, "platform", "board");
  const { caseId } = await receiveCase(server);
  const from = Temporal.Instant.from("2026-06-01T00:00:00Z");
  const all = new Map<string, { readonly outcome: CheckOutcome; readonly at: Temporal.Instant }[]>();
  for (let number = 1; number <= 60; number++) {
    const [noticeId, placeId] = [randomUUID(), randomUUID()];
    // The minute tells one notice from another.
    const sentAt = from.add({ hours: 30, minutes: number }).toString();
    const outcome = () => CHECK_OUTCOMES[below(CHECK_OUTCOMES.length)] ?? "there";
    const checks = Array.from({ length: below(12) }, () => ({
      outcome: outcome(),
      at: from.add({ hours: below(200) }),
    }));
    const distinct = [...new Map(checks.map((check) => [check.at.toString(), check])).values()];
    all.set(sentAt, distinct);
    await sql`insert into place (id, case_id, number, address_sealed, address_key, named_by)
      values (${placeId}, ${caseId}, ${1000 + number}, '\\x00', ${placeId}::text::bytea, 'staff')`.execute(db);
    await sql`insert into notice (id, number, case_id, recipient_id, state, letter_sealed, signed_sealed, created_at, approved_at,
      approved_by, sent_at) values (${noticeId}, ${number}, ${caseId}, ${recipientId}, 'sent', '\\x00', '\\x00', ${sentAt}, ${sentAt},
      ${staff.staffId}, ${sentAt})`.execute(db);
    await sql`insert into notice_place values (${noticeId}, ${placeId})`.execute(db);
    await sql`insert into delivery (notice_id, channel, state, done_at) values (${noticeId}, 'mail', 'sent', ${sentAt})`.execute(
      db,
    );
    for (const check of distinct)
      await sql`insert into place_check (id, place_id, checked_at, outcome, vantages) values (gen_random_uuid(), ${placeId},
        ${check.at.toString()}, ${check.outcome}, '[]')`.execute(db);
  }
  const ledger: LedgerLine[] = [];
  await readLedger(db, from, (lines) => void ledger.push(...lines), 7);
  expect(ledger).toHaveLength(60);
  for (const { recipientId: recipient, ...times } of ledger) {
    const sentAt = Temporal.Instant.fromEpochMilliseconds(times.sent);
    const { ground, channel, caseKey } = times;
    const whole = { recipient, ground, channel, caseKey, sentAt, now: now(), answers: [] };
    const told = { ...whole, checks: all.get(sentAt.toString()) ?? [] };
    expect(routeRowAt({ ...times, recipient, now: whole.now.epochMilliseconds })).toEqual(routeRowOf(told));
  }
});
