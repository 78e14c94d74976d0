import { isDeepStrictEqual } from "node:util";
import { afterCheck, isSearch, judgeSightings, type Sighting } from "@jikim/casework";
import type { RobotsSaid } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { checkSoon } from "../jobs/queue.ts";
import { findChromium } from "../letters/printer.ts";
import { planNotices } from "../notices/plan.ts";
import { reopenCase } from "../store/case-change.ts";
import { awaitTurn, findPages, type Looked, lockPlace, recordCheck, stopWatching, useTurn } from "../store/check.ts";
import { type CheckTask, takeCheckTask } from "../store/check-task.ts";

import { saveMemory } from "../store/memory.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { keyOfHost, takeTurn } from "../store/pace.ts";
import { isPublicAddress } from "./address.ts";
import { type Browse, openBrowser } from "./browser/browse.ts";
import { type Reach, type Resolve, resolveAt } from "./connect.ts";
import { type Decoder, sharedDecoder } from "./decoder/process.ts";
import { nextCheckAt } from "./ladder.ts";
import type { MediaSight } from "./match.ts";
import { type Memory, readMemory, type Seen } from "./memory.ts";
import { askRobots, nearbyRules } from "./robots.ts";
import { type Sought, seeFrom } from "./see.ts";
import type { Vantage } from "./vantages.ts";
import { earlier, noteWays } from "./way.ts";

/** Longer than a check can take: until then a check that was begun is not begun again. */
const TAKEN_SECONDS = 900;
/** A turn that was missed for longer is no turn: after a pause many would come at once. */
const TURN_SECONDS = 120;
const VANTAGES_AT_ONCE = 3;

export type Asked = { readonly placeId: string; readonly asked: boolean };

/** What a look is done with; tests give their own. */
export type Means = { readonly resolve?: Resolve; readonly decoder?: Decoder; readonly browse?: Browse | null };

let ownBrowser: Browse | null | undefined;

/** The browser of this process; null when the machine has none. */
function sharedBrowser(): Browse | null {
  if (ownBrowser === undefined) {
    const executable = findChromium();
    ownBrowser = executable === null ? null : openBrowser(executable);
  }
  return ownBrowser;
}

/** Looks at a place when it is due, or because a person asked, and records what was seen. */
export async function lookAt(jikim: Jikim, { placeId, asked }: Asked, means: Means = {}): Promise<void> {
  const { db, vault } = jikim;
  const now = jikim.now();
  const until = now.add({ seconds: TAKEN_SECONDS });
  const task = await takeCheckTask(db, vault, { placeId, asked }, { now, until });
  if (task === null) return;
  if (task.address.kind !== "url" || !task.watched || !task.mayFetch) return stopWatching(db, placeId);
  // A first look is for seeing the item there, so that its absence can tell later; without its pictures it tells nothing.
  const isFirst = !asked && task.before.ladderStart === null;
  if (isFirst && !task.mayFetchMedia) return stopWatching(db, placeId);
  if (!(await isOurTurn(jikim, { placeId, asked }, task))) return;
  const looked = await lookFromAll(jikim, task, means);
  await record(jikim, { placeId, task }, looked);
}

/** Waits for the host's turn by putting the check off; nobody sleeps. */
async function isOurTurn(jikim: Jikim, { placeId, asked }: Asked, task: CheckTask): Promise<boolean> {
  const { db, vault, config, jobs } = jikim;
  if (config.hostGapSeconds === 0) return true;
  const now = jikim.now();
  const { turnAt } = task;
  if (turnAt !== null && Temporal.Instant.compare(turnAt, now) > 0) {
    await awaitTurn(db, placeId, turnAt);
    return false;
  }
  if (turnAt !== null && Temporal.Instant.compare(turnAt.add({ seconds: TURN_SECONDS }), now) > 0)
    return useTurn(db, placeId, turnAt);
  const hostKey = keyOfHost(vault, new URL(task.address.text).host);
  const gapSeconds = config.hostGapSeconds * (1 + Math.random());
  const turn = await takeTurn(db, hostKey, { now, gapSeconds });
  if (Temporal.Instant.compare(turn, now) <= 0) return true;
  await awaitTurn(db, placeId, turn);
  await checkSoon(jobs, db, { placeId, asked }, turn);
  return false;
}

type Looking = { readonly placeId: string; readonly task: CheckTask };
/** `againAt`: because a way to look from was down. */
type LookedOn = Looked & { readonly againAt: Temporal.Instant | null };
type FromAll = {
  readonly seen: readonly (Seen & { readonly vantage: Vantage })[];
  readonly robots: RobotsSaid;
};

async function lookFromAll(jikim: Jikim, task: CheckTask, means: Means): Promise<FromAll> {
  const { db, vault, config } = jikim;
  const { decoder = sharedDecoder(), browse = sharedBrowser() } = means;
  const { text: address } = task.address;
  const sought: Sought = {
    ...{ address, families: task.families, mayFetchMedia: task.mayFetchMedia },
    targets: isSearch(task.address) ? await findPages(db, vault, task.caseId) : null,
  };
  const [first] = config.vantages;
  const robots = await askRobots(jikim, new URL(address), {
    ...{ reach: reachFrom(jikim, first, means), decoder, nearby: nearbyRules(jikim) },
  });
  const sights = new Map<string, MediaSight>();
  const waiting = [...config.vantages];
  const seen: (Seen & { readonly vantage: Vantage })[] = [];
  const lookOn = async () => {
    for (let vantage = waiting.shift(); vantage !== undefined; vantage = waiting.shift()) {
      const memory = memoryOf(task, vantage);
      const one = await seeFrom(sought, reachFrom(jikim, vantage, means), { decoder, sights, memory, browse });
      seen.push({ ...one, vantage });
    }
  };
  await Promise.all(Array.from({ length: VANTAGES_AT_ONCE }, lookOn));
  const order = new Map(config.vantages.map(({ name }, at) => [name, at]));
  seen.sort((a, b) => (order.get(a.vantage.name) ?? 0) - (order.get(b.vantage.name) ?? 0));
  return { seen, robots };
}

/** How a vantage reaches out, and where it may not go. */
export function reachFrom({ config }: Jikim, vantage: Vantage | undefined, means: Means): Reach {
  const nameServer = vantage?.nameServer ?? null;
  const resolve = nameServer === null ? means.resolve : resolveAt(nameServer);
  return {
    isAllowed: config.allowPrivateAddresses ? () => true : isPublicAddress,
    proxy: vantage?.proxy ?? null,
    ...(resolve === undefined ? {} : { resolve }),
  };
}

function memoryOf({ memories }: CheckTask, { name }: Vantage): Memory | null {
  return readMemory(memories.get(name));
}

/** The most looks leave a place as it was, and are recorded without holding up anybody else at the case. */
async function record(jikim: Jikim, looking: Looking, { seen, robots }: FromAll): Promise<void> {
  const { db, vault } = jikim;
  const { placeId, task } = looking;
  const sightings: Sighting[] = seen.map(({ saw, vantage: { name, country } }) => ({ vantage: name, country, saw }));
  const { before } = task;
  const seenAt = jikim.now();
  const againAt = await noteWays(jikim, sightings, seenAt);
  const looked = { placeId, verdict: judgeSightings(sightings), sightings, robots, againAt };
  const isSame = afterCheck(before.state, looked.verdict) === before.state;
  const nextAt = earlier(nextCheckAt(before.ladderStart, seenAt, Math.random()), againAt);
  const recorded = isSame && (await recordCheck(db, looked, { before, nextCheckAt: nextAt }, seenAt)) !== null;
  if (!recorded) await recordLocked(jikim, looking, looked);
  for (const { vantage, memory } of seen)
    if (!isDeepStrictEqual(memory, memoryOf(task, vantage)))
      await saveMemory(db, vault, { placeId, vantage: vantage.name }, memory);
}

/** Records what makes a place something else, or what something else came before: the case is locked. */
async function recordLocked(
  { db, vault, jobs, now }: Jikim,
  { placeId, task }: Looking,
  looked: LookedOn,
): Promise<void> {
  const { caseId } = task;
  await db.transaction().execute(async (tx) => {
    const seenAt = now();
    await lockCase(tx, caseId);
    const { watched, ...before } = await lockPlace(tx, placeId);
    // A withdrawal while we looked ends the watch as well.
    const nextAt = watched ? earlier(nextCheckAt(before.ladderStart, seenAt, Math.random()), looked.againAt) : null;
    const after = await recordCheck(tx, { ...looked, placeId }, { before, nextCheckAt: nextAt }, seenAt);
    if (after === null) throw new Error("a locked place changed");
    if (after === before.state) return;
    // What came back opens a closed case. What a look leaves as it was changes no next act.
    if (after === "back") {
      await reopenCase(tx, caseId);
      await planNotices(tx, { jobs }, caseId, seenAt);
    }
    await refreshNext(tx, vault, caseId, seenAt);
  });
}
