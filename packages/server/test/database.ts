import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import type { PostgresConnection } from "../src/postgres/index.ts";
import { templateDatabase } from "./cluster-setup.ts";

/** A migrated database of its own, on the real PostgreSQL of this test run. */
export interface TestDatabase {
  /** As the owner of the database, who is no superuser. */
  connection: PostgresConnection;
  /** The same as a URL, for `DATABASE_URL`. */
  url: string;
  /** Ends its sessions and removes it. */
  drop(): Promise<void>;
}

/** Makes a database for one test file (in `beforeAll`); drop it in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = inject("postgresAdmin");
  const database = `test_${randomBytes(8).toString("hex")}`;
  await asAdmin(admin, `create database ${database} template ${templateDatabase} owner jikim`);
  return {
    connection: { host: admin.host, user: "jikim", database },
    url: `postgres://jikim@${encodeURIComponent(admin.host)}/${database}`,
    drop: () => asAdmin(admin, `drop database if exists ${database} with (force)`),
  };
}

async function asAdmin(admin: PostgresConnection, statement: string): Promise<void> {
  const client = new pg.Client(admin);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
