import type { FastifyInstance } from "fastify";
import type pg from "pg";
import { PgBoss } from "pg-boss";
import { createApp } from "./app.ts";
import { type Config, readConfig } from "./config.ts";
import { openDatabase } from "./database.ts";
import { prepareCentre } from "./first-run.ts";
import { freePort } from "./free-port.ts";
import type { Say } from "./http/log.ts";
import type { Jikim } from "./jikim.ts";
import { registerJobs } from "./jobs/index.ts";
import { JOB_SETTINGS } from "./jobs/queue.ts";
import { readKeys } from "./keys.ts";
import { findChromium, openPrinter } from "./letters/printer.ts";
import { keepSequencing } from "./log/keep.ts";
import { prepareLog } from "./log/sequence.ts";
import { watchMailbox } from "./mail/watch.ts";
import { startPostgres } from "./postgres/index.ts";
import { forgetExpired } from "./store/forget.ts";
import { renewSetup } from "./store/invitation.ts";
import { sealPlainEntries } from "./store/log.ts";
import { migrate } from "./store/migrate.ts";
import { openVault } from "./vault.ts";

export type StartOptions = {
  /** The data folder: keys, and the embedded database. */
  readonly folder: string;
  /** Another PostgreSQL in place of the embedded one. */
  readonly databaseUrl?: string | null;
  /** False only in tests. */
  readonly fsync?: boolean;
  /** Over what `readConfig({})` gives; port 0 takes a free one, and then the origin follows it. */
  readonly config?: Partial<Config>;
  /** The clock; tests set it. */
  readonly now?: () => Temporal.Instant;
  /** Takes sentences for the operator. */
  readonly tell?: (line: string) => void;
  /** Takes the lines of the log. */
  readonly say?: Say;
};

export type Running = {
  readonly jikim: Jikim;
  readonly app: FastifyInstance;
  readonly origin: string;
  /** Token of the one-time set-up link; null once the centre is open. */
  readonly setupToken: string | null;
  /** Ends everything cleanly; safe to call twice. */
  stop(): Promise<void>;
};

/** What to undo, last first. */
type Undo = (() => Promise<unknown>)[];

/**
 * Starts a whole Jikim in this process: database, migrations, jobs, HTTP.
 * @throws {PostgresTrouble | KeyTrouble | MigrationMismatch} with a plain sentence.
 */
export async function startJikim(options: StartOptions): Promise<Running> {
  const undo: Undo = [];
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= undoAll(undo);
    return stopping;
  };
  try {
    const jikim = await prepare(options, undo);
    const setupToken = await renewSetup(jikim.db, jikim.now());
    const { say = () => undefined } = options;
    const app = await createApp(jikim, { say });
    undo.push(() => app.close());
    await registerJobs(jikim, say);
    keepForgetting(jikim, say, undo);
    undo.push(watchMailbox(jikim, say).stop);
    undo.push(keepSequencing(jikim, say));
    await app.listen({ host: "localhost", port: jikim.config.port });
    return { jikim, app, origin: jikim.config.origin, setupToken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(options: StartOptions, undo: Undo): Promise<Jikim> {
  const config = await settle(options.config ?? {});
  const keys = await readKeys(options.folder);
  const connection = await connect(options, undo);
  const applied = await migrate(connection);
  if (applied.length > 0) options.tell?.(`The database was brought up to date: ${applied.join(", ")}`);
  const db = openDatabase({ ...connection, connectionTimeoutMillis: 5000 });
  undo.push(() => db.destroy());
  const vault = openVault(keys.dataKey);
  await prepareCentre(db, vault, keys);
  await sealPlainEntries(db, vault);
  const jobs = new PgBoss({ ...(connection as object), ...JOB_SETTINGS, max: 4 });
  jobs.on("error", (error) => options.say?.(jobTrouble(error)));
  undo.push(() => jobs.stop({ graceful: true, timeout: 5000 }));
  await jobs.start();
  const now = options.now ?? (() => Temporal.Instant.fromEpochMilliseconds(Date.now()));
  await prepareLog({ db, config, now });
  const printer = openPrinter(findChromium());
  undo.push(() => printer.close());
  return { db, vault, service: keys.service, config, jobs, now, printer };
}

/**
 * SQLSTATE classes of what passes by itself, so that the queue's next poll mends it: 08 connection, 40 rollback (deadlock,
 * serialization), 53 resources, 55 lock not available, 57 operator intervention (PostgreSQL 18, appendix A).
 */
const PASSING = /^(08|40|53|55|57)/;

function jobTrouble(error: Error): Readonly<Record<string, unknown>> {
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return { level: code !== null && PASSING.test(code) ? "warn" : "error", jobs: error.name, code };
}

async function connect(
  { folder, databaseUrl, fsync = true, tell }: StartOptions,
  undo: Undo,
): Promise<pg.ClientConfig> {
  if (databaseUrl) return { connectionString: databaseUrl };
  const postgres = await startPostgres({ folder, fsync, ...(tell === undefined ? {} : { say: tell }) });
  undo.push(() => postgres.stop());
  return { ...postgres.connection };
}

/** A free port must be known before anything is made, since the origin is part of every answer. */
async function settle(asked: Partial<Config>): Promise<Config> {
  const config = { ...readConfig({}), ...asked };
  if (config.port !== 0) return { ...config, origin: asked.origin ?? `http://localhost:${config.port}` };
  const port = await freePort();
  return { ...config, port, origin: `http://localhost:${port}` };
}

const FORGET_EVERY_MS = 10 * 60_000;

function keepForgetting({ db, now }: Jikim, say: Say, undo: Undo): void {
  const forget = () => forgetExpired(db, now()).catch((error: Error) => say({ level: "error", forget: error.name }));
  const timer = setInterval(forget, FORGET_EVERY_MS);
  undo.push(async () => clearInterval(timer));
}

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}
