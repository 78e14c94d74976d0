import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "./database.ts";

let one: TestDatabase;
let other: TestDatabase;

beforeAll(async () => {
  [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});

afterAll(() => Promise.all([one.drop(), other.drop()]));

async function ask(database: TestDatabase, question: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(question)).rows;
  } finally {
    await client.end();
  }
}

test("each test database is a copy of its own, with the migrations in it", async () => {
  await ask(one, "create table only_here (id integer)");
  expect(await ask(one, "select to_regclass('only_here') is not null as there")).toEqual([{ there: true }]);
  expect(await ask(other, "select to_regclass('only_here') is not null as there")).toEqual([{ there: false }]);
  expect(await ask(other, "select to_regclass('migration') is not null as there")).toEqual([{ there: true }]);
});

test("the server's role is no superuser", async () => {
  expect(await ask(one, "select rolsuper, rolcreatedb from pg_roles where rolname = current_user")).toEqual([
    { rolsuper: false, rolcreatedb: false },
  ]);
});
