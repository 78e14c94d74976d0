import { Refusal } from "@jikim/casework";
import type { Jikim } from "../../jikim.ts";
import { approve } from "../../notices/approve.ts";
import { findLadders } from "../../notices/ladder.ts";
import { rewriteDrafts } from "../../notices/rewrite.ts";
import { findCaseFacts } from "../../notices/writing.ts";
import { ServerRefusal } from "../../refusal.ts";
import { type LaterRung, nameLater } from "../../store/later-rung.ts";
import { lockCase, refreshNext } from "../../store/next.ts";
import { findCasesOf, findPlacesOf } from "../../store/notice.ts";
import { findKnownPlaces } from "../../store/place.ts";
import { lockRecipientsOf } from "../../store/recipient.ts";
import { doerOf, recordRelease } from "../../store/release.ts";
import type { SignedIn } from "../../store/session.ts";
import { wrapOf } from "./case-guard.ts";

/** What she approves: notices, the recipients of them that she read and confirmed, and those who may be asked later. */
export type Approving = {
  readonly approved: readonly string[];
  readonly named: readonly string[];
  readonly later: readonly string[];
};

/**
 * Approves all notices, or none. Where one would say something else by now, it is written anew and she reads it again.
 * @throws {Refusal} those of `approve`. @throws {ServerRefusal} those of `approve`, `CASE_NOT_HELD`, `RECIPIENT_NOT_ON_LADDER`.
 */
export async function approveAll(jikim: Jikim, person: SignedIn, approving: Approving): Promise<void> {
  const caseOf = await findCasesOf(jikim.db, approving.approved);
  if (caseOf.size !== approving.approved.length) throw new ServerRefusal({ code: "NOT_FOUND" });
  // Cases are locked in one order, so that two approvals at once never wait for each other.
  const cases = [...new Set(caseOf.values())].sort();
  for (const caseId of cases) await wrapOf(jikim.db, { person, caseId, now: jikim.now() });
  const later = await findLaterRungs(jikim, { caseOf, later: approving.later });
  try {
    await approveTogether(jikim, person, { ...approving, caseOf, cases, rungs: later });
  } catch (error) {
    if (error instanceof ServerRefusal && error.reason.code === "NOTICE_CHANGED") await rewriteAll(jikim, cases);
    throw error;
  }
}

type Together = Approving & {
  readonly caseOf: ReadonlyMap<string, string>;
  /** In the order in which they are locked. */
  readonly cases: readonly string[];
  readonly rungs: readonly LaterRung[];
};

async function approveTogether(jikim: Jikim, person: SignedIn, all: Together): Promise<void> {
  const { caseOf, cases, named, rungs } = all;
  const { staffId } = person;
  await jikim.db.transaction().execute(async (tx) => {
    const now = jikim.now();
    for (const caseId of cases) {
      const row = await lockCase(tx, caseId);
      await wrapOf(tx, { person, caseId, now });
      if (row?.state === "closed") throw new Refusal({ code: "CASE_CLOSED" });
      await recordRelease(tx, jikim.vault, { ...doerOf(person), caseId, what: "notice-approved", at: now });
    }
    await lockRecipientsOf(tx, [...caseOf.keys()]);
    for (const [noticeId, caseId] of caseOf) await approve(tx, jikim, { noticeId, caseId, named, staffId }, now);
    await nameLater(tx, rungs, { staffId, now });
    for (const caseId of cases) await refreshNext(tx, jikim.vault, caseId, now);
  });
}

async function rewriteAll(jikim: Jikim, cases: readonly string[]): Promise<void> {
  for (const caseId of cases)
    await jikim.db.transaction().execute(async (tx) => {
      const caseRow = await lockCase(tx, caseId);
      if (caseRow !== undefined) await rewriteDrafts(tx, jikim.vault, caseRow, jikim.now());
    });
}

type Named = { readonly caseOf: ReadonlyMap<string, string>; readonly later: readonly string[] };

/** Where those named for later stand on the ladders of the places that are asked about now. */
async function findLaterRungs(jikim: Jikim, { caseOf, later }: Named): Promise<LaterRung[]> {
  if (later.length === 0) return [];
  const rungs: LaterRung[] = [];
  const placesOf = await findPlacesOf(jikim.db, [...caseOf.keys()]);
  for (const [caseId, notices] of Map.groupBy(caseOf.keys(), (id) => caseOf.get(id) ?? "")) {
    const places = [...new Set(notices.flatMap((id) => placesOf.get(id) ?? []))];
    rungs.push(...(await findRungsOf(jikim, { caseId, places, later })));
  }
  const found = new Set(rungs.map(({ recipientId }) => recipientId));
  if (!later.every((id) => found.has(id))) throw new ServerRefusal({ code: "RECIPIENT_NOT_ON_LADDER" });
  return rungs;
}

async function findRungsOf(
  jikim: Jikim,
  {
    caseId,
    places: ids,
    later,
  }: { readonly caseId: string; readonly places: readonly string[]; readonly later: readonly string[] },
): Promise<LaterRung[]> {
  const { db, vault } = jikim;
  const caseRow = await db.transaction().execute((tx) => lockCase(tx, caseId));
  const places = await findKnownPlaces(db, vault, { caseId, places: ids });
  if (caseRow === undefined || places === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const facts = await findCaseFacts(db, vault, caseRow, jikim.now());
  const addresses = places.map(({ address }) => address);
  const ladders = await findLadders(jikim, facts, addresses);
  return places.flatMap(({ id: placeId }, at) =>
    (ladders[at]?.steps ?? [])
      .filter(({ recipientId }) => later.includes(recipientId))
      .map(({ recipientId, afterHours, why }) => ({ placeId, recipientId, afterHours, why })),
  );
}
