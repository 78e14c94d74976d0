import { rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { postgresBinaries } from "./binaries.ts";
import { type Cluster, makeCluster, runCluster } from "./cluster.ts";
import { type Home, prepareHome, socketFolder } from "./folder.ts";
import { lastPostmaster, stopOrphan } from "./orphan.ts";
import { claimCluster, refuseWhileOwned } from "./owner.ts";

/** What `pg` needs to connect over the unix socket: `host` is the folder of the socket. */
export interface PostgresConnection {
  host: string;
  user: string;
  database: string;
}

/** A running embedded PostgreSQL. */
export interface Postgres {
  /** As `jikim`, the owner of the database `jikim`, who is no superuser. */
  connection: PostgresConnection;
  /** The same connection as a URL. */
  url: string;
  /** As the superuser, for making and dropping databases. */
  admin: PostgresConnection;
  /** Ends all sessions, writes everything and stops. Safe to call twice. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** The data folder; PostgreSQL keeps to `postgres` in it. */
  folder: string;
  /** False only in tests: then a power cut may cost the database, while kill -9 still costs nothing. */
  fsync: boolean;
  /** Takes lines for the operator; the default writes them on stderr. */
  say?: (line: string) => void;
}

/**
 * Starts the embedded PostgreSQL of a data folder, making it first where there is none, and recovering it after a
 * crash. It listens on a unix socket only. Should it end on its own it is started again; when this process ends
 * without `stop()` it is told to stop too.
 *
 * @throws {PostgresTrouble} with a plain sentence.
 */
export async function startPostgres({ folder, fsync, say = sayOnStderr }: PostgresOptions): Promise<Postgres> {
  const home = await prepareHome(folder);
  say(`PostgreSQL keeps its data in ${home.path}`);
  const before = await lastPostmaster(home.cluster);
  if (before) await refuseWhileOwned(before.socketFolder);
  const sockets = await socketFolder(home);
  if (sockets.temporary) say(`Its path is too long for a socket, so the socket is in ${sockets.path}`);
  const owner = await claimCluster(sockets.path);
  try {
    const cluster = await startCluster(home, { sockets: sockets.path, fsync, say });
    if (before && before.socketFolder !== sockets.path) await removeTemporary(before.socketFolder);
    const stop = async () => {
      await cluster.stop();
      await owner.release();
      if (sockets.temporary) await removeTemporary(sockets.path);
    };
    return { ...connections(sockets.path), stop };
  } catch (error) {
    await owner.release();
    if (sockets.temporary) await removeTemporary(sockets.path);
    throw error;
  }
}

async function startCluster(
  home: Home,
  how: { sockets: string; fsync: boolean; say: (line: string) => void },
): Promise<Cluster> {
  if (await stopOrphan(home.cluster)) how.say("Stopped the PostgreSQL that a killed Jikim had left running.");
  const binaries = await postgresBinaries(home);
  await makeCluster(home, binaries, how.fsync);
  const cluster = await runCluster(home, binaries, how);
  await makeDatabase(connections(how.sockets).admin).catch(async (error) => {
    await cluster.stop();
    throw error;
  });
  return cluster;
}

function connections(host: string): Pick<Postgres, "connection" | "url" | "admin"> {
  return {
    connection: { host, user: "jikim", database: "jikim" },
    url: `postgres://jikim@${encodeURIComponent(host)}/jikim`,
    admin: { host, user: "postgres", database: "postgres" },
  };
}

/** Makes the role and the database of the server; does nothing when they are there. */
async function makeDatabase(admin: PostgresConnection): Promise<void> {
  const client = new pg.Client(admin);
  await client.connect();
  try {
    const role = await client.query("select from pg_roles where rolname = 'jikim'");
    if (role.rowCount === 0) await client.query("create role jikim login");
    const database = await client.query("select from pg_database where datname = 'jikim'");
    if (database.rowCount === 0) await client.query("create database jikim owner jikim");
  } finally {
    await client.end();
  }
}

/** Only the folders that `socketFolder` made: their names begin so. */
async function removeTemporary(sockets: string): Promise<void> {
  if (sockets.startsWith(join("/tmp", "jikim-"))) await rm(sockets, { recursive: true, force: true });
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
