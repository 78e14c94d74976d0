import { isSearch, judgeSightings, type Sighting } from "@jikim/casework";
import type { RobotsSaid } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { checkSoon } from "../jobs/queue.ts";
import { findChromium } from "../letters/printer.ts";
import {
  awaitTurn,
  type CheckTask,
  findCheckTask,
  findLadderStart,
  findPages,
  isWatched,
  planCheck,
  recordCheck,
  stopWatching,
  takeCheck,
  useTurn,
} from "../store/check.ts";
import { findMemories, saveMemory } from "../store/memory.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { keyOfHost, takeTurn } from "../store/pace.ts";
import { isPublicAddress } from "./address.ts";
import { type Browse, openBrowser } from "./browser/browse.ts";
import type { Reach, Resolve } from "./connect.ts";
import { type Decoder, sharedDecoder } from "./decoder/process.ts";
import { nextCheckAt } from "./ladder.ts";
import type { MediaSight } from "./match.ts";
import { askRobots } from "./robots.ts";
import { type Memory, type Seen, type Sought, seeFrom } from "./see.ts";
import type { Vantage } from "./vantages.ts";

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
  const taken = await takeCheck(db, placeId, { now, until: now.add({ seconds: TAKEN_SECONDS }) });
  if (!taken && !asked) return;
  const task = await findCheckTask(db, vault, placeId);
  if (task === null) return;
  if (task.address.kind !== "url" || !task.watched || !task.mayFetch) return stopWatching(db, placeId);
  if (!(await isOurTurn(jikim, { placeId, asked }, task))) return;
  const looked = await lookFromAll(jikim, { placeId, task }, means);
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
type FromAll = {
  readonly seen: readonly (Seen & { readonly vantage: Vantage })[];
  readonly robots: RobotsSaid;
};

async function lookFromAll(jikim: Jikim, { placeId, task }: Looking, means: Means): Promise<FromAll> {
  const { db, vault, config } = jikim;
  const { decoder = sharedDecoder(), browse = sharedBrowser() } = means;
  const { text: address } = task.address;
  const sought: Sought = {
    ...{ address, families: task.families, mayFetchMedia: task.mayFetchMedia },
    targets: isSearch(task.address) ? await findPages(db, vault, task.caseId) : null,
  };
  const [first] = config.vantages;
  const robots = await askRobots(jikim, new URL(address), { reach: reachFrom(jikim, first, means), decoder });
  const memories = await findMemories<Memory>(db, vault, placeId);
  const sights = new Map<string, MediaSight>();
  const waiting = [...config.vantages];
  const seen: (Seen & { readonly vantage: Vantage })[] = [];
  const lookOn = async () => {
    for (let vantage = waiting.shift(); vantage !== undefined; vantage = waiting.shift()) {
      const memory = memories.get(vantage.name) ?? null;
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
export function reachFrom({ config }: Jikim, vantage: Vantage | undefined, { resolve }: Means): Reach {
  return {
    isAllowed: config.allowPrivateAddresses ? () => true : isPublicAddress,
    proxy: vantage?.proxy ?? null,
    ...(resolve === undefined ? {} : { resolve }),
  };
}

async function record(jikim: Jikim, { placeId, task }: Looking, { seen, robots }: FromAll): Promise<void> {
  const { db, vault } = jikim;
  const sightings: Sighting[] = seen.map(({ saw, vantage: { name, country } }) => ({ vantage: name, country, saw }));
  const verdict = judgeSightings(sightings);
  await db.transaction().execute(async (tx) => {
    const seenAt = jikim.now();
    await lockCase(tx, task.caseId);
    const became = await recordCheck(tx, { placeId, caseId: task.caseId, verdict, sightings, robots }, seenAt);
    for (const { vantage, memory } of seen) await saveMemory(tx, vault, { placeId, vantage: vantage.name }, memory);
    // A withdrawal while we looked ends the watch as well.
    const start = (await isWatched(tx, task.caseId)) ? await findLadderStart(tx, placeId) : null;
    await planCheck(tx, placeId, nextCheckAt(start, seenAt, Math.random()));
    // What a look leaves as it was changes no next act; the most looks do.
    if (became !== "the same") await refreshNext(tx, vault, task.caseId, seenAt);
  });
}
