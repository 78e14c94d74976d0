/** A process that works through the queues, to be killed by a test. */
import { PgBoss } from "pg-boss";
import { readConfig } from "../src/config.ts";
import { openDatabase } from "../src/database.ts";
import { registerJobs } from "../src/jobs/index.ts";
import { JOB_SETTINGS } from "../src/jobs/queue.ts";
import { openVault } from "../src/vault.ts";

const { connection, service, config, at } = JSON.parse(process.env.WORKER ?? "{}");
/** How far the clock of the test is ahead, when it says. */
const ahead = Temporal.Now.instant().until(at ?? Temporal.Now.instant());
const jobs = await new PgBoss({ ...connection, ...JOB_SETTINGS, max: 2 }).start();
await registerJobs({
  ...{ db: openDatabase(connection), jobs, vault: openVault(Buffer.alloc(32, 7)), service },
  config: { ...readConfig({}), ...config },
  now: () => Temporal.Now.instant().add(ahead),
});
