/** A process that sends one notice, to be killed by a test: says so on stdout, then sends. */
import { PgBoss } from "pg-boss";
import { readConfig } from "../src/config.ts";
import { openDatabase } from "../src/database.ts";
import { sendNotice } from "../src/notices/send.ts";
import { openVault } from "../src/vault.ts";

const { connection, smtp, id, service, at } = JSON.parse(process.env.SENDER ?? "{}");
process.stdout.write("sending\n");
await sendNotice(
  {
    db: openDatabase(connection),
    jobs: new PgBoss({ ...connection, schema: "pgboss" }),
    vault: openVault(Buffer.alloc(32, 7)),
    service,
    config: { ...readConfig({}), smtp },
    now: () => Temporal.Instant.from(at),
  },
  id,
);
