import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forget } from "./board.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "jikim-board-"));
});
afterAll(() => forget(data));

function start(environment: Record<string, string>, ...args: string[]): ChildProcess {
  const env = { PATH: process.env.PATH ?? "", PORT: "0", SMTP_PORT: "0", DATA: data, ...environment };
  return spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("no stdout");
  for await (const line of createInterface(child.stdout)) return line;
  return "";
}

test("says in one line where it listens, shows its samples, and ends cleanly on SIGTERM", async () => {
  const child = start({}, "--unlinked");
  const { ready, url, smtp } = JSON.parse(await firstLine(child));
  expect(ready).toBe(true);
  expect(smtp).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(url)).text()).toContain("/media/morning-lake");
  child.kill("SIGTERM");
  expect((await once(child, "exit"))[0]).toBe(0);
});

test("names what is wrong with its environment and ends with 2", async () => {
  const child = start({ JIKIM_KEY: "key without a root" });
  expect((await once(child, "exit"))[0]).toBe(2);
});
