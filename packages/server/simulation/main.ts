import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startPostgres, temporaryFolder } from "../src/postgres/index.ts";
import { migrate } from "../src/store/migrate.ts";
import { simulate } from "./run.ts";

/**
 * `npm run -s simulate -- --caseworkers 10 --cases 700 --days 30 --seed 1 --json`: one JSON object on stdout, progress on stderr. Exit 0:
 * it ran to its end; 2: it did not, also when it was ended by a signal: then its Postgres is stopped and its folder removed all the same.
 */
const number = (fallback: string) => ({ type: "string", default: fallback }) as const;
const { values } = readOptions();

const folder = await temporaryFolder("jikim-simulation-");
const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
  process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
const say = (line: string) => void process.stderr.write(`${line}\n`);
try {
  const [caseworkers, cases, days] = [values.caseworkers, values.cases, values.days].map(readCount);
  if (caseworkers === undefined || cases === undefined || days === undefined) throw new Error("unreachable");
  const postgres = await startPostgres({ folder, fsync: false, say: () => undefined });
  try {
    await migrate(postgres.connection);
    const { connection } = postgres;
    const { signal } = stop;
    const results = await simulate({
      caseworkers,
      cases,
      days,
      seed: readSeed(values.seed),
      connection,
      tell: say,
      signal,
    });
    process.stdout.write(`${JSON.stringify(results, null, values.json ? undefined : 2)}\n`);
  } finally {
    await postgres.stop();
  }
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 2;
} finally {
  await rm(folder, { recursive: true, force: true });
}
// The decoder of pages is a process of its own that would be waited for.
process.exit();

function readOptions() {
  try {
    return parseArgs({
      options: {
        ...{ caseworkers: number("10"), cases: number("700"), days: number("30"), seed: number("1") },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}

function readSeed(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${text} is no seed`);
  return Number(text);
}

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${text} is no count`);
  return count;
}
