import { rm } from "node:fs/promises";
import { Agent, request } from "undici";
import { type Agenda, openAgenda } from "../simulation/agenda.ts";
import { type Centre, openCentre } from "../simulation/centre.ts";
import { openPages, type Pages } from "../simulation/pages.ts";
import { reportCase } from "../simulation/report.ts";
import { type Counted, giveCase, type Person, recordMandate, signedIn } from "../simulation/staff.ts";
import { HOUR_MS, type Site, type WorldCase, type WorldPlace } from "../simulation/world.ts";
import { lookAt } from "../src/checks/look.ts";
import type { desk } from "../src/contract.ts";
import { openDatabase } from "../src/database.ts";
import type { Jikim } from "../src/jikim.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { startPostgres, temporaryFolder } from "../src/postgres/index.ts";
import { migrate } from "../src/store/migrate.ts";
import { fillLedger } from "./ledger-rows.ts";
import { printRow } from "./row.ts";

const PLACES = 200;
const AT_ONCE = 8;

export type TakedownCounts = { readonly cases: number; readonly ledgerRows: number };

/** The takedown engine on a database of its own: drafting, checks, and memory over a large ledger. */
export async function benchTakedown({ cases, ledgerRows }: TakedownCounts): Promise<void> {
  const folder = await temporaryFolder("jikim-bench-takedown-");
  const postgres = await startPostgres({ folder, fsync: true, say: () => undefined });
  try {
    await migrate(postgres.connection);
    const agenda = openAgenda(Date.now());
    const world = makeSites(cases);
    const pages = await openPages({ places: world.places, now: agenda.now, looked: () => undefined });
    const centre = await openCentre({
      ...{ connection: postgres.connection, agenda, world, caseworkers: 1 },
      ...{ smtp: "smtp://127.0.0.1:1", rdapFiles: "http://127.0.0.1:1/" },
    });
    try {
      await benchDrafts(centre, world.cases, pages);
      await benchChecks(centre.jikim, pages, world.places);
      await benchLedger(centre, {
        agenda,
        filling: openDatabase({ ...postgres.connection, max: 1 }),
        rows: ledgerRows,
      });
    } finally {
      await Promise.all([centre.close(), pages.close()]);
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Cases of 200 places, spread over four sites that are written to. */
function makeSites(count: number) {
  const sites = Array.from({ length: 4 }, (_, at): Site => {
    const site = {
      key: `site-${at}`,
      manner: "prompt" as const,
      way: "mail" as const,
      mail: `safety@site-${at}.example`,
    };
    return { host: `site-${at}.example`, site, carrier: null, registrar: null, address: `192.0.2.${at + 1}` };
  });
  const places: WorldPlace[] = [];
  const cases = Array.from({ length: count }, (_, number): WorldCase => {
    const its = Array.from({ length: PLACES }, (_each, at): WorldPlace => {
      const site = sites[at % sites.length];
      if (site === undefined) throw new Error("no site");
      return { number: places.length + at, site, goneAt: null, backAt: null, firstGoneAt: null };
    });
    places.push(...its);
    return { number, arrivesAt: 0, places: its };
  });
  return { sites, operators: new Map(), cases, places };
}

async function benchDrafts(centre: Centre, cases: readonly WorldCase[], pages: Pages): Promise<void> {
  const { origin } = centre.jikim.config;
  const counted: Counted = { acts: new Map(), looks: new Map() };
  const [intake, staff] = [signedIn(origin, centre.seeded.staff, counted), centre.caseworkers[0]];
  if (staff === undefined) throw new Error("no caseworker");
  const person = signedIn(origin, staff, counted);
  for (const one of cases) await reportCase(origin, one, pages);
  const waiting = await intake.look<desk.Queue>("/api/desk/cases?lane=queue&limit=200");
  let [seconds, notices] = [0, 0];
  for (const { id: caseId } of waiting.rows) {
    await giveCase(intake, { caseId, to: staff, recovery: centre.seeded.recovery.recipient });
    const held = await person.look<desk.Case>(`/api/desk/cases/${caseId}`);
    await recordMandate(person, held);
    const began = performance.now();
    notices += await draft(person, held);
    seconds += (performance.now() - began) / 1000;
  }
  printRow({ name: `notices-drafted-of-${PLACES}-places`, value: notices / seconds, unit: "1/s", baseline: null });
  printRow({ name: "places-drafted", value: (cases.length * PLACES) / seconds, unit: "1/s", baseline: null });
}

/** One request, as the desk makes it: whom to ask for each place, and a letter to each of them. */
async function draft(person: Person, held: desk.Case): Promise<number> {
  const body = { places: held.places.map(({ id }) => id), recipients: "all-first-rungs" };
  return (await person.act<{ notices: desk.Notice[] }>(`/api/desk/cases/${held.id}/notices`, body)).notices.length;
}

/** Looks at places that are still there; the baseline fetches the same pages and pictures, each over a connection of its own. */
async function benchChecks(jikim: Jikim, pages: Pages, places: readonly WorldPlace[]): Promise<void> {
  const rows = await jikim.db.selectFrom("place").select("id").limit(PLACES).execute();
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const check = ({ id: placeId }: { readonly id: string }) =>
    lookAt(jikim, { placeId, asked: true }, { resolve, browse: null });
  const plain = await rate(places.slice(0, PLACES), ({ number }) => fetchPlainly(pages.port, number));
  printRow({ name: "checks-first-look", value: await rate(rows, check), unit: "1/s", baseline: plain });
  printRow({ name: "checks-unchanged", value: await rate(rows, check), unit: "1/s", baseline: plain });
}

async function fetchPlainly(port: number, number: number): Promise<void> {
  for (const kind of ["p", "i"]) {
    const dispatcher = new Agent();
    const { body } = await request(`http://127.0.0.1:${port}/${kind}/${number}`, { dispatcher });
    await body.bytes();
    await dispatcher.destroy();
  }
}

async function rate<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<number> {
  const waiting = [...all];
  const began = performance.now();
  const lane = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await act(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return all.length / ((performance.now() - began) / 1000);
}

type LedgerBench = { readonly agenda: Agenda; readonly filling: Jikim["db"]; readonly rows: number };

/** What memory grows to while the sweep, the due lists and the results look at a large ledger; the baseline is a hundredth of it. */
async function benchLedger({ jikim, seeded }: Centre, { agenda, filling, rows }: LedgerBench): Promise<void> {
  const { origin } = jikim.config;
  const person = signedIn(origin, seeded.staff, { acts: new Map(), looks: new Map() });
  const { id } = await jikim.db.selectFrom("recipient").select("id").limit(1).executeTakeFirstOrThrow();
  const works = {
    sweep: () => sweep(jikim),
    due: () => person.look("/api/desk/due?kind=answer&limit=200"),
    // Results are kept for a while: later they are worked out anew.
    results: () => {
      agenda.moveTo(agenda.now() + KEPT_HOURS * HOUR_MS);
      return person.look("/api/desk/results");
    },
  };
  const few = Math.ceil(rows / 100);
  await fillLedger(filling, few, id);
  const before: Record<string, { readonly mb: number; readonly ms: number }> = {};
  for (const [name, work] of Object.entries(works)) before[name] = await watch(work);
  await fillLedger(filling, rows - few, id);
  await filling.destroy();
  for (const [name, work] of Object.entries(works)) {
    const { mb, ms } = await watch(work);
    const { mb: fewMb, ms: fewMs } = before[name] ?? { mb: Number.NaN, ms: Number.NaN };
    printRow({ name: `ledger-${rows}-${name}-memory`, value: mb, unit: "MB", baseline: fewMb });
    printRow({ name: `ledger-${rows}-${name}`, value: ms, unit: "ms", baseline: fewMs });
  }
}

/** More than results are kept. */
const KEPT_HOURS = 4;
const LOOK_MS = 10;

/** The most memory of this process during a work, and how long it took. */
async function watch(work: () => Promise<unknown>): Promise<{ readonly mb: number; readonly ms: number }> {
  let most = process.memoryUsage().rss;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, LOOK_MS);
  const began = performance.now();
  await work();
  const ms = performance.now() - began;
  clearInterval(timer);
  return { mb: Math.max(most, process.memoryUsage().rss) / 2 ** 20, ms };
}
