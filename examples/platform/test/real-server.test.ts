import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprint } from "@jikim/fingerprint";
import { decodePictures } from "@jikim/fingerprint/decode";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../../packages/sdk/test/centre.ts";
import type { desk, portal } from "../../../packages/server/src/contract.ts";
import { call } from "../../../packages/server/src/demo/call.ts";
import { INVENTED_CENTRE } from "../../../packages/server/src/demo/invented.ts";
import { type Colleague, setUpCentre, takeCase, writeInto } from "../../../packages/server/src/demo/staff.ts";
import { prepareReport, sendReport } from "../../../packages/server/src/demo/survivor.ts";
import { type Running, startJikim } from "../../../packages/server/src/index.ts";
import { createTestDatabase, type TestDatabase } from "../../../packages/server/test/database.ts";
import { forget, landscape, startBoard, type TestBoard, untilStatus, upload } from "./board.ts";

/** The board beside the real server: what the sdk and the server each believe of the wire is the same. */
let board: TestBoard;
let database: TestDatabase;
let folder: string;
let server: Running;
let colleague: Colleague;
let platform: desk.Platform;
const picture = await landscape(5);

beforeAll(async () => {
  board = await startBoard(null, { everyMs: 2000 });
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "jikim-server-"));
  const config = { port: 0, effort: { bits: 2, parts: 2 }, smtp: board.platform.smtp, allowPrivateAddresses: true };
  server = await startJikim({ folder, databaseUrl: database.url, config });
  const setUp = await setUpCentre(server.origin, server.setupToken ?? "", INVENTED_CENTRE);
  colleague = setUp.intake.colleague;
  const body = {
    name: "Picture board",
    hosts: [new URL(board.platform.url).host],
    mail: "abuse@board.example",
    language: "en",
    api: { expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
  };
  const cookie = setUp.admin.cookie;
  const created = await call<desk.PlatformCreated>(server.origin, { path: "/api/desk/platforms", cookie, body });
  platform = created.json.platform;
  const { json: centre } = await call<portal.Centre>(server.origin, { path: "/api/centre" });
  const settings = { url: server.origin, key: created.json.key, root: centre.root };
  await writeFile(join(board.data, "jikim.json"), JSON.stringify(settings));
  await until(() => board.log.some((event) => event.event === "following"));
});
afterAll(async () => {
  await board?.close();
  await server?.stop();
  await database?.drop();
  for (const each of [folder, board?.data]) if (each !== undefined) await forget(each);
});

/** A report of the picture at a place on the board, taken on and mandated; its case. */
async function reportOf(place: string): Promise<string> {
  const { json: centre } = await call<portal.Centre>(server.origin, { path: "/api/centre" });
  const fingerprints: portal.Report["items"][number]["fingerprints"] = [];
  for await (const frame of decodePictures(picture)) {
    const { pdq, quality } = fingerprint(frame);
    fingerprints.push({ kind: "pdq", value: pdq, quality });
  }
  const prepared = await prepareReport(centre, {
    language: "ko",
    codes: { danger: false, threat: false, ageBand: "20s", harms: ["circulated"] },
    items: [{ kind: "picture", fingerprints }],
    places: [{ kind: "url", text: place }],
    consents: { remove: true, share: true, police: false, statistics: false },
    withdrawalPlan: "at-once",
    story: { story: "invented", names: "invented" },
    contact: { ways: "", when: "", where: "", whatMayBeSaid: "", safeContact: "" },
  });
  await sendReport(server.origin, prepared);
  const { json: queue } = await call<desk.Queue>(server.origin, {
    path: "/api/desk/cases?limit=200",
    cookie: colleague.cookie,
  });
  const caseId = queue.rows[0]?.id ?? "";
  await takeCase(colleague, caseId, centre);
  await writeInto(colleague, caseId, "mandate", { statement: "invented" });
  return caseId;
}

async function caseOf(caseId: string): Promise<desk.Case> {
  return (await call<desk.Case>(server.origin, { path: `/api/desk/cases/${caseId}`, cookie: colleague.cookie })).json;
}

const post = <T>(path: string, body: unknown) => call<T>(server.origin, { path, cookie: colleague.cookie, body });

/** Looks into the server's tables until it is so; fails after eight seconds. */
async function untilKept(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 8000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error("the server did not come so far within eight seconds");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function did(what: "held" | "dropped"): Promise<boolean> {
  return (
    (await server.jikim.db.selectFrom("platformAnswer").select("did").where("did", "=", what).execute()).length > 0
  );
}

async function isAnsweredByBothWays(): Promise<boolean> {
  const { db } = server.jikim;
  const notices = await db.selectFrom("notice").select(["state", "answer"]).execute();
  const deliveries = await db.selectFrom("delivery").select("state").execute();
  const isAnswered = notices.every(({ state, answer }) => state === "answered" && answer === "removed");
  return isAnswered && deliveries.length === 2 && deliveries.every(({ state }) => state === "sent");
}

test("a listed picture is held, its notice removes it, and a withdrawn entry is dropped and confirmed", async () => {
  expect((await upload(board, picture, { address: "lake" })).status).toBe(303);
  const caseId = await reportOf(`${board.platform.url}/p/lake`);
  const { items, places } = await caseOf(caseId);

  const recipients = [platform.id];
  const drafted = await post<{ notices: { id: string }[] }>(`/api/desk/cases/${caseId}/notices`, {
    places: places.map((place) => place.id),
    recipients,
  });
  const notices = drafted.json.notices.map((notice) => notice.id);
  await post("/api/desk/notices/approve", { notices, recipients });
  await untilStatus(board, "/p/lake", 410);
  await untilKept(isAnsweredByBothWays);

  await post(`/api/desk/cases/${caseId}/entries`, {
    items: items.map((item) => item.id),
    basis: "self-reported",
    reference: null,
  });
  const mirrored = await sharp(picture).flop().resize(800).toBuffer();
  const listedAt = Date.now();
  for (let at = 0; (await upload(board, mirrored, { address: `again-${at}` })).status !== 202; at++) {
    if (Date.now() - listedAt > 5000) throw new Error("not in force within five seconds");
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await untilKept(() => did("held"));

  const entryId = (await caseOf(caseId)).items[0]?.entry?.id;
  await post(`/api/desk/entries/${entryId}`, { change: "withdraw" });
  await untilKept(() => did("dropped"));
  expect((await upload(board, picture, { address: "lake" })).status).toBe(303);
  expect(board.log.filter((event) => event.event === "problem")).toEqual([]);
});
