import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fail, root } from "./install.mjs";

/** What is in the way: a sentence for people, and the one thing to do. */
const trouble = (sentence, todo) => ({ sentence, todo });

/**
 * Installs the system packages that `purpose` ("test", "story") needs and that are missing: by apt as root on Debian.
 * Elsewhere, or when apt fails, it says what to install and ends the process. Nothing is removed: a mail server that the machine
 * has and that would have to make room stays, and apt says so.
 */
export async function installSystemPackages(purpose) {
  const missing = missingFor(purpose);
  if (missing.length === 0) return;
  for (const { name, why } of missing) process.stderr.write(`The system package ${name} is missing (${why}).\n`);
  const inTheWay = await install(missing);
  if (inTheWay !== null) fail(`${inTheWay.sentence}\n${inTheWay.todo}`);
}

/**
 * The same for what the server runs without (`npm start`): where it cannot be installed, one line says why, and the server
 * says what does not work. JIKIM_INSTALL=no leaves the machine as it is.
 */
export async function offerSystemPackages(purpose) {
  const missing = missingFor(purpose);
  if (missing.length === 0 || process.env.JIKIM_INSTALL === "no") return;
  const inTheWay = await install(missing);
  if (inTheWay !== null) process.stderr.write(`${inTheWay.sentence}\n`);
}

/** @returns null when all of them are there now. */
async function install(missing) {
  const inTheWay = whyNot(missing, { isRoot: process.getuid?.() === 0, hasApt: existsSync("/usr/bin/apt-get") });
  if (inTheWay !== null) return inTheWay;
  const names = missing.map((each) => each.name);
  process.stderr.write(`Installing ${names.join(", ")} with apt …\n`);
  await apt(["update"]);
  const installed = await apt(["install", "-y", "--no-remove", "--no-install-recommends", ...names]);
  if (installed && missing.every(isThere)) return null;
  return trouble(
    `apt could not install ${names.join(", ")}; what it said is above.`,
    `Run this, then try again:\n  ${commandFor(names)}`,
  );
}

/** Why we cannot install them here; null when we can. */
export function whyNot(missing, { isRoot, hasApt }) {
  const names = missing.map((each) => each.name);
  const list = names.join(", ");
  if (!hasApt)
    return trouble(
      `${list}: missing, and this system has no apt.`,
      `Install ${list} with your system's package manager, so that these exist:\n${places(missing)}`,
    );
  if (!isRoot)
    return trouble(
      `${list}: missing, and only root may install.`,
      `Run this, then try again:\n  sudo sh -c '${commandFor(names)}'`,
    );
  return null;
}

function commandFor(names) {
  return `apt-get update && apt-get install -y --no-remove --no-install-recommends ${names.join(" ")}`;
}

function missingFor(purpose) {
  const packages = JSON.parse(readFileSync(join(root, "system-packages.json"), "utf8"));
  return packages.filter((each) => each.for.includes(purpose) && !isThere(each));
}

function isThere({ found }) {
  return found.every((file) => existsSync(file));
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
