import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PgBoss } from "pg-boss";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registerJobs } from "../src/jobs/index.ts";
import { JOB_SETTINGS } from "../src/jobs/queue.ts";
import { approveNotice, createPlatform, did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { ask } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let mailbox: Mailbox;
let board: Server;
let answer: (response: ServerResponse) => void = (response) => response.writeHead(404).end();
let looks = 0;
let jobs: PgBoss | undefined;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  mailbox = await openMailbox();
  board = createServer((_request, response) => {
    looks++;
    answer(response);
  });
  await new Promise<void>((ready) => board.listen(0, "127.0.0.1", ready));
  server = await openTestJikim({ smtp: mailbox.url, allowPrivateAddresses: true, firstCheckSeconds: 1 });
  centre = await seedCentre(server.jikim);
});
afterAll(async () => {
  worker?.kill("SIGKILL");
  await jobs?.stop({ graceful: false });
  await server.close();
  await mailbox.close();
  board.closeAllConnections();
  await new Promise((closed) => board.close(closed));
});

async function openPlace() {
  const text = `http://127.0.0.1:${(board.address() as AddressInfo).port}/p/${crypto.randomUUID().slice(0, 8)}`;
  const codes = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
  const { caseId } = await openCase(server, centre, { codes, places: [{ kind: "url", text }] });
  const place = async () => (await readCase(server.app, centre.staff, caseId)).places[0];
  return { caseId, place, placeId: (await place())?.id ?? "" };
}

test("a check whose process was killed with SIGKILL is done by another process", { timeout: 90_000 }, async () => {
  const { place, placeId } = await openPlace();
  answer = () => undefined;
  const { connection } = server.database;
  const { service, config } = server.jikim;
  worker = spawn(process.execPath, [join(import.meta.dirname, "worker.ts")], {
    env: { ...process.env, WORKER: JSON.stringify({ connection, service, config }) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await did(post(server.app, centre.staff, `/api/desk/places/${placeId}/checks`));
  await expect.poll(() => looks, { timeout: 30_000 }).toBe(1);
  worker.kill("SIGKILL");
  await once(worker, "exit");
  answer = (response) => response.writeHead(404).end();
  jobs = await new PgBoss({ ...connection, ...JOB_SETTINGS, max: 2 }).start();
  await registerJobs({ ...server.jikim, jobs });
  await expect.poll(async () => (await place())?.state, { timeout: 50_000, interval: 500 }).toBe("removed");
  expect((await place())?.checks).toHaveLength(1);
});

test("approved, it leaves by both ways; answered, it is looked at: without anybody's hand", {
  timeout: 60_000,
}, async () => {
  const { caseId, place } = await openPlace();
  const platform = await createPlatform(server, centre, { mail: "abuse@board.example" });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await expect.poll(() => mailbox.mails.length, { timeout: 20_000 }).toBe(1);
  const body = { answer: "removed", at: server.jikim.now().toString() };
  const url = `/api/platform/notices/${id}/answers`;
  await did(ask(server.app, { method: "POST", url, headers: platform.headers, body }));
  await expect.poll(async () => (await place())?.state, { timeout: 20_000, interval: 200 }).toBe("removed");
});

test("jobs hold ids and nothing else", async () => {
  const queued = await Promise.all(
    ["send-notice", "check-place"].map((queue) => server.jikim.jobs.findJobs<object>(queue)),
  );
  const data = queued.flat().map((job) => job.data);
  expect(data.length).toBeGreaterThan(1);
  for (const each of data)
    expect(
      Object.entries(each).every(([, value]) => value === true || value === false || /^[0-9a-f-]{36}$/.test(value)),
    ).toBe(true);
});
