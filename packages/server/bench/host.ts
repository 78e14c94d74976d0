import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startJikim } from "../src/index.ts";
import { measureDirectories } from "./directory.ts";
import { fillList } from "./filled-list.ts";
import { commitOneRow } from "./plain-commits.ts";

/**
 * The measured server in a process of its own: real PostgreSQL with fsync, proof of work lowered and rate limits raised. Prints
 * {"origin","setupToken"}; answers lines on stdin: `commits N` (plain committed rows a second), `list N` (entries on the list),
 * `directories N` (places whose host is found in a second).
 */
const folder = await mkdtemp(join(tmpdir(), "jikim-bench-"));
const config = { port: 0, effort: { bits: 2, parts: 2 }, anonymousAMinute: 10_000_000, allowPrivateAddresses: true };
const running = await startJikim({ folder, config });

const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
const stop = async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
};
process.on("SIGTERM", stop);
process.stdin.on("end", stop);
process.stdin.on("data", async (chunk) => {
  const [word, count] = chunk.toString().trim().split(" ");
  if (word === "commits") say({ perSecond: await commitOneRow(running.jikim.db, Number(count)) });
  if (word === "directories") say(await measureDirectories(running.jikim, Number(count)));
  if (word === "list") say({ entries: await fillList(running.jikim, Number(count)) });
});
say({ origin: running.origin, setupToken: running.setupToken });
