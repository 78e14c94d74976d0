import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { openDatabase } from "../src/database.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { seedCentre } from "./seed.ts";
import { prepareSurvivor, send } from "./survivor.ts";

let server: TestJikim;

beforeAll(async () => {
  server = await openTestJikim();
  await seedCentre(server.jikim);
});
afterAll(() => server.close());

test("while the database is down every route says so plainly, and nothing of the request is in the log", async () => {
  const db = openDatabase({ host: "/nonexistent", user: "jikim", database: "jikim" });
  const log: string[] = [];
  const app = await createApp({ ...server.jikim, db }, { say: (line) => log.push(JSON.stringify(line)) });
  const { report } = await prepareSurvivor(server.app);
  const answers = [await ask(app, { url: "/api/centre" }), await send(app, report)];
  await app.close();
  await db.destroy();
  for (const answer of answers) expect([answer.statusCode, codeOf(answer)]).toEqual([503, "DATABASE_DOWN"]);
  expect(log.join()).not.toContain(report.submissionId);
});

test("a database that goes away in the middle is found again by the next request", async () => {
  const client = new pg.Client(server.database.connection);
  await client.connect();
  await ask(server.app, { url: "/api/centre" });
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
  const statuses: number[] = [];
  for (let tries = 0; tries < 3; tries++) statuses.push((await ask(server.app, { url: "/api/centre" })).statusCode);
  expect(statuses.at(-1)).toBe(200);
  expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
});

test("a connection that is lost while it is lent out fails its own work and nothing else", async () => {
  const client = new pg.Client(server.database.connection);
  await client.connect();
  const work = server.jikim.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    const pid = rows[0]?.pid;
    await client.query("select pg_terminate_backend($1, 5000)", [pid]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sql`select 1`.execute(tx);
  });
  await expect(work).rejects.toThrow();
  await client.end();
  expect((await ask(server.app, { url: "/api/centre" })).statusCode).toBe(200);
});

test("a full disk is said plainly, nothing is half kept, and the same report goes through once there is room", async () => {
  const client = new pg.Client(server.database.connection);
  await client.connect();
  await client.query(`create function disk_full() returns trigger language plpgsql as
    $$ begin raise exception using errcode = 'disk_full', message = 'could not extend file: No space left on device'; end $$`);
  await client.query("create trigger disk_full before insert on document for each row execute function disk_full()");
  const survivor = await prepareSurvivor(server.app);
  const full = await send(server.app, survivor.report);
  expect([full.statusCode, codeOf(full)]).toEqual([507, "DISK_FULL"]);
  const nothing = await ask(server.app, { url: "/api/my/case", headers: survivor.headers, remoteAddress: "192.0.2.5" });
  expect(nothing.statusCode).toBe(404);
  await client.query("drop trigger disk_full on document");
  await client.end();
  expect((await send(server.app, survivor.report)).statusCode).toBe(200);
});

test("a bug answers 500 without a word of its own, and the log names where it arose, not what was sent", async () => {
  const log: string[] = [];
  const broken = {
    ...server.jikim,
    now: () => {
      throw new TypeError("planted-word");
    },
  };
  const app = await createApp(broken, { say: (line) => log.push(JSON.stringify(line)) });
  const response = await ask(app, { method: "POST", url: "/api/challenges" });
  await app.close();
  expect([response.statusCode, codeOf(response)]).toEqual([500, "SERVER_TROUBLE"]);
  expect(response.body + log.join()).not.toContain("planted-word");
  expect(log.join()).toContain("TypeError");
});
