import type { Route, Rung as ShownRung } from "../contract/desk.ts";
import type { Jikim } from "../jikim.ts";
import { findAsked } from "../store/asked.ts";
import { findRecipients, type Recipient } from "../store/recipient.ts";
import type { KnownPlace } from "./batches.ts";
import { findLadders, type PlaceLadder } from "./ladder.ts";
import { waysOf } from "./ways.ts";
import { type CaseFacts, groundFor } from "./writing.ts";

/** Who can remove what is at these places, as the desk shows it: places with the same way are shown together. */
export async function findRoutes(jikim: Jikim, facts: CaseFacts, places: readonly KnownPlace[]): Promise<Route[]> {
  const ladders = await findLadders(
    jikim,
    facts,
    places.map(({ address }) => address),
  );
  const asked = await findAsked(
    jikim.db,
    places.map(({ id }) => id),
  );
  const ids = ladders.flatMap(({ steps }) => steps.map(({ recipientId }) => recipientId));
  const recipients = await findRecipients(jikim.db, jikim.vault, ids);
  const groups = new Map<string, { readonly ladder: PlaceLadder; readonly places: string[] }>();
  for (const [at, { id }] of places.entries()) {
    const ladder = ladders[at];
    if (ladder === undefined) continue;
    const notOurs = ladder.steps.map(({ recipientId }) => asked.saidNotOurs(id, recipientId));
    const key = JSON.stringify([ladder, notOurs]);
    const group = groups.get(key) ?? { ladder, places: [] };
    group.places.push(id);
    groups.set(key, group);
  }
  const routes: Route[] = [];
  for (const { ladder, places: its } of groups.values()) {
    const rungs: ShownRung[] = [];
    for (const { recipientId, afterHours, why } of ladder.steps) {
      const recipient = recipients.get(recipientId);
      if (recipient === undefined) continue;
      const { ground, asserted, because } = groundFor(facts, recipient.card, ladder.reach);
      rungs.push({
        ...{ recipient: showRecipient(recipient), afterHours, why, because },
        ways: [...(await waysOf(jikim.db, jikim, recipient))],
        ground: ground && showGround(ground, asserted),
        saidNotOurs: its.some((id) => asked.saidNotOurs(id, recipientId)),
      });
    }
    const silent = ladder.silent.map(({ kind, why, byHand }) => ({
      ...{ kind, why },
      byHand: byHand && { name: byHand.name, url: byHand.url },
    }));
    routes.push({ places: its, reach: ladder.reach, rungs, silent, asking: ladder.asking });
  }
  return routes;
}

function showGround(
  { id, law, article, source }: NonNullable<ReturnType<typeof groundFor>["ground"]>,
  asserted: boolean,
): NonNullable<ShownRung["ground"]> {
  return { id, law, article, source: source.where, asOf: source.asOf, mark: source.mark, asserted };
}

export function showRecipient({
  id,
  card,
  hosts,
  hostile,
  foundBy,
  deadMail: dead,
}: Recipient): ShownRung["recipient"] {
  const { kind, name, registryKey, jurisdiction, language, mail, form, api, mostPlaces, sameHost } = card;
  return {
    ...{ id, kind, name, registryKey, jurisdiction, language, mail, form, api, mostPlaces, sameHost, hostile, foundBy },
    hosts: [...hosts],
    deadMail: dead && { status: dead.status, since: dead.since.toString(), until: dead.until.toString() },
  };
}
