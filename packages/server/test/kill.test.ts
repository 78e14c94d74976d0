import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { keysOfReturnCode, openSealed, unwrapCaseKey } from "@jikim/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { portal } from "../src/contract.ts";
import { CallFailed, call } from "../src/demo/call.ts";
import { drawing, INVENTED_CENTRE, inventedCases } from "../src/demo/invented.ts";
import { setUpCentre } from "../src/demo/staff.ts";
import { makeEffort, type Prepared, prepareReport } from "../src/demo/survivor.ts";
import { freePort } from "../src/free-port.ts";
import { temporaryFolder } from "../src/postgres/index.ts";

const MAIN = join(import.meta.dirname, "..", "src", "main.ts");
const REPORTS = 200;
const HALVES = 3;
const KILLS = 5;
const AT_ONCE = 8;

let folder: string;
let origin: string;
let server: { readonly child: ChildProcess; readonly setupToken: string | null };

beforeAll(async () => {
  folder = await temporaryFolder("jikim-kill-");
  origin = `http://localhost:${await freePort()}`;
  server = await startServer();
}, 60_000);
afterAll(async () => {
  server.child.kill("SIGTERM");
  if (server.child.exitCode === null) await once(server.child, "exit");
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** The real process, on its own embedded PostgreSQL with fsync on. */
async function startServer() {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      JIKIM_DATA: folder,
      JIKIM_PORT: new URL(origin).port,
      JIKIM_EFFORT_BITS: "0",
      JIKIM_ANONYMOUS_A_MINUTE: "1000000",
      JIKIM_EXAMPLE: "no",
    },
  });
  let told = "";
  child.stderr.on("data", (data: Buffer) => {
    told += data.toString();
  });
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"ready":true')) break;
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error(`the server did not start: ${told}`);
  return { child, setupToken: /#\/setup\?token=([\w-]+)/.exec(told)?.[1] ?? null };
}

async function killServer(): Promise<void> {
  server.child.kill("SIGKILL");
  await once(server.child, "exit");
}

/** Sends until it is acknowledged, through any number of deaths of the server, as the portal does. */
async function sendUntilAcknowledged(prepared: Prepared, acknowledged: () => void): Promise<void> {
  for (;;) {
    try {
      const effort = await makeEffort(origin);
      await call(origin, { path: "/api/reports", body: { ...prepared.report, effort } });
      return acknowledged();
    } catch (error) {
      if (error instanceof CallFailed && error.status < 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Half of a report, and then the phone is gone. */
async function sendHalf({ report }: Prepared): Promise<void> {
  const body = JSON.stringify({ ...report, effort: await makeEffort(origin) });
  const socket = connect(Number(new URL(origin).port), "localhost");
  await once(socket, "connect");
  const head = [`POST /api/reports HTTP/1.1`, `host: ${new URL(origin).host}`, "content-type: application/json"];
  socket.write(
    `${head.join("\r\n")}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, body.length / 2)}`,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
}

async function readCase({ code }: Prepared): Promise<portal.MyCase> {
  const authorization = `Return ${keysOfReturnCode(code).token}`;
  return (await call<portal.MyCase>(origin, { path: "/api/my/case", authorization })).json;
}

async function readStory(prepared: Prepared): Promise<unknown> {
  const my = await readCase(prepared);
  const key = await unwrapCaseKey(Buffer.from(my.wrapped, "base64url"), keysOfReturnCode(prepared.code).identity);
  const story = my.documents.find((document) => document.kind === "story");
  expect(my.documents).toHaveLength(2);
  expect(my.items).toHaveLength(prepared.report.items.length);
  expect(my.places).toHaveLength(prepared.report.places.length);
  return openSealed(Buffer.from(story?.sealed ?? "", "base64url"), key.identity);
}

test("killed at random points during 200 reports, the server has every acknowledged one once and whole, and no half-sent one", async () => {
  const { intake } = await setUpCentre(origin, server.setupToken ?? "", INVENTED_CENTRE);
  const { json: centre } = await call<portal.Centre>(origin, { path: "/api/centre" });
  const told = inventedCases("https://board.example", drawing(0));
  const prepared: Prepared[] = [];
  for (let at = 0; at < REPORTS + HALVES; at++) {
    const invented = told[at % told.length];
    if (invented !== undefined) prepared.push(await prepareReport(centre, invented.told));
  }
  const halves = prepared.splice(0, HALVES);
  for (const half of halves) await sendHalf(half);
  let acknowledged = 0;
  const waiting = [...prepared];
  const sending = Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      await sendUntilAcknowledged(next, () => acknowledged++);
  });
  for (let kill = 1; kill <= KILLS; kill++) {
    const until = (prepared.length * kill) / (KILLS + 1);
    while (acknowledged < until) await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    await killServer();
    server = await startServer();
  }
  await Promise.all(sending);
  await killServer();
  server = await startServer();
  for (const each of prepared)
    await expect(readStory(each)).resolves.toMatchObject({
      content: { story: expect.stringMatching(/지어낸|Invented/) },
    });
  for (const half of halves) await expect(readCase(half)).rejects.toMatchObject({ code: "CODE_UNKNOWN" });
  const { cookie } = intake.colleague;
  let cases = 0;
  for (const lane of ["queue", "set-aside"])
    for (let cursor = ""; ; ) {
      const path = `/api/desk/cases?lane=${lane}&limit=200${cursor}`;
      const { json } = await call<{ rows: unknown[]; next: string | null }>(origin, { path, cookie });
      cases += json.rows.length;
      if (json.next === null) break;
      cursor = `&cursor=${encodeURIComponent(json.next)}`;
    }
  expect(cases).toBe(prepared.length);
}, 240_000);
