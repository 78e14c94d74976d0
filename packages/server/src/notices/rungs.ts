import type { Database } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { type AskedBefore, findAsked } from "../store/asked.ts";
import { type Barred, findBarred } from "../store/drafting.ts";
import { findRecipients } from "../store/recipient.ts";
import type { KnownPlace } from "./batches.ts";
import { findLadders, type PlaceLadder } from "./ladder.ts";
import { waysOf } from "./ways.ts";
import type { CaseFacts } from "./writing.ts";

/** Whom to ask about which places; `unreached`: places for which nobody is left that can be asked. */
export type Rungs = {
  /** Ids of places, by id of the recipient. */
  readonly placesOf: ReadonlyMap<string, readonly string[]>;
  readonly unreached: readonly string[];
};

/**
 * first: those who are asked at once · next: the soonest who were not asked yet · prepared: those who are asked at once, as the server
 * drafts by itself: it passes over whom a notice did not reach, and leaves out whom a person discarded.
 */
export type Which = "first" | "next" | "prepared";

/** A place with its way up. */
export type Climbing = { readonly placeId: string; readonly ladder: PlaceLadder };

/**
 * For each place whom to ask: whoever can be reached, is no threat, did not say that it is not theirs, and was not asked about it
 * since it was last seen.
 */
export async function findRungs(
  jikim: Jikim,
  facts: CaseFacts,
  places: readonly KnownPlace[],
  which: Which,
): Promise<Rungs> {
  const addresses = places.map(({ address }) => address);
  const ladders = await findLadders(jikim, facts, addresses);
  const climbing = places.flatMap(({ id }, at) => (ladders[at] ? [{ placeId: id, ladder: ladders[at] }] : []));
  return chooseRungs(jikim.db, jikim, climbing, which);
}

/** The same for ladders that are known; `db` may be a transaction that holds the case. */
export async function chooseRungs(
  db: Database,
  jikim: Jikim,
  climbing: readonly Climbing[],
  which: Which,
): Promise<Rungs> {
  const ids = climbing.map(({ placeId }) => placeId);
  const [asked, barred] = [await findAsked(db, ids), await findBarred(db, ids)];
  const reachable = await findReachable(db, jikim, climbing);
  const placesOf = new Map<string, string[]>();
  const unreached: string[] = [];
  for (const { placeId, ladder } of climbing) {
    const steps = ladder.steps.filter(
      ({ recipientId }) => reachable.has(recipientId) && !asked.saidNotOurs(placeId, recipientId),
    );
    const chosen = choose({ placeId, steps, asked, barred }, which);
    if (chosen === null) unreached.push(placeId);
    for (const recipientId of chosen ?? []) placesOf.set(recipientId, [...(placesOf.get(recipientId) ?? []), placeId]);
  }
  return { placesOf, unreached };
}

type Choosing = {
  readonly placeId: string;
  readonly steps: PlaceLadder["steps"];
  readonly asked: AskedBefore;
  readonly barred: Barred;
};

/** Ids of who is asked; none: they were asked before. Null: nobody is left. */
function choose({ placeId, steps, asked, barred }: Choosing, which: Which): readonly string[] | null {
  const byServer = which === "prepared";
  const open = byServer ? steps.filter(({ recipientId }) => !barred.isLost(placeId, recipientId)) : steps;
  const fresh = open.filter(({ recipientId }) => !asked.isAsked(placeId, recipientId));
  const soonest = (which === "next" ? fresh : open)[0]?.afterHours;
  if (soonest === undefined) return null;
  return fresh
    .filter(({ recipientId, afterHours }) => {
      return afterHours === soonest && !(byServer && barred.isDiscarded(placeId, recipientId));
    })
    .map(({ recipientId }) => recipientId);
}

/** Ids of recipients to whom a notice can leave now. */
async function findReachable(db: Database, jikim: Jikim, climbing: readonly Climbing[]): Promise<ReadonlySet<string>> {
  const ids = climbing.flatMap(({ ladder }) => ladder.steps.map(({ recipientId }) => recipientId));
  const recipients = await findRecipients(db, jikim.vault, ids);
  const reachable = new Set<string>();
  for (const recipient of recipients.values())
    if (!recipient.hostile && (await waysOf(db, jikim, recipient)).length > 0) reachable.add(recipient.id);
  return reachable;
}
