import { spawnSync } from "node:child_process";

/** A system account that PostgreSQL runs as. It refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

const ownName = "jikim-pg";

export function weAreRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The account for a new database: null means the one we run as. As root it is `jikim-pg`, made without a login when
 * it is missing, or `nobody` where no account can be made.
 */
export function postgresAccount(): Account | null {
  return weAreRoot() ? workAccount(ownName) : null;
}

/**
 * A system account without a login, made when it is missing; `nobody` where none can be made. Only root can make and use it.
 * @throws when there is neither.
 */
export function workAccount(name: string): Account {
  const known = findAccount(name);
  if (known) return known;
  const asked = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"];
  spawnSync("useradd", [...asked, "--shell", "/usr/sbin/nologin", name], { stdio: "ignore" });
  const account = findAccount(name) ?? findAccount("nobody");
  if (!account) throw new Error(`There is no unprivileged account: neither ${name} nor nobody.`);
  return account;
}

function findAccount(name: string): Account | null {
  const uid = idOf("-u", name);
  const gid = idOf("-g", name);
  return uid === null || gid === null ? null : { uid, gid };
}

function idOf(flag: "-u" | "-g", name: string): number | null {
  const answer = spawnSync("id", [flag, name], { encoding: "utf8" });
  return answer.status === 0 ? Number(answer.stdout) : null;
}

/** Whether the account can enter the folder (or run the file); asked of the system as that account, so it is the truth. */
export function canReach(account: Account | null, path: string): boolean {
  const asked = spawnSync("/bin/sh", ["-c", 'test -r "$0" && test -x "$0"', path], {
    stdio: "ignore",
    cwd: "/",
    ...(account ?? {}),
  });
  return asked.status === 0;
}
