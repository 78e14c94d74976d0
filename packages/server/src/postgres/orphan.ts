import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PostgresTrouble } from "./trouble.ts";

/** What PostgreSQL wrote in postmaster.pid about the server that has, or had, the cluster. */
interface Postmaster {
  processId: number;
  socketFolder: string;
}

/** Seconds given to each way of stopping: fast (sessions end, all is written), then at once (the next start recovers). */
const patience = { SIGINT: 60, SIGQUIT: 10 };

/** Null when the cluster was stopped cleanly. Lines: process, folder, start time, port, socket folder (PostgreSQL's pidfile.h). */
export async function lastPostmaster(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const processId = Number(lines[0]);
  return Number.isInteger(processId) && processId > 1 ? { processId, socketFolder: lines[4] ?? "" } : null;
}

/**
 * After its parent was killed PostgreSQL runs on without an owner: stops it, so that the one we start is ours.
 * Call only when no other Jikim owns the cluster.
 *
 * @returns whether a server had to be stopped.
 */
export async function stopOrphan(cluster: string): Promise<boolean> {
  const postmaster = await lastPostmaster(cluster);
  if (!postmaster) return false;
  if (!runsCluster(postmaster.processId, cluster)) {
    await disown(cluster, postmaster);
    return false;
  }
  if (await endsAfter("SIGINT", postmaster, cluster)) return true;
  if (await endsAfter("SIGQUIT", postmaster, cluster)) return true;
  throw new PostgresTrouble("in-use", `PostgreSQL (process ${postmaster.processId}) in ${cluster} does not stop.`);
}

async function endsAfter(signal: "SIGINT" | "SIGQUIT", postmaster: Postmaster, cluster: string): Promise<boolean> {
  process.kill(postmaster.processId, signal);
  for (let tries = 0; tries < patience[signal] * 20; tries++) {
    if (!runsCluster(postmaster.processId, cluster)) return true;
    await pause(50);
  }
  return false;
}

/** False for a process that ended but was not yet collected: it has no command any more. */
function runsCluster(processId: number, cluster: string): boolean {
  const command = commandOf(processId);
  return command.includes("postgres") && command.includes(cluster);
}

function commandOf(processId: number): string {
  if (process.platform !== "linux") {
    return spawnSync("ps", ["-ww", "-o", "command=", "-p", String(processId)], { encoding: "utf8" }).stdout ?? "";
  }
  try {
    return readFileSync(`/proc/${processId}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/**
 * The process number of the dead server may have been given to another program, or not yet be free: PostgreSQL would
 * take that for a live server. With our own number in postmaster.pid it passes over it as its parent's, and still looks
 * whether the old shared memory is in use. The lock on the socket says nothing more.
 */
async function disown(cluster: string, postmaster: Postmaster): Promise<void> {
  const file = join(cluster, "postmaster.pid");
  const [, ...rest] = (await readFile(file, "utf8")).split("\n");
  await writeFile(file, [String(process.pid), ...rest].join("\n"));
  if (postmaster.socketFolder) await rm(join(postmaster.socketFolder, ".s.PGSQL.5432.lock"), { force: true });
}
