import { newSigningKey } from "@jikim/evidence";
import type { FastifyInstance } from "fastify";
import { PgBoss } from "pg-boss";
import { createApp } from "../src/app.ts";
import { type Config, readConfig } from "../src/config.ts";
import { openDatabase } from "../src/database.ts";
import { prepareCentre } from "../src/first-run.ts";
import type { Jikim } from "../src/jikim.ts";
import { createQueues } from "../src/jobs/queue.ts";
import { openVault } from "../src/vault.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

export type TestJikim = {
  readonly jikim: Jikim;
  readonly app: FastifyInstance;
  readonly database: TestDatabase;
  /** Every line of the log so far, as text. */
  readonly log: string[];
  /** Moves the server's clock. */
  pass(span: Temporal.DurationLike): void;
  close(): Promise<void>;
};

/** A server on a database of its own, to be asked by `app.inject`. Queues are there; workers are not started. */
export async function openTestJikim(config: Partial<Config> = {}, own?: TestDatabase): Promise<TestJikim> {
  const database = own ?? (await createTestDatabase());
  const db = openDatabase(database.connection);
  const jobs = new PgBoss({ ...database.connection, schema: "pgboss", max: 2, supervise: false });
  jobs.on("error", () => undefined);
  await jobs.start();
  await createQueues(jobs);
  let offset = Temporal.Duration.from({ seconds: 0 });
  const jikim: Jikim = {
    db,
    jobs,
    vault: openVault(Buffer.alloc(32, 7)),
    service: newSigningKey(),
    config: { ...readConfig({}), effort: { bits: 0, parts: 2 }, anonymousAMinute: 1000, hostGapSeconds: 0, ...config },
    now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()).add(offset),
  };
  await prepareCentre(db, jikim.vault, {
    ...{ dataKey: Buffer.alloc(32, 7), service: jikim.service, fresh: false, folder: "/nonexistent" },
  });
  const log: string[] = [];
  const app = await createApp(jikim, { say: (line) => log.push(JSON.stringify(line)) });
  return {
    ...{ jikim, app, database, log },
    pass: (span) => {
      offset = offset.add(span);
    },
    close: async () => {
      await app.close();
      await jobs.stop({ graceful: false });
      await db.destroy();
      await database.drop();
    },
  };
}
