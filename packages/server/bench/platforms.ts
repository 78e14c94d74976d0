import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { desk, portal } from "../src/contract.ts";
import { call } from "../src/demo/call.ts";
import { drawing, inventedCases } from "../src/demo/invented.ts";
import { type SetUp, takeCase, writeInto } from "../src/demo/staff.ts";
import { prepareReport, sendReport } from "../src/demo/survivor.ts";
import { startExamplePlatform } from "../src/example-platform.ts";
import { queueRows } from "./queue-rows.ts";
import { printRow, quantile } from "./row.ts";

const POLL_MS = 100;
const GOAL_SECONDS = 5;

/** Registers a platform; its key. */
export async function newPlatformKey(origin: string, setUp: SetUp, name: string): Promise<string> {
  const body = {
    name,
    hosts: ["localhost"],
    mail: null,
    language: "ko",
    api: { expiresAt: new Date(Date.now() + 86_400_000).toISOString() },
  };
  const { json } = await call<{ key: string }>(origin, {
    path: "/api/desk/platforms",
    cookie: setUp.admin.cookie,
    body,
  });
  return json.key;
}

/** From a caseworker's approval to the first upload that the example platform refuses: seconds, the median of some rounds. */
export async function benchApprovalToBlocked(origin: string, setUp: SetUp, rounds: number): Promise<void> {
  const { json: centre } = await call<portal.Centre>(origin, { path: "/api/centre" });
  const folder = await mkdtemp(join(tmpdir(), "jikim-bench-board-"));
  const key = await newPlatformKey(origin, setUp, "벤치 게시판");
  await writeFile(join(folder, "jikim.json"), JSON.stringify({ url: origin, key, root: centre.root }));
  const board = await startExamplePlatform(origin, { PORT: "0", SMTP_PORT: "0", DATA: folder, SAMPLES: "no" });
  if (board === null) throw new Error("the example platform did not start");
  try {
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++)
      seconds.push(await approveAndUpload({ origin, setUp, centre, board: board.url, seed: 700 + round }));
    printRow({ name: "approval-to-blocked", value: quantile(seconds, 0.5), unit: "s", baseline: GOAL_SECONDS });
    printRow({ name: "approval-to-blocked-worst", value: Math.max(...seconds), unit: "s", baseline: GOAL_SECONDS });
  } finally {
    await board.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Round = {
  readonly origin: string;
  readonly setUp: SetUp;
  readonly centre: portal.Centre;
  readonly board: string;
  readonly seed: number;
};

async function approveAndUpload({ origin, setUp, centre, board, seed }: Round): Promise<number> {
  const { colleague } = setUp.intake;
  const [told] = inventedCases(board, drawing(seed));
  if (told === undefined) throw new Error("no invented case");
  const before = await newestCase(origin, colleague.cookie);
  await sendReport(origin, await prepareReport(centre, told.told));
  const caseId = await newestCase(origin, colleague.cookie);
  if (caseId === before) throw new Error("the report is not in the queue");
  await takeCase(colleague, caseId, centre);
  await writeInto(colleague, caseId, "mandate", { statement: "bench" });
  const { json: held } = await call<desk.Case>(origin, { path: `/api/desk/cases/${caseId}`, cookie: colleague.cookie });
  const body = { items: held.items.slice(0, 1).map((item) => item.id), basis: "police", reference: "bench" };
  const start = performance.now();
  await call(origin, { path: `/api/desk/cases/${caseId}/entries`, cookie: colleague.cookie, body });
  const { data, width, height, channels } = drawing(seed);
  const picture = await sharp(Buffer.from(data), { raw: { width, height, channels } })
    .resize(400)
    .jpeg({ quality: 60 })
    .toBuffer();
  while ((await upload(board, picture)) !== 451) {
    if (performance.now() - start > 60_000) throw new Error("not blocked after a minute");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return (performance.now() - start) / 1000;
}

async function newestCase(origin: string, cookie: string): Promise<string> {
  const rows = await queueRows(origin, cookie);
  return rows.toSorted((a, b) => b.number - a.number)[0]?.id ?? "";
}

async function upload(board: string, picture: Buffer): Promise<number> {
  const form = new FormData();
  form.set("title", "bench");
  form.set("address", "");
  form.set("picture", new Blob([new Uint8Array(picture)], { type: "image/jpeg" }), "picture.jpg");
  const response = await fetch(`${board}/upload`, {
    method: "POST",
    body: form,
    redirect: "manual",
    headers: { origin: board },
  });
  await response.body?.cancel();
  return response.status;
}
