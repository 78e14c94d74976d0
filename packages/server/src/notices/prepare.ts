import { Refusal } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { findToDraft, settleDrafting } from "../store/drafting.ts";
import type { CaseRow } from "../store/my-case.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { findDrafts } from "../store/notice.ts";
import { hasMandate } from "../store/notice-facts.ts";
import { findKnownPlaces } from "../store/place.ts";
import { deletePrepared, dropGonePlaces, markPrepared, takePrepared } from "../store/prepared.ts";
import { findRecipients } from "../store/recipient.ts";
import { draftNotices } from "./draft.ts";
import { findLadders, type PlaceLadder } from "./ladder.ts";
import { rewriteDrafts } from "./rewrite.ts";
import { chooseRungs, type Rungs } from "./rungs.ts";
import { findCaseFacts } from "./writing.ts";

/** Minutes until a place is looked at again whose carriers directories are still being asked about: the sweep's own pace. */
const LOOK_AGAIN_MINUTES = 1;
/** Hours for which a draft waits for directories; then whoever is known is asked. Ours: directories are asked three times in the first hour. */
const WAIT_HOURS = 2;

/**
 * Drafts, for one approval, notices about every place of a case that nobody is being asked about, to whoever is asked first, and
 * takes stale drafts away. Nothing leaves. The rules of a draft by hand hold; whom a person discarded is not drafted to again, nor whom
 * a notice did not reach.
 */
export async function prepareDrafts(jikim: Jikim, caseId: string): Promise<void> {
  const ladders = await survey(jikim, caseId);
  await jikim.db.transaction().execute(async (tx) => {
    const now = jikim.now();
    const caseRow = await lockCase(tx, caseId);
    if (caseRow === undefined) return;
    await dropStale(tx, jikim, caseRow);
    const due = await findToDraft(tx, caseId, now);
    const again: string[] = [];
    const climbing = due.flatMap(({ placeId, from }) => {
      const ladder = ladders.get(placeId);
      if (ladder === undefined) return [];
      const patient = from.until(now).total("hours") < WAIT_HOURS;
      if (ladder.asking && patient) again.push(placeId);
      return ladder.asking && patient ? [] : [{ placeId, ladder }];
    });
    const rungs = await chooseRungs(tx, jikim, climbing, "prepared");
    await draftTogether(tx, jikim, { caseRow, placesOf: rungs.placesOf });
    await settleDrafting(tx, caseId, { now, again, at: now.add({ minutes: LOOK_AGAIN_MINUTES }) });
    await refreshNext(tx, jikim.vault, caseId, now);
  });
}

/** The ladders of what is due, found before the case is locked: directories may have to be asked. None without a mandate. */
async function survey(jikim: Jikim, caseId: string): Promise<ReadonlyMap<string, PlaceLadder>> {
  const { db, vault } = jikim;
  const known = await db.transaction().execute(async (tx) => {
    const now = jikim.now();
    const caseRow = await lockCase(tx, caseId);
    if (caseRow === undefined || caseRow.state === "closed" || !(await hasMandate(tx, caseId))) return null;
    const ids = (await findToDraft(tx, caseId, now)).map(({ placeId }) => placeId);
    const places = await findKnownPlaces(tx, vault, { caseId, places: ids });
    return places === null ? null : { places, facts: await findCaseFacts(tx, vault, caseRow, now) };
  });
  if (known === null || known.places.length === 0) return new Map();
  const addresses = known.places.map(({ address }) => address);
  const ladders = await findLadders(jikim, known.facts, addresses);
  return new Map(known.places.flatMap(({ id }, at) => (ladders[at] ? [[id, ladders[at]] as const] : [])));
}

type Drafting = { readonly caseRow: CaseRow; readonly placesOf: Rungs["placesOf"] };

/**
 * Drafts to each recipient about its places, together with those of the server's own drafts that wait there: the fewest notices. What a
 * rule forbids is not drafted. @returns whether anything was.
 */
export async function draftTogether(
  tx: InTransaction,
  { vault, now }: Pick<Jikim, "vault" | "now">,
  { caseRow, placesOf }: Drafting,
): Promise<boolean> {
  let any = false;
  for (const [recipientId, places] of placesOf) {
    const before = await takePrepared(tx, { caseId: caseRow.id, recipientId });
    const all = new Map([[recipientId, [...new Set([...before, ...places])]]]);
    const drafted = await draftNotices(tx, vault, { caseRow, placesOf: all }, now()).catch((error: unknown) => {
      if (error instanceof Refusal || error instanceof ServerRefusal) return [];
      throw error;
    });
    await markPrepared(tx, drafted);
    any ||= drafted.length > 0;
  }
  return any;
}

/** A place that is gone is asked about no more, and one who is the threat is not written to. */
async function dropStale(tx: InTransaction, { vault, now }: Jikim, caseRow: CaseRow): Promise<void> {
  const drafts = await findDrafts(tx, caseRow.id);
  if (drafts.length === 0) return;
  const recipients = await findRecipients(
    tx,
    vault,
    drafts.map((row) => row.recipientId),
  );
  const hostile = [...recipients.values()].filter((recipient) => recipient.hostile).map(({ id }) => id);
  await deletePrepared(tx, { caseId: caseRow.id, recipientIds: hostile });
  if ((await dropGonePlaces(tx, caseRow.id)).length > 0) await rewriteDrafts(tx, vault, caseRow, now());
}
