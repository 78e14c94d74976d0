import pg from "pg";
import type { TestDatabase } from "./database.ts";

/** Every row of every table of ours and of the queue as text. */
export async function dumpDatabase({ connection }: TestDatabase): Promise<string> {
  const client = new pg.Client(connection);
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname in ('public', 'pgboss')",
  );
  const lines: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ line: string }>(`select t::text as line from ${name} t`);
    lines.push(...rows.map((row) => `${row.line} ${unhex(row.line)}`));
  }
  await client.end();
  return lines.join("\n");
}

/** What bytea columns hold, as text too. */
function unhex(line: string): string {
  return [...line.matchAll(/\\x([0-9a-f]+)/g)]
    .map(([, hex = ""]) => Buffer.from(hex, "hex").toString("utf8"))
    .join(" ");
}
