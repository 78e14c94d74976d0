import type { Jikim } from "../jikim.ts";
import { findAsked } from "../store/asked.ts";
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

/** first: those who are asked at once · next: the soonest who were not asked yet. */
export type Which = "first" | "next";

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
  const ladders = await findLadders(
    jikim,
    facts,
    places.map(({ address }) => address),
  );
  const asked = await findAsked(
    jikim.db,
    places.map(({ id }) => id),
  );
  const reachable = await findReachable(jikim, ladders);
  const placesOf = new Map<string, string[]>();
  const unreached: string[] = [];
  for (const [at, { id }] of places.entries()) {
    const open = (ladders[at]?.steps ?? []).filter(
      ({ recipientId }) => reachable.has(recipientId) && !asked.saidNotOurs(id, recipientId),
    );
    const fresh = open.filter(({ recipientId }) => !asked.isAsked(id, recipientId));
    const soonest = (which === "first" ? open : fresh)[0]?.afterHours;
    if (soonest === undefined) unreached.push(id);
    for (const { recipientId, afterHours } of fresh)
      if (afterHours === soonest) placesOf.set(recipientId, [...(placesOf.get(recipientId) ?? []), id]);
  }
  return { placesOf, unreached };
}

/** Ids of recipients to whom a notice can leave now. */
async function findReachable(jikim: Jikim, ladders: readonly PlaceLadder[]): Promise<ReadonlySet<string>> {
  const ids = ladders.flatMap(({ steps }) => steps.map(({ recipientId }) => recipientId));
  const recipients = await findRecipients(jikim.db, jikim.vault, ids);
  const reachable = new Set<string>();
  for (const recipient of recipients.values())
    if (!recipient.hostile && (await waysOf(jikim.db, jikim, recipient)).length > 0) reachable.add(recipient.id);
  return reachable;
}
