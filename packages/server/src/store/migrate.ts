import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";

/** One numbered SQL file; its number is its place in the order. */
interface Migration {
  number: number;
  name: string;
  sql: string;
  checksum: string;
}

/** A migration that is in the database but not as it is on disk: somebody edited, removed or renumbered a file. */
export class MigrationMismatch extends Error {
  override readonly name = "MigrationMismatch";
}

/** The migrations of this package. */
export const migrationFolder = join(import.meta.dirname, "..", "..", "migrations");

/** "Jikim" in ASCII; any number that no other program on the same database takes. */
const lockNumber = 0x4a696b696d;

/**
 * Brings the database to the newest migration: each file in a transaction of its own, one process at a time.
 *
 * @returns the names of the files applied now, in order; empty when the database was up to date.
 * @throws {MigrationMismatch} when an applied file has changed or is gone, or a new one is numbered before it.
 */
export async function migrate(connection: pg.ClientConfig, folder = migrationFolder): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockNumber]);
    await client.query(`create table if not exists migration (
      number integer primary key, name text not null, checksum text not null,
      applied_at timestamptz not null default now())`);
    const missing = await missingFrom(client, migrations);
    for (const migration of missing) await apply(client, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const migrations = await Promise.all(names.map((name) => readMigration(folder, name)));
  for (const [index, { name, number }] of migrations.entries()) {
    if (migrations[index - 1]?.number === number)
      throw new MigrationMismatch(`Two migrations have the number of ${name}.`);
  }
  return migrations;
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  const [, digits] = /^(\d{4})[-_][a-z0-9_-]+\.sql$/.exec(name) ?? [];
  if (!digits) throw new MigrationMismatch(`${name} is not named like 0001-what-it-adds.sql.`);
  const sql = await readFile(join(folder, name), "utf8");
  return { number: Number(digits), name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

async function missingFrom(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<Omit<Migration, "sql">>(
    "select number, name, checksum from migration order by number",
  );
  for (const [index, applied] of rows.entries()) {
    const file = migrations[index];
    if (file?.number !== applied.number || file.checksum !== applied.checksum) {
      throw new MigrationMismatch(
        `Migration ${applied.name} is in the database, but its file was changed, moved or removed since. Restore it; changes go in a new file.`,
      );
    }
  }
  return migrations.slice(rows.length);
}

async function apply(client: pg.Client, { number, name, sql, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query("insert into migration (number, name, checksum) values ($1, $2, $3)", [number, name, checksum]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
