import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderStore } from "../src/folder-store.ts";
import { type Connection, followCentre, type JikimRefusal } from "../src/index.ts";

export type ListSync = {
  readonly entries: number;
  /** From nothing to every entry verified, in force and stored. */
  readonly seconds: number;
  /** Stored list verified again and in force after a restart, without the centre's snapshot. */
  readonly restartSeconds: number;
  /** Resident memory of this process before and after, and the most in between. */
  readonly megabytes: { readonly before: number; readonly after: number; readonly most: number };
  readonly storedMegabytes: number;
  /** Longest time that the process did nothing else. */
  readonly longestBlockMs: number;
};

/** Syncs a whole list from a centre, as a platform does on its first day. @throws {JikimRefusal} when the centre was not reached. */
export async function benchList(connection: Connection): Promise<ListSync> {
  const folder = await mkdtemp(join(tmpdir(), "jikim-bench-list-"));
  const watch = watchProcess();
  const before = megabytes();
  try {
    const first = await timed(connection, folder);
    const after = megabytes();
    const { size } = await stat(join(folder, "list.jsonl"));
    const second = await timed(connection, folder);
    return {
      entries: first.entries,
      seconds: first.seconds,
      restartSeconds: second.seconds,
      megabytes: { before, after, most: watch.most() },
      storedMegabytes: Math.round(size / 1e5) / 10,
      longestBlockMs: watch.longestBlock(),
    };
  } finally {
    watch.stop();
    await rm(folder, { recursive: true });
  }
}

async function timed(connection: Connection, folder: string): Promise<{ entries: number; seconds: number }> {
  const problems: JikimRefusal[] = [];
  const start = performance.now();
  const onProblem = (problem: JikimRefusal) => void problems.push(problem);
  const centre = await followCentre({ ...connection, store: folderStore(folder), onProblem });
  const seconds = Math.round(performance.now() - start) / 1000;
  const { entries } = centre.status();
  await centre.stop();
  if (problems[0] !== undefined) throw problems[0];
  return { entries, seconds };
}

function megabytes(): number {
  return Math.round(process.memoryUsage().rss / 1e6);
}

function watchProcess() {
  let [most, longest, last] = [0, 0, performance.now()];
  const timer = setInterval(() => {
    const now = performance.now();
    most = Math.max(most, megabytes());
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  return { most: () => most, longestBlock: () => Math.round(longest), stop: () => clearInterval(timer) };
}
