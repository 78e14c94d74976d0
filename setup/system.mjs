import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fail, root } from "./install.mjs";

/**
 * Installs the system packages that `purpose` ("test", "story") needs and that are missing: by apt as root on Debian.
 * Elsewhere, or when apt fails, it says what to install and ends the process. Nothing is removed: a mail server that the machine
 * has and that would have to make room stays, and apt says so.
 */
export async function installSystemPackages(purpose) {
  const missing = missingFor(purpose);
  if (missing.length === 0) return;
  const names = missing.map((each) => each.name);
  for (const { name, why } of missing) process.stderr.write(`The system package ${name} is missing (${why}).\n`);
  if (!existsSync("/usr/bin/apt-get")) {
    fail(`Install ${names.join(", ")} with your system's package manager, so that these exist:\n${places(missing)}`);
  }
  const command = `apt-get update && apt-get install -y --no-remove --no-install-recommends ${names.join(" ")}`;
  if (process.getuid() !== 0) fail(`Only root may install them. Run this, then try again:\n  sudo sh -c '${command}'`);
  process.stderr.write(`Installing ${names.join(", ")} with apt …\n`);
  await apt(["update"]);
  const installed = await apt(["install", "-y", "--no-remove", "--no-install-recommends", ...names]);
  const still = missingFor(purpose);
  if (!installed || still.length > 0)
    fail(`apt could not install them; what it said is above. Run this, then try again:\n  ${command}`);
}

function missingFor(purpose) {
  const packages = JSON.parse(readFileSync(join(root, "system-packages.json"), "utf8"));
  return packages.filter((each) => each.for.includes(purpose) && !each.found.every((file) => existsSync(file)));
}

function places(packages) {
  return packages.flatMap((each) => each.found.map((file) => `  ${file}`)).join("\n");
}

const waitForLock = ["-o", "DPkg::Lock::Timeout=600"];
const longestWait = 60;

/** `install` waits for the lock by itself; `update` does not wait for the lock on its lists, so we do. */
async function apt(asked) {
  for (let tries = 1; ; tries++) {
    const done = spawnSync("apt-get", [...waitForLock, ...asked], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
      stdio: ["ignore", 2, "pipe"],
      encoding: "utf8",
    });
    process.stderr.write(done.stderr ?? "");
    if (done.status === 0) return true;
    if (!/could not get lock|unable to lock/i.test(done.stderr ?? "") || tries === longestWait) return false;
    await pause(5000);
  }
}
