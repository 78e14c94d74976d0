import { randomUUID } from "node:crypto";
import { countsAsMinor, isLive, type PlaceAddress } from "@jikim/casework";
import type { Fingerprint } from "@jikim/fingerprint";
import { sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { findCentre } from "./centre.ts";
import { consentTo, findConsents } from "./consent.ts";
import { findFingerprints } from "./item.ts";
import { keyOfAddress, openCodes } from "./sealed.ts";

/** An item that is watched for, with whose it is. */
export type WatchedItem = {
  readonly itemId: string;
  readonly caseId: string;
  readonly fingerprints: readonly Fingerprint[];
};

/**
 * Changes whenever what is watched for may have changed. Withdrawals that take effect by time alone change nothing here: whoever
 * finds something asks `isWatchedFor` again.
 */
export async function watchStamp(db: Database): Promise<string> {
  const { rows } = await sql<{ stamp: string }>`select concat_ws(' ',
    (select count(*) from item_fingerprint),
    (select count(*) || ' ' || max(recorded_at) from mandate),
    (select count(*) || ' ' || max(given_at) from consent where act = 'remove' and state in ('given', 'withdrawing')),
    (select count(*) from cases where state <> 'set-aside'),
    (select settings ->> 'counselOpinion' from centre)) as stamp`.execute(db);
  return rows[0]?.stamp ?? "";
}

/**
 * Items of every case with a mandate and a live consent to removal. Those of children and of unknown age only once counsel's opinion
 * is recorded: until then none of their pictures is looked for.
 */
export async function findWatchedItems(db: Database, vault: Vault): Promise<WatchedItem[]> {
  const rows = await db
    .selectFrom("item")
    .innerJoin("cases", "cases.id", "item.caseId")
    .innerJoin("mandate", "mandate.caseId", "item.caseId")
    .innerJoin("consent", "consent.caseId", "item.caseId")
    .select(["item.id as itemId", "item.caseId", "cases.codesSealed"])
    .where("consent.act", "=", "remove")
    .where("consent.state", "in", ["given", "withdrawing"])
    .where("cases.state", "!=", "set-aside")
    .execute();
  const { counselOpinion } = (await findCentre(db)).settings;
  const mayBeMinors = Boolean(counselOpinion?.trim());
  const watched = rows.filter(
    ({ caseId, codesSealed }) => mayBeMinors || !countsAsMinor(openCodes(vault, { id: caseId, codesSealed }).ageBand),
  );
  const fingerprints = await findFingerprints(db, vault, { itemIds: watched.map(({ itemId }) => itemId) });
  return watched.map(({ itemId, caseId }) => ({ itemId, caseId, fingerprints: fingerprints.get(itemId) ?? [] }));
}

/** Whether anything is watched for in a case now. */
export async function isWatchedFor(
  db: Database,
  vault: Vault,
  caseRow: { readonly id: string; readonly codesSealed: Buffer },
): Promise<boolean> {
  const mandate = await db.selectFrom("mandate").select("caseId").where("caseId", "=", caseRow.id).executeTakeFirst();
  if (mandate === undefined || !isLive(consentTo("remove", await findConsents(db, caseRow.id)))) return false;
  const { counselOpinion } = (await findCentre(db)).settings;
  return Boolean(counselOpinion?.trim()) || !countsAsMinor(openCodes(vault, caseRow).ageBand);
}

/** Whether an item was seen by way of a source before, at a place that is not gone. */
export async function isSighted(
  db: Database,
  of: { readonly sourceId: string; readonly itemId: string },
): Promise<boolean> {
  const row = await db
    .selectFrom("sighting")
    .innerJoin("place", "place.id", "sighting.placeId")
    .select("sighting.id")
    .where("sourceId", "=", of.sourceId)
    .where("itemId", "=", of.itemId)
    .where("place.state", "not in", ["removed", "de-indexed"])
    .executeTakeFirst();
  return row !== undefined;
}

/** The place of a case at an address; null when it has none. */
export async function findPlaceAt(
  tx: InTransaction,
  vault: Vault,
  of: { readonly caseId: string; readonly address: PlaceAddress },
): Promise<{ readonly id: string; readonly state: string } | null> {
  const row = await tx
    .selectFrom("place")
    .select(["id", "state"])
    .where("caseId", "=", of.caseId)
    .where("addressKey", "=", keyOfAddress(vault, of.address))
    .executeTakeFirst();
  return row ?? null;
}

/** Records that the watch saw an item at a place; once for both. */
export async function recordSighting(
  tx: InTransaction,
  sighting: { readonly sourceId: string; readonly placeId: string; readonly itemId: string },
  now: Temporal.Instant,
): Promise<void> {
  await tx
    .insertInto("sighting")
    .values({ id: randomUUID(), ...sighting, seenAt: now.toString() })
    .onConflict((conflict) => conflict.columns(["placeId", "itemId"]).doUpdateSet({ seenAt: now.toString() }))
    .execute();
}

/** Places that the watch found lately and for which no notice was drafted yet. */
export async function findUndrafted(db: Database, since: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("sighting")
    .select("placeId")
    .distinct()
    .where("draftedAt", "is", null)
    .where("seenAt", ">", since)
    .limit(limit)
    .execute();
  return rows.map((row) => row.placeId);
}

/** Whether a notice about a place waits or is out. */
export async function isInNotice(tx: InTransaction, placeId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("noticePlace")
    .innerJoin("notice", "notice.id", "noticePlace.noticeId")
    .select("notice.id")
    .where("placeId", "=", placeId)
    .where("notice.state", "!=", "stopped")
    .executeTakeFirst();
  return row !== undefined;
}

export async function markDrafted(tx: InTransaction, placeId: string, now: Temporal.Instant): Promise<void> {
  await tx.updateTable("sighting").set({ draftedAt: now.toString() }).where("placeId", "=", placeId).execute();
}
