import { randomUUID } from "node:crypto";
import {
  afterCheck,
  countsAsMinor,
  isLive,
  isSearch,
  mayFetch,
  type PlaceAddress,
  type Sighting,
  type Verdict,
} from "@jikim/casework";
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
  /** The fingerprints of each item. */
  readonly families: readonly (readonly Fingerprint[])[];
  readonly mayFetchMedia: boolean;
  /** A link that may be unique to her is fetched only after her yes and a caseworker's. */
  readonly mayFetch: boolean;
  /** She gave a mandate and still wants removal: without either nothing is watched for her. */
  readonly watched: boolean;
  /** Its turn at its host. */
  readonly turnAt: Temporal.Instant | null;
};

export async function findCheckTask(db: Database, vault: Vault, placeId: string): Promise<CheckTask | null> {
  const place = await db
    .selectFrom("place")
    .innerJoin("cases", "cases.id", "place.caseId")
    .leftJoin("mandate", "mandate.caseId", "place.caseId")
    .select(["place.id", "place.caseId", "addressSealed", "codesSealed", "mandate.recordedAt"])
    .select(["namedBy", "fetchYesSurvivor", "fetchYesStaff", "turnAt"])
    .where("place.id", "=", placeId)
    .executeTakeFirst();
  if (place === undefined) return null;
  const { caseId, codesSealed, turnAt } = place;
  const { counselOpinion } = (await findCentre(db)).settings;
  const minor = countsAsMinor(openCodes(vault, { id: caseId, codesSealed }).ageBand);
  const wantsRemoval = isLive(consentTo("remove", await findConsents(db, caseId)));
  const address = openAddress(vault, place);
  const yes = { survivor: place.fetchYesSurvivor !== null, staff: place.fetchYesStaff !== null };
  return {
    ...{ caseId, address, turnAt },
    families: [...(await findFingerprints(db, vault, { caseId })).values()],
    mayFetchMedia: !minor || Boolean(counselOpinion?.trim()),
    mayFetch: mayFetch({ address, namedByWatch: place.namedBy === "watch" }, yes),
    watched: place.recordedAt !== null && wantsRemoval,
  };
}

/** Whether anything is watched for her: she gave a mandate and still wants removal. */
export async function isWatched(db: Database, caseId: string): Promise<boolean> {
  const mandate = await db.selectFrom("mandate").select("caseId").where("caseId", "=", caseId).executeTakeFirst();
  return mandate !== undefined && isLive(consentTo("remove", await findConsents(db, caseId)));
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

/** Records what a check saw and what the place is now; the case's row is locked. What came back opens a closed case. @returns whether the place became something else. */
export async function recordCheck(
  tx: InTransaction,
  check: Looked & { readonly placeId: string; readonly caseId: string },
  now: Temporal.Instant,
): Promise<"the same" | "another"> {
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
  if (after === state) return "the same";
  // Back, it is asked about again, and its checks are then counted anew.
  const ladder = after === "back" ? { ladderFrom: null } : {};
  await tx
    .updateTable("place")
    .set({ state: after, ...ladder })
    .where("id", "=", placeId)
    .execute();
  if (after === "back") await reopenCase(tx, caseId);
  return "another";
}

export async function planCheck(tx: InTransaction, placeId: string, at: Temporal.Instant | null): Promise<void> {
  await tx
    .updateTable("place")
    .set({ nextCheckAt: at?.toString() ?? null })
    .where("id", "=", placeId)
    .execute();
}

/**
 * What the ladder of checks counts from: the last notice about a place that left or whose answer was "removed", else the first
 * time a check saw it gone.
 */
export async function findLadderStart(db: Database, placeId: string): Promise<Temporal.Instant | null> {
  const notices = await db
    .selectFrom("notice")
    .innerJoin("noticePlace", "noticePlace.noticeId", "notice.id")
    .select((the) => [
      the.fn.max("sentAt").as("sentAt"),
      the.fn.max("answeredAt").filterWhere("answer", "=", "removed").as("answeredAt"),
    ])
    .where("noticePlace.placeId", "=", placeId)
    .executeTakeFirst();
  const moments = [notices?.sentAt, notices?.answeredAt].filter((moment) => moment instanceof Temporal.Instant);
  const last = moments.sort(Temporal.Instant.compare).at(-1);
  if (last !== undefined) return last;
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
