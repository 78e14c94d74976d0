import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./install.mjs";
import { runTool } from "./tool.mjs";

const web = join(root, "packages", "web");
const built = join(web, "dist");
const stamp = join(root, "node_modules", ".cache", "jikim-web-build");

/** What can change the pages: their own source, and the packages they import. */
const sources = [
  "web",
  "casework",
  "evidence",
  "fingerprint",
  "server/src/contract",
  "server/src/contract.ts",
  "sdk/src",
];

/** Whether there are pages to build at all. */
export function hasWeb() {
  return existsSync(join(web, "vite.config.ts"));
}

/** Builds the pages unless they are as their sources are. The result is the tool's: `{ ok, said }`. */
export async function buildWeb() {
  const now = fingerprintOfSources();
  if (existsSync(built) && existsSync(stamp) && readFileSync(stamp, "utf8") === now) return { ok: true, said: "" };
  const result = await runTool("node", ["build.ts"], web);
  if (!result.ok) return result;
  mkdirSync(join(stamp, ".."), { recursive: true });
  writeFileSync(stamp, fingerprintOfSources());
  return result;
}

function fingerprintOfSources() {
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  for (const file of sources.flatMap((path) => filesIn(join(root, "packages", path)))) {
    hash.update(`\n${file}\n`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

const made = new Set(["node_modules", "dist", "paraglide", "test", ".svelte-kit", "cache"]);

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (path.endsWith(".ts")) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !made.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)]));
}
