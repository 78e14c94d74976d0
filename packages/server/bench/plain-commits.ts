import { sql } from "kysely";
import type { Database } from "../src/database.ts";

const AT_ONCE = 16;

/** The plain baseline: one committed row of about a report's size after the other on the same pool; rows a second. */
export async function commitOneRow(db: Database, count: number): Promise<number> {
  await sql`create table if not exists bench_row (id uuid primary key, body bytea not null)`.execute(db);
  const body = Buffer.alloc(8000, 1);
  const start = performance.now();
  let left = count;
  const lane = async () => {
    while (left-- > 0) await sql`insert into bench_row values (${crypto.randomUUID()}, ${body})`.execute(db);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const seconds = (performance.now() - start) / 1000;
  await sql`drop table bench_row`.execute(db);
  return count / seconds;
}
