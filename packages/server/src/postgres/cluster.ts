import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { constants, existsSync } from "node:fs";
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Binaries } from "./binaries.ts";
import type { Home } from "./folder.ts";
import { PostgresTrouble, startTrouble } from "./trouble.ts";

/** A PostgreSQL process that is kept running until it is stopped. */
export interface Cluster {
  stop(): Promise<void>;
}

/** How a cluster runs. `sockets` is the folder for its unix socket. */
interface Way {
  sockets: string;
  fsync: boolean;
  say: (line: string) => void;
}

/** The version of the embedded package; a cluster can only be read by its own major version. */
const majorVersion = "18";

/** Bytes; a larger log is emptied at the next start. */
const largestLog = 1024 * 1024;

/** Nothing of the operator's environment reaches PostgreSQL, and its messages are in English so that we can tell them apart. */
const environment = { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** Makes the cluster with initdb where there is none; a run that was cut off leaves nothing that counts. */
export async function makeCluster(home: Home, binaries: Binaries, fsync: boolean): Promise<void> {
  const version = await readFile(join(home.cluster, "PG_VERSION"), "utf8").catch(() => "");
  if (version.trim() === majorVersion) return;
  if (version) throw startTrouble("not compatible with this version", home.path);
  const unfinished = `${home.cluster}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const asked = ["--pgdata", unfinished, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"];
  const locale = ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"];
  const made = spawnSync(binaries.initdb, [...asked, ...locale, ...(fsync ? [] : ["--no-sync"])], {
    ...runAs(home),
    encoding: "utf8",
  });
  if (made.status !== 0) {
    const trouble = startTrouble(`${made.stdout}${made.stderr}${made.error?.message ?? ""}`, home.path);
    await rm(unfinished, { recursive: true, force: true });
    throw trouble;
  }
  await rename(unfinished, home.cluster);
}

function runAs(home: Home) {
  return { cwd: home.path, env: environment, ...(home.account ?? {}) };
}

/** Starts PostgreSQL on the cluster and waits until it takes sessions; starts it again whenever it ends by itself. */
export async function runCluster(home: Home, binaries: Binaries, way: Way): Promise<Cluster> {
  let server = await launchPatiently(home, binaries, way);
  let stopping = false;
  const stopWithUs = () => server.kill("SIGINT");
  process.on("exit", stopWithUs);

  const keepRunning = async () => {
    for (let seconds = 1; ; seconds = Math.min(seconds * 2, 30)) {
      await ended(server);
      if (stopping) return;
      way.say(`PostgreSQL ended by itself; starting it again in ${seconds} s.`);
      await pause(seconds * 1000, undefined, { ref: false });
      if (stopping) return;
      const again = await launch(home, binaries, way).catch((error: Error) => way.say(error.message));
      if (!again) continue;
      server = again;
      seconds = 0.5;
      if (stopping) await stopServer(server);
    }
  };
  const kept = keepRunning();

  const stop = async () => {
    stopping = true;
    await stopServer(server);
    await kept;
    process.off("exit", stopWithUs);
  };
  return { stop };
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (hasEnded(server)) return;
  server.ref();
  server.kill("SIGINT");
  const slow = setTimeout(() => server.kill("SIGQUIT"), 60_000);
  await ended(server);
  clearTimeout(slow);
}

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (hasEnded(server)) done();
    else server.once("exit", () => done());
  });
}

/** A killed server's last processes can hold its shared memory for a moment. */
async function launchPatiently(home: Home, binaries: Binaries, way: Way): Promise<ChildProcess> {
  for (let tries = 1; ; tries++) {
    try {
      return await launch(home, binaries, way);
    } catch (error) {
      if (!(error instanceof PostgresTrouble) || error.kind !== "in-use" || tries === 20) throw error;
      await pause(500);
    }
  }
}

/** In a session of its own: Ctrl-C in the terminal reaches Jikim, which stops PostgreSQL when its own work is done. */
async function launch(home: Home, binaries: Binaries, way: Way): Promise<ChildProcess> {
  const log = await openLog(home.log);
  const server = spawn(binaries.postgres, ["-D", home.cluster, ...settings(way)], {
    ...runAs(home),
    detached: true,
    stdio: ["ignore", log.file.fd, log.file.fd],
  });
  const failed = new Promise<never>((_, fail) => server.once("error", fail));
  server.unref();
  await log.file.close();
  try {
    if (await Promise.race([answers(server, way), failed])) return server;
    throw startTrouble(await readFrom(home.log, log.start), home.path);
  } catch (error) {
    if (!hasEnded(server)) server.kill("SIGINT");
    throw error;
  }
}

/** The log and where this run's part begins, in bytes. The folder is not ours but the account's: links are not followed. */
async function openLog(path: string): Promise<{ file: FileHandle; start: number }> {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const file = await open(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
  if ((await file.stat()).size > largestLog) await file.truncate();
  return { file, start: (await file.stat()).size };
}

/** Errors stay out of the log because their text can quote what people wrote; the session that asked gets them. */
function settings({ sockets, fsync }: Way): string[] {
  const values: Record<string, string> = {
    listen_addresses: "",
    unix_socket_directories: sockets,
    unix_socket_permissions: "0700",
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_checkpoints: "off",
    ...(fsync ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "32MB" }),
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

async function readFrom(path: string, start: number): Promise<string> {
  const written = await readFile(path).catch(() => Buffer.alloc(0));
  return written.subarray(start).toString();
}

/** Waits as long as recovery takes: the process being there is the sign that it is still trying. False when it ended. */
async function answers(server: ChildProcess, way: Way): Promise<boolean> {
  for (let tries = 1; !hasEnded(server); tries++) {
    if (await takesSessions(way.sockets)) return true;
    await pause(25);
    if (tries % 400 === 0) way.say("PostgreSQL is still starting or recovering; waiting.");
  }
  return false;
}

async function takesSessions(host: string): Promise<boolean> {
  if (!existsSync(join(host, ".s.PGSQL.5432"))) return false;
  const client = new pg.Client({ host, user: "postgres", database: "postgres", connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
