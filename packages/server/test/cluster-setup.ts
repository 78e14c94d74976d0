import { rm } from "node:fs/promises";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { type PostgresConnection, startPostgres, temporaryFolder } from "../src/postgres/index.ts";
import { migrate } from "../src/store/migrate.ts";
import { removeAbandonedClusters } from "./abandoned.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The superuser of the one cluster that all test files share. */
    postgresAdmin: PostgresConnection;
  }
}

/** The migrated database that every test file gets a copy of. */
export const templateDatabase = "jikim_template";

/** Vitest's global setup: one cluster for the run, migrated once. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandonedClusters();
  const folder = await temporaryFolder("jikim-test-");
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const postgres = await startPostgres({ folder, fsync: false, say: () => undefined });
    await makeTemplate(postgres.admin).catch((error) => postgres.stop().then(() => Promise.reject(error)));
    project.provide("postgresAdmin", postgres.admin);
    return () => postgres.stop().then(remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function makeTemplate(admin: PostgresConnection): Promise<void> {
  const client = new pg.Client(admin);
  await client.connect();
  await client.query(`create database ${templateDatabase} owner jikim`);
  await client.end();
  await migrate({ host: admin.host, user: "jikim", database: templateDatabase });
}
