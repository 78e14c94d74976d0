/**
 * A process that owns an embedded PostgreSQL, to be killed by a test: `FOLDER` starts it and writes rows, one line on
 * stdout per committed row; `FOLDER once` starts it and ends without stopping it.
 */
import pg from "pg";
import { startPostgres } from "../src/postgres/index.ts";

const [folder = "", once] = process.argv.slice(2);
const postgres = await startPostgres({ folder, fsync: true });
if (once) process.exit(0);
const client = new pg.Client(postgres.connection);
await client.connect();
await client.query("create table if not exists row (id serial primary key)");
for (;;) {
  const { rows } = await client.query<{ id: number }>("insert into row default values returning id");
  process.stdout.write(`${rows[0]?.id}\n`);
}
