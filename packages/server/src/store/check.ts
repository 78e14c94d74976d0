import { randomUUID } from "node:crypto";
import { afterCheck, countsAsMinor, isLive, type PlaceAddress, type Sighting, type Verdict } from "@jikim/casework";
import type { Fingerprint } from "@jikim/fingerprint";
import type { Database, InTransaction, RobotsSaid } from "../database.ts";
import type { Vault } from "../vault.ts";
import { reopenCase } from "./case-change.ts";
import { findCentre } from "./centre.ts";
import { consentTo, findConsents } from "./consent.ts";
import { findFingerprints } from "./item.ts";
import { openAddress, openCodes } from "./sealed.ts";

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

/** Takes a due check until a moment: nobody else looks meanwhile, and when we are killed it is due again. False: not due. */
export async function takeCheck(
  db: Database,
  placeId: string,
  { now, until }: { readonly now: Temporal.Instant; readonly until: Temporal.Instant },
): Promise<boolean> {
  const result = await db
    .updateTable("place")
    .set({ nextCheckAt: until.toString() })
    .where("id", "=", placeId)
    .where("nextCheckAt", "<=", now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** What a check needs to know. */
export type CheckTask = {
  readonly caseId: string;
  readonly address: PlaceAddress;
  readonly fingerprints: readonly Fingerprint[];
  readonly mayFetchMedia: boolean;
  /** She gave a mandate and still wants removal: without either nothing is watched for her. */
  readonly watched: boolean;
};

export async function findCheckTask(db: Database, vault: Vault, placeId: string): Promise<CheckTask | null> {
  const place = await db
    .selectFrom("place")
    .innerJoin("cases", "cases.id", "place.caseId")
    .leftJoin("mandate", "mandate.caseId", "place.caseId")
    .select(["place.id", "place.caseId", "addressSealed", "codesSealed", "mandate.recordedAt"])
    .where("place.id", "=", placeId)
    .executeTakeFirst();
  if (place === undefined) return null;
  const { caseId, codesSealed } = place;
  const { counselOpinion } = (await findCentre(db)).settings;
  const minor = countsAsMinor(openCodes(vault, { id: caseId, codesSealed }).ageBand);
  const wantsRemoval = isLive(consentTo("remove", await findConsents(db, caseId)));
  return {
    caseId,
    address: openAddress(vault, place),
    fingerprints: [...(await findFingerprints(db, vault, { caseId })).values()].flat(),
    mayFetchMedia: !minor || Boolean(counselOpinion?.trim()),
    watched: place.recordedAt !== null && wantsRemoval,
  };
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

/** Records what a check saw and what the place is now; the case's row is locked. What came back opens a closed case. */
export async function recordCheck(
  tx: InTransaction,
  check: Looked & { readonly placeId: string; readonly caseId: string },
  now: Temporal.Instant,
): Promise<void> {
  const { placeId, caseId, verdict, sightings, robots } = check;
  const { state } = await tx
    .selectFrom("place")
    .select("state")
    .where("id", "=", placeId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const after = afterCheck(state, verdict);
  const { outcome } = verdict;
  const seen = {
    ...{ id: randomUUID(), placeId, checkedAt: now.toString(), outcome, robots },
    vantages: JSON.stringify(sightings),
    blockedIn: verdict.outcome === "blocked" ? [...verdict.blockedIn] : [],
  };
  await tx.insertInto("placeCheck").values(seen).execute();
  // Back, it is asked about again, and its checks are then counted anew.
  const ladder = after === "back" && state !== "back" ? { ladderFrom: null } : {};
  await tx
    .updateTable("place")
    .set({ state: after, ...ladder })
    .where("id", "=", placeId)
    .execute();
  if (after === "back" && state !== "back") await reopenCase(tx, caseId);
}

export async function planCheck(tx: InTransaction, placeId: string, at: Temporal.Instant | null): Promise<void> {
  await tx
    .updateTable("place")
    .set({ nextCheckAt: at?.toString() ?? null })
    .where("id", "=", placeId)
    .execute();
}

/** What the ladder of checks counts from: the last answered removal of a place, or the first time a check saw it gone. */
export async function findLadderStart(db: Database, placeId: string): Promise<Temporal.Instant | null> {
  const answered = await db
    .selectFrom("notice")
    .innerJoin("noticePlace", "noticePlace.noticeId", "notice.id")
    .select("answeredAt")
    .where("noticePlace.placeId", "=", placeId)
    .where("answer", "=", "removed")
    .orderBy("answeredAt", "desc")
    .limit(1)
    .executeTakeFirst();
  if (answered?.answeredAt) return answered.answeredAt;
  const gone = await db
    .selectFrom("placeCheck")
    .select("checkedAt")
    .where("placeId", "=", placeId)
    .where("outcome", "=", "removed")
    .orderBy("checkedAt")
    .limit(1)
    .executeTakeFirst();
  return gone?.checkedAt ?? null;
}
