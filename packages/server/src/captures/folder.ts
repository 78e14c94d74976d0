import { constants, existsSync } from "node:fs";
import { chown, lstat, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const NAME = "jikim-captures-";
/** Folders at which this process works. */
const ours = new Set<string>();

/** A folder that the capture program is given as its only belonging. It goes with `close`, or with the next start after a crash. */
export type CaptureFolder = {
  readonly path: string;
  /** Takes it back from the account that captured: it can then change nothing in it any more. */
  takeBack(): Promise<void>;
  /** A file that was left in it, as a stream. */
  read(name: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
};

export async function openFolder(): Promise<CaptureFolder> {
  const path = await mkdtemp(join(tmpdir(), `${NAME}${process.pid}-`));
  ours.add(path);
  return {
    path,
    async takeBack() {
      if (process.getuid?.() === 0) await chown(path, 0, 0);
    },
    read: (name) => readOwn(join(path, name)),
    async close() {
      await remove(path);
      ours.delete(path);
    },
  };
}

/** Ours. */
const MOST_TRIES = 25;
const PAUSE_MS = 200;

/** A browser whose program had to be killed may write as it ends: the folder is looked at until it stays away. */
async function remove(path: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: PAUSE_MS });
    await pause(PAUSE_MS);
    if (!existsSync(path)) return;
  }
}

/** A link that a captured page's exploit left could lead to any file of ours: only a plain file is read. @throws for anything else. */
async function* readOwn(path: string): AsyncIterable<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error("not a plain file");
    yield* file.createReadStream({ autoClose: false });
  } finally {
    await file.close();
  }
}

/** Removes what processes that are gone have left. */
export async function sweepFolders(): Promise<void> {
  const root = tmpdir();
  for (const name of await readdir(root).catch(() => [])) {
    const pid = new RegExp(`^${NAME}(\\d+)-`).exec(name)?.[1];
    const path = join(root, name);
    if (pid === undefined || ours.has(path) || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    const about = await lstat(path).catch(() => null);
    if (about?.isDirectory()) await rm(path, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
