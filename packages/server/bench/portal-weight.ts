import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { printRow } from "./row.ts";

const GOAL_BYTES = 100_000;

/** Script and style that the portal's first page loads, gzip, as the built index.html names them. */
export async function benchPortalWeight(): Promise<void> {
  const dist = join(import.meta.dirname, "../../web/dist");
  const html = await readFile(join(dist, "index.html"), "utf8");
  const files = [...html.matchAll(/(?:src|href)="\/?([^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? "");
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(join(dist, file))).length));
  printRow({ name: "portal-first-load", value: sizes.reduce((a, b) => a + b, 0), unit: "bytes", baseline: GOAL_BYTES });
}
