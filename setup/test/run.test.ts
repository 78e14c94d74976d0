import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = join(import.meta.dirname, "..", "..", "run.mjs");

/** Says what it sees, then lives for an hour; ends with code 7 some time after a signal, as a server that has work to finish. */
const program = `
const seen: string[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {
  seen.push(signal);
  setTimeout(() => { console.log(seen.join()); process.exit(7); }, 300);
});
console.log(JSON.stringify({ node: process.versions.node, args: process.argv.slice(2), folder: process.cwd() }));
if (process.argv[2] === "end") process.exit(3);
setTimeout(() => undefined, 3_600_000);
`;

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jikim-run-"));
  file = join(folder, "program.ts");
  await writeFile(file, program);
});

afterAll(() => rm(folder, { recursive: true }));

function start(...args: string[]): {
  child: ChildProcess;
  ready: Promise<void>;
  ended: Promise<{ code: number | null; lines: string[] }>;
} {
  const child = spawn(process.execPath, [run, file, ...args], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  const ready = new Promise<void>((done) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      done();
    });
  });
  const ended = new Promise<{ code: number | null; lines: string[] }>((done) => {
    child.once("close", (code) => done({ code, lines: said.trim().split("\n") }));
  });
  return { child, ready, ended };
}

test("a program runs on Node 26, in the caller's folder, with its arguments and its exit code", async () => {
  const { code, lines } = await start("end", "--json").ended;
  expect(code).toBe(3);
  expect(JSON.parse(lines[0] ?? "")).toEqual({ node: expect.stringMatching(/^26\./), args: ["end", "--json"], folder });
});

test("Ctrl-C reaches the program once, and it is given the time to end", async () => {
  const { child, ready, ended } = start();
  await ready;
  process.kill(-Number(child.pid), "SIGINT");
  const { code, lines } = await ended;
  expect({ code, seen: lines[1] }).toEqual({ code: 7, seen: "SIGINT" });
});

test("when npm is ended, so is the program", async () => {
  const command = ["-c", '"$@" & wait', "npm", process.execPath, run, file];
  const shell = spawn("/bin/sh", command, {
    cwd: folder,
    env: { ...process.env, npm_lifecycle_event: "start" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  await new Promise<void>((closed) => {
    shell.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      shell.kill("SIGTERM");
    });
    shell.stdout.once("close", closed);
  });
  expect(said.trim().split("\n")[1]).toBe("SIGTERM");
});

test("when the one that runs it is killed, the program is told to end", async () => {
  const { child, ready, ended } = start();
  await ready;
  child.kill("SIGKILL");
  expect((await ended).lines[1]).toBe("SIGTERM");
});

test("a request to end reaches the program", async () => {
  const { child, ready, ended } = start();
  await ready;
  child.kill("SIGTERM");
  const { code, lines } = await ended;
  expect({ code, seen: lines[1] }).toEqual({ code: 7, seen: "SIGTERM" });
});
