import type { PgBoss, SendOptions } from "pg-boss";
import { fromKysely } from "pg-boss";
import type { Database } from "../database.ts";

/**
 * The queues. A job holds an id and only wakes somebody: what is to do lies in our own tables, and a job that is lost or runs
 * twice does no harm, since whoever acts takes the work by a guarded update and the sweep finds what nobody woke for.
 */
export const QUEUES = [
  "send-notice",
  "climb-ladders",
  "draft-notices",
  "check-place",
  "tell-safe-contact",
  "find-host",
  "watch-source",
  "watch-page",
  "capture-page",
  "stamp-seal",
  "tell-unit",
  "sweep",
] as const;
export type Queue = (typeof QUEUES)[number];

/** Seconds without a sign of life after which a job counts as lost with its process and runs again (10 is pg-boss's least). */
const HEARTBEAT_SECONDS = 10;
const HOUR_SECONDS = 3600;

/** How pg-boss runs: workers are woken by the database, and jobs of a dead process are looked for every few seconds. */
export const JOB_SETTINGS = {
  schema: "pgboss",
  useListenNotify: true,
  superviseIntervalSeconds: 5,
  monitorIntervalSeconds: 5,
} as const;

/** Makes the queues that are missing. */
export async function createQueues(jobs: PgBoss): Promise<void> {
  for (const name of QUEUES)
    await jobs.createQueue(name, {
      policy: name === "sweep" ? "singleton" : "standard",
      heartbeatSeconds: HEARTBEAT_SECONDS,
      expireInSeconds: HOUR_SECONDS,
      retryLimit: 5,
      retryDelay: 5,
      retryBackoff: true,
      deleteAfterSeconds: HOUR_SECONDS,
      notify: true,
    });
}

/** Wakes the sender of a notice, now or at a later moment; in the transaction that made it necessary. */
export function sendSoon(jobs: PgBoss, db: Database, noticeId: string, at?: Temporal.Instant): Promise<void> {
  return wake(jobs, db, { queue: "send-notice", data: { noticeId }, at });
}

/** Wakes who climbs the ladders of a case. */
export function climbSoon(jobs: PgBoss, db: Database, caseId: string): Promise<void> {
  return wake(jobs, db, { queue: "climb-ladders", data: { caseId } });
}

/** Wakes who drafts what a case needs, for one approval. */
export function draftSoon(jobs: PgBoss, db: Database, caseId: string): Promise<void> {
  return wake(jobs, db, { queue: "draft-notices", data: { caseId } });
}

/** Wakes the checker of a place, now or at a later moment. `asked`: by a person, so whether or not a check is due. */
export function checkSoon(
  jobs: PgBoss,
  db: Database,
  place: { readonly placeId: string; readonly asked: boolean },
  at?: Temporal.Instant,
): Promise<void> {
  return wake(jobs, db, { queue: "check-place", data: place, at });
}

/** Wakes who sends the neutral words that she allowed for a delayed withdrawal. */
export function tellLater(jobs: PgBoss, db: Database, caseId: string): Promise<void> {
  return wake(jobs, db, { queue: "tell-safe-contact", data: { caseId } });
}

/** Wakes who asks directories about the host of a place, now or at a later moment. */
export function findHostSoon(jobs: PgBoss, db: Database, lookupId: string, at?: Temporal.Instant): Promise<void> {
  return wake(jobs, db, { queue: "find-host", data: { lookupId }, at });
}

/** Wakes who asks a watched source which pages it names. */
export function watchSourceSoon(jobs: PgBoss, db: Database, sourceId: string): Promise<void> {
  return wake(jobs, db, { queue: "watch-source", data: { sourceId } });
}

/** Wakes who looks at a page that a source names. `page`: its key, in hex. */
export function watchPageSoon(
  jobs: PgBoss,
  db: Database,
  page: { readonly sourceId: string; readonly page: string },
): Promise<void> {
  return wake(jobs, db, { queue: "watch-page", data: page });
}

/** Wakes who asks the timestamp authority about a seal. */
export function stampSoon(jobs: PgBoss, db: Database, packId: string): Promise<void> {
  return wake(jobs, db, { queue: "stamp-seal", data: { packId } });
}

/** Wakes who captures a page for a case. */
export function captureSoon(jobs: PgBoss, db: Database, captureId: string): Promise<void> {
  return wake(jobs, db, { queue: "capture-page", data: { captureId } });
}

/** Wakes who tells a unit that a pack it took was withdrawn. */
export function tellUnitSoon(jobs: PgBoss, db: Database, referralId: string): Promise<void> {
  return wake(jobs, db, { queue: "tell-unit", data: { referralId } });
}

type Call = { readonly queue: Queue; readonly data: object; readonly at?: Temporal.Instant | undefined };

async function wake(jobs: PgBoss, db: Database, { queue, data, at }: Call): Promise<void> {
  const options: SendOptions = { db: fromKysely(db) };
  if (at !== undefined) options.startAfter = new Date(at.epochMilliseconds);
  await jobs.send(queue, data, options);
}
