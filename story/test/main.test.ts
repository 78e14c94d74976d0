import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

test("told to stop in the middle, the demo ends what it started and leaves no folder behind", async () => {
  const demo = spawn(process.execPath, [main, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  demo.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  for await (const line of createInterface(demo.stdout)) {
    const told = JSON.parse(line) as { step: string; ok: boolean; ms: number };
    if (!told.ok) break;
    expect(told.ms).toBeGreaterThanOrEqual(0);
    demo.kill("SIGINT");
  }
  const [code] = demo.exitCode === null ? await once(demo, "exit") : [demo.exitCode];
  expect(code).toBe(2);
  const folder = /keeps its data in (\S+)\/postgres/.exec(said)?.[1] ?? "";
  expect(folder).toContain("jikim-story-");
  expect(existsSync(folder)).toBe(false);
});

test("a flag that the demo does not know is an error, said on stderr", async () => {
  const demo = spawn(process.execPath, [main, "--what"], { stdio: ["ignore", "pipe", "pipe"] });
  const out: Buffer[] = [];
  demo.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  expect((await once(demo, "exit"))[0]).toBe(2);
  expect(Buffer.concat(out).toString()).toBe("");
});
