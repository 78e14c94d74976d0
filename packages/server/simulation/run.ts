import type pg from "pg";
import { sharedDecoder } from "../src/checks/decoder/process.ts";
import type { desk as shown } from "../src/contract.ts";
import { doJob } from "../src/jobs/index.ts";
import type { Queue } from "../src/jobs/queue.ts";
import { type Agenda, openAgenda } from "./agenda.ts";
import { findMissed, findNextDue } from "./audit.ts";
import { type Centre, openCentre } from "./centre.ts";
import { chanceOf } from "./chance.ts";
import { type Clocks, keepClocks } from "./clocks.ts";
import { type Desk, workAnHour } from "./desk.ts";
import { openDirectory } from "./directory.ts";
import { isWorkHour, nextHour } from "./hours.ts";
import { type Outside, openOutside } from "./outside.ts";
import { openPages, type Pages, placeNumber } from "./pages.ts";
import { type Arrived, openPost } from "./post.ts";
import { reportCase } from "./report.ts";
import { type Results, sumUp } from "./results.ts";
import { type Counted, lookThrough, type Person, signedIn } from "./staff.ts";
import { HOUR_MS, makeWorld, type World } from "./world.ts";

export type Options = {
  readonly caseworkers: number;
  readonly cases: number;
  readonly days: number;
  readonly seed: number;
  /** A migrated, empty database. */
  readonly connection: pg.ClientConfig;
  /** Takes sentences about how far it is. */
  readonly tell?: (line: string) => void;
  /** Ends the world early, in order: nothing is left running. */
  readonly signal?: AbortSignal;
  /** Loses jobs, so that a test sees whether what they were for is missed. */
  readonly loses?: (job: Job & { readonly at: number }) => boolean;
};

type Job = { readonly queue: string; readonly data: unknown };

/** A Monday, 9 o'clock in Seoul. Fixed, so that calendars and the age of law tables are the same in every run. */
const FROM = Date.parse("2026-11-02T00:00:00Z");
/** The clock jumps from one due moment to the next, but not by less: what came due between is late by so much. */
const STEP_MS = 5 * 60_000;
const JOBS_AT_ONCE = 8;
/** Everything that takes part. */
type Stage = {
  readonly world: World;
  readonly agenda: Agenda;
  readonly centre: Centre;
  readonly outside: Outside;
  readonly pages: Pages;
  readonly desk: Desk;
  readonly counted: Counted;
  readonly clocks: Clocks;
  /** See what the desk shows to each, and are not counted. */
  readonly observers: readonly Person[];
  readonly missed: Set<string>;
};

/** Plays a world of survivors, recipients and caseworkers on the real server by a clock of its own. The same seed gives the same figures. */
export async function simulate(options: Options): Promise<Results> {
  const { cases, days, seed, caseworkers, connection } = options;
  const startedAt = performance.now();
  const chance = chanceOf(seed);
  const until = FROM + days * 24 * HOUR_MS;
  const world = makeWorld(chance, { cases, days, from: FROM });
  const agenda = openAgenda(FROM);
  const arrivals: { take: ((mail: Arrived) => void) | null; exists: (address: string) => boolean } = {
    ...{ take: null, exists: () => true },
  };
  const post = await openPost({ arrive: (mail) => arrivals.take?.(mail), exists: (to) => arrivals.exists(to) });
  const clocks = keepClocks();
  const { looked } = clocks;
  const pages = await openPages({ places: world.places, now: agenda.now, looked });
  const directory = await openDirectory(world.sites);
  const centre = await openCentre({
    ...{ connection, agenda, world, caseworkers, smtp: post.url, rdapFiles: directory.files },
  });
  // Looks come scattered by chance; here each by the same, so that a run can be repeated.
  const random = Math.random;
  Math.random = () => 0.5;
  try {
    const { origin } = centre.jikim.config;
    const outside = openOutside({
      ...{ world, chance, agenda, clocks, origin, keys: centre.keys },
      deliver: centre.deliver,
    });
    arrivals.take = outside.arrive;
    arrivals.exists = outside.exists;
    const counted: Counted = { acts: new Map(), looks: new Map() };
    const desk: Desk = {
      intake: signedIn(origin, centre.seeded.staff, counted),
      caseworkers: centre.caseworkers.map((staff) => signedIn(origin, staff, counted)),
      ...{ recovery: centre.seeded.recovery.recipient, now: agenda.now },
    };
    const uncounted: Counted = { acts: new Map(), looks: new Map() };
    const observers = [centre.seeded.staff, ...centre.caseworkers].map((staff) => signedIn(origin, staff, uncounted));
    const stage: Stage = { world, agenda, centre, outside, pages, desk, counted, clocks, observers, missed: new Set() };
    // Each survivor reports at her moment.
    for (const one of world.cases) agenda.plan(one.arrivesAt, () => reportCase(origin, one, pages));
    await play(stage, { until, ...options });
    await hearOfForms(stage);
    for (const one of clocks.missedBefore(until)) stage.missed.add(one);
    for (const one of stage.missed) options.tell?.(`missed: ${one}`);
    return await sumUp(
      { ...stage, post, outside, errors: centre.errors, db: centre.jikim.db },
      { chance, caseworkers, days, seed, from: FROM, until, seconds: (performance.now() - startedAt) / 1000 },
    );
  } finally {
    Math.random = random;
    await centre.close();
    await Promise.all([post.close(), pages.close(), directory.close()]);
  }
}

type Playing = Pick<Options, "tell" | "signal" | "loses"> & { readonly until: number };

/** Jumps from due moment to due moment until the end. */
async function play(stage: Stage, { until, tell, signal, loses }: Playing): Promise<void> {
  const { agenda, centre, outside, desk, clocks, observers, missed } = stage;
  const given = { count: 0 };
  let hour = agenda.now();
  while (agenda.now() < until) {
    signal?.throwIfAborted();
    for (const act of agenda.takeActs()) await act();
    if (agenda.now() >= hour) {
      await outside.readFeeds();
      if (isWorkHour(agenda.now())) await workAnHour(desk, given);
      clocks.shown(await findShown(observers), agenda.now());
      hour = nextHour(agenda.now());
      tellHour(stage, tell);
    }
    await serve(stage, loses);
    if (agenda.now() + STEP_MS >= hour)
      for (const one of await findMissed(centre.jikim.db, agenda.now())) missed.add(one);
    const due = [agenda.nextAt(), await findNextDue(centre.jikim.db), hour].filter((at) => at !== null);
    agenda.moveTo(Math.max(agenda.now() + STEP_MS, Math.ceil(Math.min(...due) / STEP_MS) * STEP_MS));
  }
}

/** The real sweep comes every minute, which is so often in a step. */
const SWEEPS = STEP_MS / 60_000;
/** One that finds fewer has found all that was due: the server takes 500 of each kind at a time. */
const FULL = 500;

/** What the server does by itself: sweeps, and the jobs that they and everybody else woke. */
async function serve({ agenda, centre, world }: Stage, loses: Options["loses"]): Promise<void> {
  const { jikim, errors } = centre;
  const address = new Map(world.sites.map((site) => [site.host, site.address]));
  const decoder = sharedDecoder();
  const here = async () => [{ address: "127.0.0.1", family: 4 }];
  const listed = async (host: string) => {
    const found = address.get(host);
    return [{ address: found ?? "127.0.0.1", family: 4 }];
  };
  const act = async ({ queue, data }: Job) => {
    const means = { decoder, browse: null, resolve: queue === "find-host" ? listed : here };
    await doJob(jikim, queue as Queue, data, means).catch((error: unknown) => {
      const key = `${queue} ${error instanceof Error ? (error.stack ?? error.message) : typeof error}`;
      errors.set(key, (errors.get(key) ?? 0) + 1);
    });
  };
  const serveJobs = async (jobs: Job[]) => {
    const left = jobs.filter((job) => loses?.({ ...job, at: agenda.now() }) !== true);
    const next = async () => {
      for (let job = left.shift(); job !== undefined; job = left.shift()) await act(job);
    };
    await Promise.all(Array.from({ length: JOBS_AT_ONCE }, next));
  };
  for (let sweeps = 1; ; sweeps++) {
    await doJob(jikim, "sweep", {});
    let done = 0;
    for (let jobs = agenda.takeJobs(); jobs.length > 0; jobs = agenda.takeJobs()) {
      done += jobs.length;
      await serveJobs(jobs);
    }
    if (done < FULL || sweeps >= SWEEPS) return;
  }
}

/** Notices that the desk shows as overdue. */
async function findShown(observers: readonly Person[]): Promise<string[]> {
  const rows = await Promise.all(
    observers.slice(1).map((each) => lookThrough<shown.DueRow>(each, "/api/desk/due?kind=answer")),
  );
  return rows
    .flat()
    .filter(({ overdue }) => overdue)
    .map(({ noticeId }) => noticeId);
}

/** Nobody outside tells of a request that a person made by a form: when it was made, and for which places, the desk shows. */
async function hearOfForms({ observers, clocks }: Stage): Promise<void> {
  for (const observer of observers)
    for (const { id } of await lookThrough<shown.QueueRow>(observer, "/api/desk/cases?lane=mine")) {
      const { places, notices } = await observer.look<shown.Case>(`/api/desk/cases/${id}`);
      const numbers = new Map(places.map((place) => [place.id, placeNumber(place.address.text)]));
      for (const notice of notices)
        if (notice.sentAt !== null)
          clocks.heard({
            ...{ id: notice.id, way: "form", sentAt: Date.parse(notice.sentAt), text: "" },
            places: notice.places.flatMap((place) => numbers.get(place) ?? []),
          });
    }
}

function tellHour({ agenda, missed, pages }: Stage, tell: Options["tell"]): void {
  const hours = Math.round((agenda.now() - FROM) / HOUR_MS);
  if (hours % 24 === 0)
    tell?.(
      `day ${hours / 24}: ${pages.asked()} looks at pages, ${missed.size} missed, ${Math.round(performance.now() / 1000)} s`,
    );
}
