import { randomUUID } from "node:crypto";
import { afterCheck, isSearch, type PlaceState, type Sighting, type Verdict } from "@jikim/casework";
import { sql } from "kysely";
import type { Database, InTransaction, RobotsSaid } from "../database.ts";
import type { Vault } from "../vault.ts";
import { ladderStart, type PlaceBefore } from "./check-task.ts";
import { openAddress } from "./sealed.ts";

/** Plans the first check of places whose removal was answered; rooms are looked at by people. @returns those planned. */
export async function scheduleFirstCheck(
  tx: InTransaction,
  vault: Vault,
  placeIds: readonly string[],
  at: Temporal.Instant,
): Promise<string[]> {
  if (placeIds.length === 0) return [];
  const rows = await tx
    .selectFrom("place")
    .select(["id", "addressSealed"])
    .where("id", "in", [...placeIds])
    .execute();
  const pages = rows.filter((row) => openAddress(vault, row).kind === "url").map((row) => row.id);
  if (pages.length > 0)
    await tx.updateTable("place").set({ nextCheckAt: at.toString() }).where("id", "in", pages).execute();
  return pages;
}

/**
 * Plans the first look at each place of a locked case that is to be asked about: what was never seen there cannot be seen to be gone.
 * Nothing happens before the mandate is recorded, nor where she does not want removal.
 */
export async function planFirstLooks(tx: InTransaction, caseId: string, now: Temporal.Instant): Promise<void> {
  await sql`update place set next_check_at = ${now.toString()}::timestamptz
    where case_id = ${caseId} and state = 'open' and next_check_at is null
      and exists (select from mandate m join consent c on c.case_id = m.case_id and c.act = 'remove'
        and c.state in ('given', 'withdrawing') where m.case_id = place.case_id)
      and not exists (select from place_check k where k.place_id = place.id)`.execute(tx);
}

/** Places that are due to be looked at. */
export async function findDuePlaces(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("place")
    .select("id")
    .where("nextCheckAt", "<=", now)
    .orderBy("nextCheckAt")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Puts a check off until its turn at its host. */
export async function awaitTurn(db: Database, placeId: string, turnAt: Temporal.Instant): Promise<void> {
  const at = turnAt.toString();
  await db.updateTable("place").set({ nextCheckAt: at, turnAt: at }).where("id", "=", placeId).execute();
}

/** Uses a turn that was waited for. False when somebody else did. */
export async function useTurn(db: Database, placeId: string, turnAt: Temporal.Instant): Promise<boolean> {
  const result = await db
    .updateTable("place")
    .set({ turnAt: null })
    .where("id", "=", placeId)
    .where("turnAt", "=", turnAt)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/**
 * Plans the first check of places about which a notice left since their checks were last planned.
 * @param hours  after the notice left.
 * @returns how many were found.
 */
export async function planAsked(
  db: Database,
  vault: Vault,
  { hours, limit }: { readonly hours: number; readonly limit: number },
): Promise<number> {
  const rows = await db
    .selectFrom("place")
    .innerJoin("noticePlace", "noticePlace.placeId", "place.id")
    .innerJoin("notice", "notice.id", "noticePlace.noticeId")
    .select(["place.id", "place.addressSealed"])
    .select((the) => the.fn.max("notice.sentAt").as("sentAt"))
    .where("place.state", "=", "asked")
    .where("place.nextCheckAt", "is", null)
    .where("notice.sentAt", "is not", null)
    .where((is) => is.or([is("place.ladderFrom", "is", null), is("notice.sentAt", ">", is.ref("place.ladderFrom"))]))
    .groupBy("place.id")
    .limit(limit)
    .execute();
  for (const row of rows) {
    if (row.sentAt === null) continue;
    const isPage = openAddress(vault, row).kind === "url";
    await db
      .updateTable("place")
      .set({ ladderFrom: row.sentAt.toString(), nextCheckAt: isPage ? row.sentAt.add({ hours }).toString() : null })
      .where("id", "=", row.id)
      .where("nextCheckAt", "is", null)
      .execute();
  }
  return rows.length;
}

/** The other pages of a case: what its search results are looked through for. */
export async function findPages(db: Database, vault: Vault, caseId: string): Promise<string[]> {
  const rows = await db.selectFrom("place").select(["id", "addressSealed"]).where("caseId", "=", caseId).execute();
  const addresses = rows.map((row) => openAddress(vault, row));
  return addresses.filter((address) => address.kind === "url" && !isSearch(address)).map((address) => address.text);
}

/** Ends the watch of a place. */
export async function stopWatching(db: Database, placeId: string): Promise<void> {
  await db.updateTable("place").set({ nextCheckAt: null }).where("id", "=", placeId).execute();
}

/** What one look at a place saw, from every vantage. */
export type Looked = {
  readonly verdict: Verdict;
  readonly sightings: readonly Sighting[];
  readonly robots: RobotsSaid | null;
};

/** A place as it is, locked until the transaction ends, and whether it is watched: she gave a mandate and still wants removal. */
export async function lockPlace(
  tx: InTransaction,
  placeId: string,
): Promise<PlaceBefore & { readonly watched: boolean }> {
  const { watched, ...before } = await tx
    .selectFrom("place")
    .select(["place.state", "place.nextCheckAt", ladderStart(sql`place.id`).as("ladderStart")])
    .select(
      sql<boolean>`exists (select from mandate m join consent c on c.case_id = m.case_id and c.act = 'remove'
        and c.state in ('given', 'withdrawing') where m.case_id = place.case_id)`.as("watched"),
    )
    .where("place.id", "=", placeId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { ...before, watched };
}

/** What a place becomes by a check, and when it is looked at next. */
type Become = { readonly before: PlaceBefore; readonly nextCheckAt: Temporal.Instant | null };

/**
 * Records what a check saw and what the place is now, in one statement, as long as the place and what its checks count from are as
 * they were before. A withdrawal ends the watch of a place, so whoever looked meanwhile finds it changed.
 * @returns what the place is now; null, and nothing is recorded, when it is not as it was.
 */
export async function recordCheck(
  db: Database,
  check: Looked & { readonly placeId: string },
  { before, nextCheckAt }: Become,
  now: Temporal.Instant,
): Promise<PlaceState | null> {
  const { placeId, verdict, sightings, robots } = check;
  const after = afterCheck(before.state, verdict);
  const blockedIn = verdict.outcome === "blocked" ? [...verdict.blockedIn] : [];
  const text = (at: Temporal.Instant | null) => sql`${at?.toString() ?? null}::timestamptz`;
  // Back, it is asked about again, and its checks are then counted anew.
  const anew = sql`case when ${after === "back" && before.state !== "back"} then null else ladder_from end`;
  const { numAffectedRows } = await sql`with kept as (
      update place set state = ${after}, next_check_at = ${text(nextCheckAt)}, ladder_from = ${anew}
      where id = ${placeId} and state = ${before.state} and next_check_at is not distinct from ${text(before.nextCheckAt)}
        and ${ladderStart(sql`place.id`)} is not distinct from ${text(before.ladderStart)}
      returning id)
    insert into place_check (id, place_id, checked_at, outcome, robots, vantages, blocked_in)
    select ${randomUUID()}::uuid, id, ${text(now)}, ${verdict.outcome}, ${robots}, ${JSON.stringify(sightings)}::jsonb,
      ${blockedIn}::text[] from kept`.execute(db);
  return numAffectedRows === 1n ? after : null;
}
