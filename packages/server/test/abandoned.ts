import { readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastPostmaster, stopOrphan } from "../src/postgres/orphan.ts";
import { refuseWhileOwned } from "../src/postgres/owner.ts";

/** A folder younger than this may be a test's that is just killing the owner on purpose. */
const youngest = 10 * 60 * 1000;

/** Stops the databases of test runs that were killed, and removes their folders. Those of live runs stay. */
export async function removeAbandonedClusters(
  now = Date.now(),
  parents = [tmpdir(), "/tmp", "/var/tmp"],
): Promise<void> {
  for (const parent of new Set(parents)) {
    for (const name of await readdir(parent).catch(() => [])) {
      if (/^jikim-(test|postgres)-\w{6}$/.test(name)) await removeWhenAbandoned(join(parent, name), now);
    }
  }
}

async function removeWhenAbandoned(folder: string, now: number): Promise<void> {
  try {
    const { uid, ctimeMs } = await stat(folder);
    if (uid !== process.getuid?.() || now - ctimeMs < youngest) return;
    const cluster = join(folder, "postgres", "cluster");
    const postmaster = await lastPostmaster(cluster);
    await refuseWhileOwned(postmaster?.socketFolder ?? join(folder, "postgres", "run"));
    await stopOrphan(cluster);
    await rm(folder, { recursive: true, force: true });
  } catch {
    // It is in use, or another run was first.
  }
}
