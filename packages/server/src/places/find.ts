import type { PlaceAddress } from "@jikim/casework";
import type { Resolve } from "../checks/connect.ts";
import type { Jikim } from "../jikim.ts";
import { findHostSoon } from "../jobs/queue.ts";
import { askForHost, type HostAnswer, type HostTask, recordHostAnswer, takeHostLookup } from "../store/host-lookup.ts";
import { hostOf, textOfHost } from "./host.ts";
import { type Resolved, resolveHost } from "./resolve.ts";

/** What is known of a place's host and registrar. `asking`: directories are still being asked, so ask again later. */
export type KnownHost = HostAnswer & { readonly asking: boolean };

const NOTHING: KnownHost = { network: null, host: null, registrar: null, silent: [], asking: false };

/**
 * Who hosts a place and who registered its name, from what is kept: never waits for a stranger. What is not known, or is old, is
 * asked for in the background, at once.
 */
export async function findHosts(jikim: Jikim, address: PlaceAddress): Promise<KnownHost> {
  const host = hostOf(address);
  if (host === null) return NOTHING;
  const { db, vault, jobs } = jikim;
  const { id, answer, asking, wake } = await askForHost(db, vault, textOfHost(host), jikim.now());
  if (wake) await findHostSoon(jobs, db, id);
  return { ...(answer ?? NOTHING), asking };
}

/** Longer than a lookup can take: until then one that was begun is not begun again. */
const TAKEN_SECONDS = 180;
/** Hours for which what is known of a host is served as it is: a site moves to another host within a day at the earliest. */
const FRESH_HOURS = 24;
/** Minutes until directories are asked again that could not tell. Then what is known stands until it is old and asked for again. */
const PAUSE_MINUTES = [1, 10, 60, 360];

/**
 * Asks directories about a host when it is due, and records what they said.
 * @param resolve  how names are looked up; tests give their own.
 */
export async function lookUpHost(jikim: Jikim, lookupId: string, resolve?: Resolve): Promise<void> {
  const { db, vault, jobs } = jikim;
  const now = jikim.now();
  const task = await takeHostLookup(db, vault, lookupId, { now, until: now.add({ seconds: TAKEN_SECONDS }) });
  if (task === null) return;
  const host = hostOf({ kind: "url", text: `https://${task.host.includes(":") ? `[${task.host}]` : task.host}/` });
  if (host === null) throw new Error("a host that was kept is none");
  const resolved = await resolveHost(jikim, host, resolve);
  const done = jikim.now();
  const nextTryAt = planTry(task, resolved, done);
  // A directory that wants a pause has not failed to tell.
  const attempts = resolved.at === null ? task.attempts + 1 : task.attempts;
  const staleAt = done.add({ hours: FRESH_HOURS });
  await recordHostAnswer(db, vault, task, { answer: resolved.answer, staleAt, nextTryAt, attempts });
  if (nextTryAt !== null) await findHostSoon(jobs, db, lookupId, nextTryAt);
}

/** Hours since a caseworker last wanted to know after which directories are no longer asked again. */
const GIVEN_UP_HOURS = 72;

function planTry(task: HostTask, { open, at }: Resolved, now: Temporal.Instant): Temporal.Instant | null {
  if (!open || task.askedAt.until(now).total("hours") > GIVEN_UP_HOURS) return null;
  const pause = PAUSE_MINUTES[task.attempts];
  return at ?? (pause === undefined ? null : now.add({ minutes: pause }));
}
