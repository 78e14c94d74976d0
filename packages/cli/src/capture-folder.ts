import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const NAME = "jikim-sealing";

/** A folder of this process for what is captured and not sealed yet. Removes those that killed processes left behind. */
export async function openFolder(): Promise<string> {
  const left = (await readdir(tmpdir())).filter((name) => isLeft(name));
  // What a killed one started may still be writing as it ends.
  const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };
  for (const name of left) await rm(join(tmpdir(), name), patiently).catch(() => undefined);
  return mkdtemp(join(tmpdir(), `${NAME}-${process.pid}-`));
}

/** Ours, in milliseconds. */
const PAUSE_MS = 200;
const MOST_TRIES = 25;

/** Removes the folder of this process. A browser that is just ending may make it anew: it is looked at until it stays away. */
export async function removeFolder(folder: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: PAUSE_MS });
    await pause(PAUSE_MS);
    if (!existsSync(folder)) return;
  }
}

function isLeft(name: string): boolean {
  const pid = new RegExp(`^${NAME}-(\\d{1,10})-`).exec(name)?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and is somebody else's.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
