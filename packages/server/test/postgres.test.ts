import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  dataFolder,
  type Postgres,
  type PostgresConnection,
  startPostgres,
  temporaryFolder,
} from "../src/postgres/index.ts";
import { startTrouble } from "../src/postgres/trouble.ts";
import { removeAbandonedClusters } from "./abandoned.ts";

let folder: string;
let said: string[];
let started: Postgres[];

beforeEach(async () => {
  folder = await temporaryFolder("jikim-postgres-");
  said = [];
  started = [];
});

afterEach(async () => {
  for (const postgres of started) await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(where = folder): Promise<Postgres> {
  const postgres = await startPostgres({ folder: where, fsync: false, say: (line) => said.push(line) });
  started.push(postgres);
  return postgres;
}

async function ask(connection: PostgresConnection, question: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query(question)).rows;
  } finally {
    await client.end();
  }
}

/** Starts PostgreSQL in a process of its own. */
function startOwner(where = folder, ...args: string[]): ChildProcess {
  const script = join(import.meta.dirname, "postgres-owner.ts");
  return spawn(process.execPath, [script, where, ...args], { stdio: ["ignore", "pipe", "ignore"] });
}

/** Kills the owner with SIGKILL once it has committed some rows; the number of the last one it told us. */
async function killWhileWriting(owner: ChildProcess): Promise<number> {
  let told = "";
  for await (const text of owner.stdout ?? []) {
    told += text;
    if (told.split("\n").length > 50) owner.kill("SIGKILL");
  }
  return Number(told.split("\n").at(-2));
}

async function postmaster(where = folder): Promise<number> {
  return Number((await readFile(join(where, "postgres", "cluster", "postmaster.pid"), "utf8")).split("\n")[0]);
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return !existsSync("/proc/self") || existsSync(`/proc/${processId}/exe`);
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !holds(); tries++) await pause(25);
  expect(holds()).toBe(true);
}

test("what was saved is there after a stop and a start", async () => {
  const first = await start();
  await ask(first.connection, "create table kept as select 7 as id");
  await first.stop();
  expect(await ask((await start()).connection, "select id from kept")).toEqual([{ id: 7 }]);
});

test("it is reachable by its socket alone, which only its account can open", async () => {
  const { connection, admin } = await start();
  expect(await ask(admin, "show listen_addresses")).toEqual([{ listen_addresses: "" }]);
  expect((await stat(connection.host)).mode & 0o777).toBe(0o700);
  expect((await stat(join(connection.host, ".s.PGSQL.5432"))).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, "postgres"))).mode & 0o777).toBe(0o700);
});

test("it never runs as root", async () => {
  await start();
  expect((await stat(join(folder, "postgres", "cluster", "postmaster.pid"))).uid).not.toBe(0);
});

test("a data folder closed to others stays closed: PostgreSQL's account may only pass through", async () => {
  await chmod(folder, 0o700);
  await start();
  expect((await stat(folder)).mode & 0o067).toBe(0);
});

test("the log holds nothing of what people wrote, even when a statement fails", async () => {
  const { connection } = await start();
  await ask(connection, "create table word (word text unique)");
  await ask(connection, "insert into word values ('plantedword')");
  for (const failing of [
    "insert into word values ('plantedword')",
    "select 'plantedword'::integer",
    "select plantedword",
    "do $$ begin raise warning 'plantedword'; end $$",
  ]) {
    await ask(connection, failing).catch(() => undefined);
  }
  expect(await readFile(join(folder, "postgres", "log"), "utf8")).not.toContain("plantedword");
});

describe("after its owner was killed with SIGKILL", () => {
  test("PostgreSQL, still running, is taken over, and every acknowledged row is there", async () => {
    const last = await killWhileWriting(startOwner());
    const orphan = await postmaster();
    expect(isRunning(orphan)).toBe(true);
    const { connection } = await start();
    expect(isRunning(orphan)).toBe(false);
    expect(said).toContain("Stopped the PostgreSQL that a killed Jikim had left running.");
    expect(Number((await ask(connection, "select count(*) from row"))[0]?.count)).toBeGreaterThanOrEqual(last);
  });

  test("and PostgreSQL with it, it recovers, and every acknowledged row is there", async () => {
    const last = await killWhileWriting(startOwner());
    process.kill(await postmaster(), "SIGKILL");
    const { connection } = await start();
    expect(Number((await ask(connection, "select count(*) from row"))[0]?.count)).toBeGreaterThanOrEqual(last);
  });

  test("it starts although the dead server's process number is now another program's", async () => {
    await killWhileWriting(startOwner());
    const dead = await postmaster();
    process.kill(dead, "SIGKILL");
    await until(() => !isRunning(dead));
    const file = join(folder, "postgres", "cluster", "postmaster.pid");
    const text = await readFile(file, "utf8");
    const { uid, gid } = await stat(file);
    const other = spawn("sleep", ["60"], uid === process.getuid?.() ? {} : { uid, gid, cwd: "/" });
    try {
      await writeFile(file, text.replace(/^\d+/, String(other.pid)));
      await writeFile(join(folder, "postgres", "run", ".s.PGSQL.5432.lock"), text.replace(/^\d+/, String(other.pid)));
      await ask((await start()).connection, "select");
      expect(isRunning(Number(other.pid))).toBe(true);
    } finally {
      other.kill();
    }
  });
});

test("what a killed test run left behind is removed later, and what is in use is not", async () => {
  const parents = [folder];
  const abandoned = await mkdtemp(join(folder, "jikim-test-"));
  const used = await mkdtemp(join(folder, "jikim-test-"));
  await chmod(folder, 0o755);
  await start(used);
  await killWhileWriting(startOwner(abandoned));
  const orphan = await postmaster(abandoned);
  await removeAbandonedClusters(Date.now(), parents);
  expect(isRunning(orphan)).toBe(true);
  await removeAbandonedClusters(Date.now() + 3_600_000, parents);
  expect(isRunning(orphan)).toBe(false);
  expect(existsSync(abandoned)).toBe(false);
  expect(existsSync(used)).toBe(true);
});

test("an owner that ends without stopping it takes it along", async () => {
  const owner = startOwner(folder, "once");
  await new Promise((ended) => owner.once("exit", ended));
  await until(() => !existsSync(join(folder, "postgres", "cluster", "postmaster.pid")));
});

test("when PostgreSQL is killed it is started again", async () => {
  const { connection } = await start();
  const killed = await postmaster();
  process.kill(killed, "SIGKILL");
  await until(() => !isRunning(killed));
  const answers = async () => (await ask(connection, "select").catch(() => null)) !== null;
  for (let tries = 0; tries < 200 && !(await answers()); tries++) await pause(50);
  expect(await answers()).toBe(true);
  expect(said).toContain("PostgreSQL ended by itself; starting it again in 1 s.");
});

test("a second Jikim on the same data folder is refused, and the first goes on", async () => {
  const { connection } = await start();
  await expect(start()).rejects.toMatchObject({ kind: "in-use", message: expect.stringContaining("already runs") });
  await ask(connection, "select");
});

test("a cluster whose making was cut off is made anew", async () => {
  const first = await start();
  await first.stop();
  await rm(join(folder, "postgres", "cluster"), { recursive: true });
  await mkdir(join(folder, "postgres", "cluster.unfinished"));
  await writeFile(join(folder, "postgres", "cluster.unfinished", "PG_VERSION"), "18\n");
  await ask((await start()).connection, "select");
  expect(await readdir(join(folder, "postgres"))).not.toContain("cluster.unfinished");
});

test("a path too long for a socket gets a short one elsewhere, which is removed at the end", async () => {
  const deep = join(folder, "a".repeat(60), "b".repeat(60));
  await mkdir(deep, { recursive: true });
  await chmod(join(folder, "a".repeat(60)), 0o755);
  await chmod(folder, 0o755);
  const postgres = await start(deep);
  expect(said.join()).toContain(`the socket is in ${postgres.connection.host}`);
  await ask(postgres.connection, "select");
  await expect(start(deep)).rejects.toMatchObject({ kind: "in-use" });
  await postgres.stop();
  expect(existsSync(postgres.connection.host)).toBe(false);
});

test("a cluster of another version is refused with a plain sentence, untouched", async () => {
  await (await start()).stop();
  const version = join(folder, "postgres", "cluster", "PG_VERSION");
  await writeFile(version, "17\n");
  await expect(start()).rejects.toMatchObject({ kind: "other-version" });
  expect(await readFile(version, "utf8")).toBe("17\n");
});

test("a full disk is named as what it is", () => {
  expect(
    startTrouble('FATAL: could not write lock file "postmaster.pid": No space left on device', folder),
  ).toMatchObject({
    kind: "disk-full",
    message: `The disk that holds ${folder} is full. Nothing that was saved is lost. Free some space and start again.`,
  });
});

test("JIKIM_DATA says where the data is; without it, it is in the clone when PostgreSQL's account can enter", async () => {
  expect(dataFolder({ JIKIM_DATA: "/srv/centre" }, folder)).toBe("/srv/centre");
  await chmod(folder, 0o755);
  expect(dataFolder({}, folder)).toBe(join(folder, "data"));
});

test("below a folder closed to others, root's data is in /var/lib/jikim", async () => {
  const clone = await mkdtemp(join(folder, "clone-"));
  await chmod(folder, 0o700);
  expect(dataFolder({}, clone)).toBe(process.getuid?.() === 0 ? "/var/lib/jikim" : join(clone, "data"));
});
