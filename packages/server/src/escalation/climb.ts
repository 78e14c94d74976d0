import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { findLadders, type PlaceLadder, type Step } from "../notices/ladder.ts";
import { waysOf } from "../notices/ways.ts";
import { type CaseFacts, findCaseFacts, groundFor } from "../notices/writing.ts";
import { findCentre } from "../store/centre.ts";
import { type DueClimb, findClimbsOf, planClimbs } from "../store/climb.ts";
import { findPasts } from "../store/climb-facts.ts";
import { consentTo, findConsents } from "../store/consent.ts";
import type { CaseRow } from "../store/my-case.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { hasMandate } from "../store/notice-facts.ts";
import { findKnownPlaces } from "../store/place.ts";
import { findPoliciesFor } from "../store/policy.ts";
import { findRecipients } from "../store/recipient.ts";
import { openCodes } from "../store/sealed.ts";
import { act } from "./act.ts";
import { type Candidate, type CaseSide, type Decided, decidePlace } from "./decide.ts";

/** Places of one case that are climbed in one go. Ours; the rest is due at the next look. */
const MOST_PLACES = 250;
/** Hours until a ladder that waits for something without a time is looked at again, should nobody hurry it. Ours. */
const LOOK_AGAIN_HOURS = 6;
/** Until the rung after one that was taken is looked at: nothing on a ladder waits for less. */
const NEXT_LOOK_HOURS = 1;

/** The ladders of some places of a case, found before its row is locked: directories may have to be asked. */
type Surveyed = { readonly facts: CaseFacts; readonly ladders: ReadonlyMap<string, PlaceLadder> };

/**
 * Climbs the due ladders of a case: asks the next recipients where her approval named them or a standing policy allows it, else
 * prepares the step for one key. Everything is decided under the case's lock, which a withdrawal has to wait for.
 */
export async function climb(jikim: Jikim, caseId: string): Promise<void> {
  const surveyed = await survey(jikim, caseId);
  if (surveyed === null) return;
  await jikim.db.transaction().execute(async (tx) => {
    const now = jikim.now();
    const caseRow = await lockCase(tx, caseId);
    const climbs = await findClimbsOf(tx, caseId, now, MOST_PLACES);
    if (caseRow === undefined || climbs.length === 0) return;
    const decided = await decideAll(tx, jikim, { caseRow, climbs, surveyed });
    const taken = await act(tx, jikim, { caseRow, decided });
    await plan(tx, decided, { taken, now });
    await refreshNext(tx, jikim.vault, caseId, now);
  });
}

async function survey(jikim: Jikim, caseId: string): Promise<Surveyed | null> {
  const { db, vault } = jikim;
  const now = jikim.now();
  const found = await db.transaction().execute(async (tx) => {
    const caseRow = await lockCase(tx, caseId);
    const climbs = await findClimbsOf(tx, caseId, now, MOST_PLACES);
    if (caseRow === undefined || climbs.length === 0) return null;
    const places = await findKnownPlaces(tx, vault, { caseId, places: climbs.map((one) => one.placeId) });
    // Without a mandate no directory is told of a place.
    const may = caseRow.state !== "closed" && (await hasMandate(tx, caseId));
    return { facts: await findCaseFacts(tx, vault, caseRow, now), places: places ?? [], may };
  });
  if (found === null) return null;
  const { facts, places, may } = found;
  const addresses = places.map(({ address }) => address);
  const ladders = may ? await findLadders(jikim, facts, addresses) : [];
  return { facts, ladders: new Map(places.flatMap(({ id }, at) => (ladders[at] ? [[id, ladders[at]]] : []))) };
}

type Due = { readonly caseRow: CaseRow; readonly climbs: readonly DueClimb[]; readonly surveyed: Surveyed };

async function decideAll(tx: InTransaction, jikim: Jikim, { caseRow, climbs, surveyed }: Due): Promise<Decided[]> {
  const { facts, ladders } = surveyed;
  const { threat, policeHold } = openCodes(jikim.vault, caseRow);
  const side: CaseSide = {
    ...{ now: jikim.now(), threatActive: threat, policeHold, caseClosed: caseRow.state === "closed" },
    remove: consentTo("remove", await findConsents(tx, caseRow.id)),
    hasMandate: await hasMandate(tx, caseRow.id),
  };
  const candidateFor = await findCandidates(tx, jikim, surveyed);
  const pasts = await findPasts(tx, climbs);
  return climbs.flatMap(({ placeId, startedAt }) => {
    const past = pasts.get(placeId);
    if (past === undefined) return [];
    const ladder = ladders.get(placeId) ?? NO_LADDER;
    const candidateOf = (step: Step) => candidateFor(step, facts, ladder);
    return [decidePlace(side, { placeId, startedAt, past, ladder, candidateOf })];
  });
}

const NO_LADDER: PlaceLadder = { reach: "unknown", steps: [], silent: [], asking: true };

/** Whoever stands on one of the ladders: known once, for all places. */
async function findCandidates(tx: InTransaction, jikim: Jikim, { ladders }: Surveyed) {
  const trust = { root: (await findCentre(tx)).root ?? "", now: jikim.now() };
  const ids = [...ladders.values()].flatMap(({ steps }) => steps.map(({ recipientId }) => recipientId));
  const recipients = await findRecipients(tx, jikim.vault, ids);
  const known = new Map<string, Omit<Candidate, "ground">>();
  for (const [id, recipient] of recipients)
    known.set(id, {
      hostile: recipient.hostile,
      reachable: (await waysOf(tx, jikim, recipient)).length > 0,
      policies: await findPoliciesFor(tx, id, trust),
    });
  return ({ recipientId }: Step, facts: CaseFacts, { reach }: PlaceLadder): Candidate | null => {
    const [recipient, one] = [recipients.get(recipientId), known.get(recipientId)];
    if (recipient === undefined || one === undefined) return null;
    return { ...one, ground: groundFor(facts, recipient.card, reach).ground?.id ?? null };
  };
}

/** When each ladder is looked at next. `taken`: places whose rung was taken or prepared just now. */
async function plan(
  tx: InTransaction,
  decided: readonly Decided[],
  { taken, now }: { readonly taken: ReadonlySet<string>; readonly now: Temporal.Instant },
): Promise<void> {
  const nextOf = ({ placeId, rest }: Decided): Temporal.Instant | null => {
    if (rest.do === "end") return null;
    if (rest.until !== null) return rest.until;
    return now.add({ hours: taken.has(placeId) ? NEXT_LOOK_HOURS : LOOK_AGAIN_HOURS });
  };
  const groups = Map.groupBy(decided, (one) => JSON.stringify([nextOf(one)?.toString() ?? null, one.rest.why]));
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const places = group.map(({ placeId }) => placeId);
    await planClimbs(tx, places, { nextAt: nextOf(first), because: first.rest.why });
  }
}
