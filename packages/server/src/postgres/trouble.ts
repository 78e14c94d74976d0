import { statfsSync } from "node:fs";

type TroubleKind =
  | "disk-full"
  | "in-use"
  | "folder-unreachable"
  | "other-account"
  | "other-version"
  | "not-installed"
  | "not-starting";

/** The embedded PostgreSQL cannot run, for a reason the operator can act on: the message is a plain sentence. */
export class PostgresTrouble extends Error {
  override readonly name = "PostgresTrouble";
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Less than this, and PostgreSQL cannot make its next 16 MiB log segment. */
const leastFreeBytes = 16 * 1024 * 1024;

/**
 * Why PostgreSQL did not start.
 *
 * @param said  what PostgreSQL or initdb wrote before it ended; on a full disk that can be nothing at all.
 */
export function startTrouble(said: string, folder: string): PostgresTrouble {
  if (/no space left on device|disk quota exceeded/i.test(said) || diskIsFull(folder)) {
    return new PostgresTrouble(
      "disk-full",
      `The disk that holds ${folder} is full. Nothing that was saved is lost. Free some space and start again.`,
    );
  }
  if (/lock file ".*" already exists|could not bind Unix address|pre-existing shared memory block/i.test(said)) {
    return new PostgresTrouble("in-use", `Another PostgreSQL is using ${folder}. Stop it and start again.`);
  }
  if (/incompatible with server|not compatible with this version/i.test(said)) {
    return new PostgresTrouble("other-version", `The database in ${folder} was made by another version of PostgreSQL.`);
  }
  const lines = said.trim().split("\n").slice(-5).join("\n");
  return new PostgresTrouble(
    "not-starting",
    `PostgreSQL in ${folder} did not start. It said:\n${lines || "(nothing)"}`,
  );
}

function diskIsFull(folder: string): boolean {
  try {
    const disk = statfsSync(folder);
    return disk.bavail * disk.bsize < leastFreeBytes;
  } catch {
    return false;
  }
}
