import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the clone. Everything in setup/ is plain JavaScript that also runs on Node 20. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Node 26 from the installed packages: it runs TypeScript unbuilt. */
export const node26 = join(root, "node_modules", ".bin", "node");

const oldestNode = 20;

/** Installs the locked packages when they are missing or not the locked ones. Ends the process when that fails. */
export function installPackages() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < oldestNode) fail(`Jikim needs Node ${oldestNode} or newer; this is Node ${process.versions.node}.`);
  const reason = whyInstall(root);
  if (reason !== null) runNpm(reason);
  linkNode26();
}

function runNpm(reason) {
  process.stderr.write(`${reason} Installing packages with npm ci …\n`);
  const npm = npmCommand();
  const asked = [...npm.before, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const done = spawnSync(npm.program, asked, { cwd: root, stdio: ["ignore", 2, 2] });
  if (done.error) fail(`npm could not be started: ${done.error.message}`);
  if (done.status !== 0) fail("npm ci failed; what it said is above. Without a network it cannot install.");
  const still = whyInstall(root);
  if (still !== null) fail(`npm ci ended without an error, but: ${still}`);
}

/** npm 10 leaves out the link to a program that packages for other systems also offer, as Node 26's do. */
function linkNode26() {
  if (existsSync(node26)) return;
  const name = ["node", "node-bin"]
    .map((prefix) => `${prefix}-${process.platform}-${process.arch}`)
    .find((each) => existsSync(join(root, "node_modules", each)));
  if (name === undefined) fail(`There is no Node 26 for this machine (${process.platform}-${process.arch}).`);
  const program = join("..", name, "bin", "node");
  chmodSync(join(root, "node_modules", ".bin", program), 0o755);
  rmSync(node26, { force: true });
  symlinkSync(program, node26);
}

/** Under `npm start` the same npm again, else the one on the path. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith(".js") && existsSync(script)) return { program: process.execPath, before: [script] };
  return { program: "npm", before: [] };
}

/** A sentence, or null when the folder's node_modules holds what package-lock.json asks for on this machine. */
export function whyInstall(folder) {
  const installed = packagesIn(join(folder, "node_modules", ".package-lock.json"));
  if (installed === null) return "No packages are installed yet.";
  const locked = packagesIn(join(folder, "package-lock.json")) ?? {};
  for (const [path, wanted] of Object.entries(locked)) {
    if (path === "" || !isNeeded(wanted)) continue;
    const have = installed[path];
    if (have === undefined || !existsSync(join(folder, path))) return `${path} is missing.`;
    if (have.version !== wanted.version || have.integrity !== wanted.integrity)
      return `${path} is not the locked version.`;
  }
  const extra = Object.keys(installed).find((path) => locked[path] === undefined);
  if (extra !== undefined) return `${extra} is no longer locked.`;
  return null;
}

function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")).packages;
  } catch {
    return null;
  }
}

/** An optional package counts only when it names this system; what hangs on one that does not may be left out too. */
function isNeeded(entry) {
  if (!entry.optional && !entry.devOptional && !entry.peer) return true;
  return (
    Boolean(entry.os) &&
    names(entry.os, process.platform) &&
    names(entry.cpu, process.arch) &&
    names(entry.libc, libc())
  );
}

function names(list, value) {
  return list === undefined || list.includes(value);
}

function libc() {
  if (process.platform !== "linux") return "none";
  return process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "glibc";
}

/** Ends the process with a plain sentence on stderr. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}
