import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Account, canReach, postgresAccount, weAreRoot } from "./account.ts";
import { PostgresTrouble } from "./trouble.ts";

/**
 * Where Jikim keeps everything: `JIKIM_DATA`, else `data` in the clone; as root, where PostgreSQL's account cannot
 * enter the clone, `/var/lib/jikim`.
 */
export function dataFolder(environment: NodeJS.ProcessEnv, clone: string): string {
  const asked = environment.JIKIM_DATA;
  if (asked) return resolve(asked);
  if (weAreRoot() && !canReach(postgresAccount(), clone)) return "/var/lib/jikim";
  return join(clone, "data");
}

/** PostgreSQL's part of the data folder. `account` is null when it runs as we do. */
export interface Home {
  path: string;
  cluster: string;
  log: string;
  account: Account | null;
}

/** Makes PostgreSQL's part of the data folder, so that only its account can enter. */
export async function prepareHome(folder: string): Promise<Home> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(await realpath(folder), "postgres");
  const account = existsSync(path) ? await ownerOf(path) : postgresAccount();
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account) {
    await chown(path, account.uid, account.gid);
    await letThrough(dirname(path), account);
  }
  if (!canReach(account, path)) {
    throw new PostgresTrouble(
      "folder-unreachable",
      `PostgreSQL's account cannot enter ${path}: a folder above it is closed to others. Choose another with JIKIM_DATA.`,
    );
  }
  return { path, cluster: join(path, "cluster"), log: join(path, "log"), account };
}

/** An existing database keeps its account, whoever starts it. */
async function ownerOf(path: string): Promise<Account | null> {
  const { uid, gid } = await stat(path);
  if (uid === process.getuid?.()) return weAreRoot() ? postgresAccount() : null;
  if (weAreRoot()) return { uid, gid };
  throw new PostgresTrouble(
    "other-account",
    `${path} belongs to another account (number ${uid}). Start Jikim as that account, or choose another folder with JIKIM_DATA.`,
  );
}

/** Lets the account pass through the data folder, without seeing what is in it. */
async function letThrough(folder: string, account: Account): Promise<void> {
  const { mode, uid } = await stat(folder);
  if (uid !== process.getuid?.() || canReach(account, folder) || (mode & 0o001) !== 0) return;
  await chown(folder, uid, account.gid);
  await chmod(folder, (mode & 0o707) | 0o010);
}

/** A new, empty folder for a short-lived database, somewhere PostgreSQL's account can enter. Whoever asks removes it. */
export async function temporaryFolder(prefix: string): Promise<string> {
  const account = postgresAccount();
  const parent = [tmpdir(), "/tmp", "/var/tmp"].find((candidate) => canReach(account, candidate));
  if (!parent)
    throw new PostgresTrouble("folder-unreachable", "There is no temporary folder that PostgreSQL can enter.");
  return mkdtemp(join(parent, prefix));
}

/** The longest name of a unix socket in bytes: sockaddr_un holds 108 on Linux and 104 on macOS, one of them a zero. */
const longestSocketName = process.platform === "darwin" ? 103 : 107;

/** PostgreSQL names the lock file after the socket, so the socket name is the part that must fit. */
const socketName = ".s.PGSQL.5432";

/** The folder for the sockets: in the home, or a short temporary one where the system's limit on names forces it. */
export async function socketFolder(home: Home): Promise<{ path: string; temporary: boolean }> {
  const inside = join(home.path, "run");
  const temporary = Buffer.byteLength(join(inside, socketName)) > longestSocketName;
  const path = temporary ? await mkdtemp("/tmp/jikim-") : inside;
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (home.account) await chown(path, home.account.uid, home.account.gid);
  return { path, temporary };
}
