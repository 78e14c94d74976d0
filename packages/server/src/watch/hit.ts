import { Refusal, readPlace } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { checkSoon } from "../jobs/queue.ts";
import { draftTogether } from "../notices/prepare.ts";
import { findRungs } from "../notices/rungs.ts";
import { findCaseFacts } from "../notices/writing.ts";
import { ServerRefusal } from "../refusal.ts";
import { reopenCase } from "../store/case-change.ts";
import { planFirstLooks } from "../store/check.ts";
import { findCaseOf } from "../store/holder.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { addPlaces, findKnownPlaces } from "../store/place.ts";
import { findSourceAddress } from "../store/source.ts";
import {
  findPlaceAt,
  isInNotice,
  isSighted,
  isWatchedFor,
  markDrafted,
  recordSighting,
  type WatchedItem,
} from "../store/watching.ts";

/** An item that was seen on a page, and by way of which source. */
export type Hit = { readonly sourceId: string; readonly page: string; readonly item: WatchedItem };

/**
 * Makes a new place of what the watch saw, and drafts a notice about it; nobody looked. A place that was gone is looked at again
 * instead. Nothing happens for a case that has withdrawn meanwhile.
 */
export async function recordHit(jikim: Jikim, { sourceId, page, item }: Hit): Promise<void> {
  const { db, vault } = jikim;
  const { caseId, itemId } = item;
  const address = readPlace(page);
  if (address === null) return;
  // What a list shows is mostly what its posts show: they are the places, when there are any.
  const isList = page === (await findSourceAddress(db, vault, sourceId));
  if (isList && (await isSighted(db, { sourceId, itemId }))) return;
  const placeId = await db.transaction().execute(async (tx) => {
    const caseRow = await lockCase(tx, caseId);
    if (caseRow === undefined || caseRow.state === "set-aside" || !(await isWatchedFor(tx, vault, caseRow)))
      return null;
    const now = jikim.now();
    const before = await findPlaceAt(tx, vault, { caseId, address });
    if (before === null) await addPlaces(tx, vault, { caseId, namedBy: "watch" }, [address]);
    const place = before ?? (await findPlaceAt(tx, vault, { caseId, address }));
    if (place === null) return null;
    await recordSighting(tx, { sourceId, placeId: place.id, itemId }, now);
    await planFirstLooks(tx, caseId, now);
    if (before === null) await reopenCase(tx, caseId);
    else if (before.state !== "open") await checkSoon(jikim.jobs, tx, { placeId: place.id, asked: true });
    await refreshNext(tx, vault, caseId, now);
    return before === null || before.state === "open" ? place.id : null;
  });
  if (placeId !== null) await draftSighted(jikim, placeId);
}

/**
 * Drafts notices about a place that the watch found, to whoever is asked first; a person approves them. While directories are
 * still being asked who that is, nothing is drafted, and the sweep comes back.
 */
export async function draftSighted(jikim: Jikim, placeId: string): Promise<void> {
  const { db, vault } = jikim;
  const caseId = await findCaseOf(db, "place", placeId);
  if (caseId === null) return;
  const known = await db.transaction().execute(async (tx) => {
    const caseRow = await lockCase(tx, caseId);
    const places = await findKnownPlaces(tx, vault, { caseId, places: [placeId] });
    if (caseRow === undefined || places === null || !(await isWatchedFor(tx, vault, caseRow))) return null;
    return { places, facts: await findCaseFacts(tx, vault, caseRow, jikim.now()) };
  });
  if (known === null) return;
  const { placesOf } = await findRungs(jikim, known.facts, known.places, "prepared");
  await db
    .transaction()
    .execute(async (tx) => {
      const now = jikim.now();
      const caseRow = await lockCase(tx, caseId);
      if (caseRow === undefined) return;
      const isDrafted = await isInNotice(tx, placeId);
      if (!isDrafted && placesOf.size > 0) await draftTogether(tx, jikim, { caseRow, placesOf });
      if (isDrafted || placesOf.size > 0) await markDrafted(tx, placeId, now);
      await refreshNext(tx, vault, caseId, now);
    })
    .catch((error: unknown) => {
      // A consent that was withdrawn meanwhile, or a recipient that is gone: the place stays, and a person decides.
      if (!(error instanceof Refusal || error instanceof ServerRefusal)) throw error;
    });
}
