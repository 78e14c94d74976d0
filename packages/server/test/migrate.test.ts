import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MigrationMismatch, migrate } from "../src/store/migrate.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase();
  await ask("truncate migration");
  folder = await mkdtemp(join(tmpdir(), "jikim-migrations-"));
  await write("0001-cup.sql", "create table cup (id integer); create table saucer (id integer);");
});

afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

function write(name: string, sql: string): Promise<void> {
  return writeFile(join(folder, name), sql);
}

async function ask(question: string): Promise<unknown[]> {
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    return (await client.query(question)).rows;
  } finally {
    await client.end();
  }
}

test("new migrations are applied once, in the order of their numbers", async () => {
  await write("0002-tea.sql", "insert into cup values (1)");
  expect(await migrate(database.connection, folder)).toEqual(["0001-cup.sql", "0002-tea.sql"]);
  expect(await migrate(database.connection, folder)).toEqual([]);
  expect(await ask("select id from cup")).toEqual([{ id: 1 }]);
});

test("two servers that start together apply each migration once", async () => {
  const both = await Promise.all([migrate(database.connection, folder), migrate(database.connection, folder)]);
  expect(both.flat()).toEqual(["0001-cup.sql"]);
});

test("a migration that fails leaves nothing of itself, and what came before stays", async () => {
  await write("0002-broken.sql", "create table half (id integer); select no_such_column");
  await expect(migrate(database.connection, folder)).rejects.toThrow("no_such_column");
  expect(await ask("select to_regclass('half') as half, to_regclass('cup')::text as cup")).toEqual([
    { half: null, cup: "cup" },
  ]);
  expect(await ask("select name from migration")).toEqual([{ name: "0001-cup.sql" }]);
});

test("a migration that cannot be recorded leaves nothing of itself", async () => {
  await write("0002-greedy.sql", "create table half (id integer); insert into migration values (2, 'x', 'y')");
  await expect(migrate(database.connection, folder)).rejects.toThrow("migration_pkey");
  expect(await ask("select to_regclass('half') as half")).toEqual([{ half: null }]);
  expect(await ask("select name from migration")).toEqual([{ name: "0001-cup.sql" }]);
});

test("a migration that was edited after it was applied is refused", async () => {
  await migrate(database.connection, folder);
  await write("0001-cup.sql", "create table mug (id integer)");
  await expect(migrate(database.connection, folder)).rejects.toThrow(MigrationMismatch);
});

test("a migration that was removed after it was applied is refused", async () => {
  await migrate(database.connection, folder);
  await rm(join(folder, "0001-cup.sql"));
  await expect(migrate(database.connection, folder)).rejects.toThrow(MigrationMismatch);
});

test("a migration numbered before an applied one is refused", async () => {
  await migrate(database.connection, folder);
  await write("0000-late.sql", "select 1");
  await expect(migrate(database.connection, folder)).rejects.toThrow(MigrationMismatch);
});

test("two migrations with one number are refused, and neither is applied", async () => {
  await write("0001-mug.sql", "select 1");
  await expect(migrate(database.connection, folder)).rejects.toThrow(MigrationMismatch);
  expect(await ask("select to_regclass('cup') as cup")).toEqual([{ cup: null }]);
});

test("a misnamed migration is refused", async () => {
  await write("2-mug.sql", "select 1");
  await expect(migrate(database.connection, folder)).rejects.toThrow(MigrationMismatch);
});
