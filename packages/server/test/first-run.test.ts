import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newSigningKey } from "@jikim/evidence";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KeyTrouble, type Running, startJikim } from "../src/index.ts";
import { temporaryFolder } from "../src/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { seedCentre } from "./seed.ts";
import { readMyCase, sendSurvivor } from "./survivor.ts";

let folder: string;
let database: TestDatabase;
let running: Running[] = [];

beforeEach(async () => {
  [folder, database, running] = [await temporaryFolder("jikim-first-"), await createTestDatabase(), []];
});
afterEach(async () => {
  for (const each of running) await each.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Running> {
  const config = { port: 0, effort: { bits: 0, parts: 1 }, anonymousAMinute: 1000 };
  const started = await startJikim({ folder, databaseUrl: database.url, config });
  running.push(started);
  return started;
}

test("the first start makes both keys for our account only, beside the database and not in it", async () => {
  await start();
  const keys = join(folder, "keys");
  expect((await readdir(keys)).sort()).toEqual(["data-key", "service-key"]);
  expect((await stat(keys)).mode & 0o777).toBe(0o700);
  for (const name of ["data-key", "service-key"]) expect((await stat(join(keys, name))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(keys, "data-key"), "utf8")).not.toBe(await readFile(join(keys, "service-key"), "utf8"));
});

test("started again all is still there, and the one-time link is a new one until the centre is open", async () => {
  const first = await start();
  await first.stop();
  const second = await start();
  expect(second.setupToken).not.toBe(first.setupToken);
  await seedCentre(second.jikim);
  const survivor = await sendSurvivor(second.app);
  await second.stop();
  const third = await start();
  expect(third.setupToken).toBeNull();
  expect((await readMyCase(third.app, survivor)).places[0]?.address.text).toBe("https://board.example/p/1");
});

test("it listens on this machine only, at the origin that it names", async () => {
  const { origin } = await start();
  expect(origin).toMatch(/^http:\/\/localhost:\d+$/);
  expect((await fetch(`${origin}/api/centre`)).status).toBe(200);
});

test("with another data key it does not start, says why, and keeps the key that is there", async () => {
  await (await start()).stop();
  const path = join(folder, "keys", "data-key");
  const other = `${randomBytes(32).toString("hex")}\n`;
  await writeFile(path, other);
  await expect(start()).rejects.toThrow(KeyTrouble);
  await expect(start()).rejects.toThrow(/is not the one this database was written with/);
  expect(await readFile(path, "utf8")).toBe(other);
});

test("with the data key gone it does not start, and makes no new one in its place", async () => {
  await (await start()).stop();
  const path = join(folder, "keys", "data-key");
  await rm(path);
  await expect(start()).rejects.toThrow(/is missing/);
  expect(existsSync(path)).toBe(false);
});

test("with a damaged key it does not start and names the file", async () => {
  await (await start()).stop();
  await writeFile(join(folder, "keys", "data-key"), "not a key");
  await expect(start()).rejects.toThrow(/data-key is damaged/);
});

test("with a service key that the root did not sign it does not start", async () => {
  const first = await start();
  await seedCentre(first.jikim);
  await first.stop();
  const path = join(folder, "keys", "service-key");
  await writeFile(path, `${newSigningKey().secret}\n`);
  await expect(start()).rejects.toThrow(/service key .* is not the one the centre's root signed/);
});
