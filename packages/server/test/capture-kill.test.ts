import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { capturePage } from "../src/captures/capture.ts";
import { sweepFolders } from "../src/captures/folder.ts";
import { findCaptures } from "../src/store/capture-row.ts";
import { did, openCase, post } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let site: ReturnType<typeof createServer>;
let worker: ChildProcess | null = null;
let answer: (response: ServerResponse) => void = () => undefined;
let [asked, gone] = [0, 0];

beforeAll(async () => {
  server = await openTestJikim({ allowPrivateAddresses: true });
  centre = await seedCentre(server.jikim);
  site = createServer((_, response) => {
    asked += 1;
    response.once("close", () => {
      gone += 1;
    });
    answer(response);
  });
  await new Promise<void>((ready) => site.listen(0, "127.0.0.1", ready));
}, 60_000);
afterAll(async () => {
  worker?.kill("SIGKILL");
  site.closeAllConnections();
  await new Promise((closed) => site.close(closed));
  await server.close();
});

const foldersOf = (pid: number | undefined) =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`jikim-captures-${pid}-`));

test("a capture whose server was killed with SIGKILL is made once by another, and nothing of the first is left", {
  timeout: 150_000,
}, async () => {
  const { jikim, database } = server;
  const codes = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
  const { caseId } = await openCase(server, centre, { codes });
  const { connection } = database;
  const { service, config } = jikim;
  worker = spawn(process.execPath, [join(import.meta.dirname, "worker.ts")], {
    env: { ...process.env, WORKER: JSON.stringify({ connection, service, config }) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const id = randomUUID();
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/room`;
  await did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/captures`, { id, target: { kind: "url", url } }));
  await expect.poll(() => asked, { timeout: 60_000 }).toBe(1);
  const row = async () => (await findCaptures(jikim.db, jikim.vault, { caseId, now: jikim.now() }))[0];
  expect((await row())?.state).toBe("running");
  expect(foldersOf(worker.pid)).toHaveLength(1);
  worker.kill("SIGKILL");
  await once(worker, "exit");
  // The program that captured, and its browser, end with who asked.
  await expect.poll(() => gone, { timeout: 30_000 }).toBe(1);
  await sweepFolders();
  expect(foldersOf(worker.pid)).toEqual([]);

  // As if it had been killed while it wrote the pack.
  const { packId: half } = await jikim.db
    .selectFrom("capture")
    .select("packId")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  if (half === null) throw new Error("no try");
  await jikim.db.insertInto("sealedFile").values({ id: half, caseId, begunAt: jikim.now().toString() }).execute();
  answer = (response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>words of the room</p>");
  await capturePage(jikim, id);
  expect((await row())?.state).toBe("running");
  server.pass({ minutes: 1 });
  await capturePage(jikim, id);
  await capturePage(jikim, id);
  const sealed = await row();
  expect(sealed).toMatchObject({ state: "sealed", counts: { kept: expect.any(Number), media: 0 } });
  const rows = await jikim.db.selectFrom("sealedFile").select("id").where("caseId", "=", caseId).execute();
  expect(rows).toEqual([{ id: sealed?.packId }]);
  expect(sealed?.packId).not.toBe(half);
  const seals = await jikim.db.selectFrom("seal").select("packId").where("caseId", "=", caseId).execute();
  expect(seals).toEqual([{ packId: sealed?.packId }]);
});
