import { randomUUID } from "node:crypto";
import {
  keysOfReturnCode,
  newReturnCode,
  openSealed,
  readReceipt,
  receiptCommitment,
  unwrapCaseKey,
} from "@jikim/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import { saveGate } from "../src/store/centre.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre, seedStaff } from "./seed.ts";
import { prepareSurvivor, readMyCase, send, sendSurvivor, solveEffort } from "./survivor.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim({ effort: { bits: 6, parts: 2 } });
  await expect(ask(server.app, { url: "/api/centre" }).then((response) => response.json())).resolves.toMatchObject({
    open: false,
  });
  centre = await seedCentre(server.jikim);
});
afterAll(() => server.close());

async function countCases(): Promise<number> {
  const row = await server.jikim.db
    .selectFrom("cases")
    .select((count) => count.fn.countAll<number>().as("cases"))
    .executeTakeFirstOrThrow();
  return row.cases;
}

test("a report is acknowledged by a receipt that the service key signed and only her code explains", async () => {
  const { report, code } = await prepareSurvivor(server.app);
  const response = await send(server.app, report);
  const receipt = readReceipt(response.json().receipt, server.jikim.service.public);
  expect(receipt?.commitment).toBe(receiptCommitment(keysOfReturnCode(code).receiptSecret));
});

test("with the code the story is there and opens, and the intake person opens it too", async () => {
  const survivor = await sendSurvivor(server.app);
  const my = await readMyCase(server.app, survivor);
  const story = my.documents.find((document) => document.kind === "story");
  const key = await unwrapCaseKey(Buffer.from(my.wrapped, "base64url"), keysOfReturnCode(survivor.code).identity);
  await expect(openSealed(Buffer.from(story?.sealed ?? "", "base64url"), key.identity)).resolves.toMatchObject({
    content: { story: "지어낸 이야기입니다" },
  });
  const wrap = await server.jikim.db
    .selectFrom("caseWrap")
    .select("wrapped")
    .where("caseId", "=", my.id)
    .where("holder", "=", centre.staff.staffId)
    .executeTakeFirstOrThrow();
  await expect(unwrapCaseKey(wrap.wrapped, centre.staff.key.identity)).resolves.toEqual(key);
});

test("the same report sent again is the same case and the same receipt, though its effort is spent", async () => {
  const { report } = await prepareSurvivor(server.app);
  const first = await send(server.app, report);
  const before = await countCases();
  const second = await send(server.app, report);
  expect(second.json()).toEqual(first.json());
  expect(await countCases()).toBe(before);
});

test("a phone that waited for hours with its report, not knowing that it had arrived, gets the same receipt", async () => {
  const { report } = await prepareSurvivor(server.app);
  const first = await send(server.app, report);
  server.pass({ hours: 3 });
  await seedStaff(server.jikim, { pseudonym: "나중에 온 사람", roles: ["intake"], root: centre.root });
  const second = await send(server.app, report);
  expect(second.json()).toEqual(first.json());
});

test("the same report sent eight times at once is one case", async () => {
  const { report } = await prepareSurvivor(server.app);
  const before = await countCases();
  const responses = await Promise.all(Array.from({ length: 8 }, () => send(server.app, report)));
  expect(new Set(responses.map((response) => response.body)).size).toBe(1);
  expect(responses[0]?.statusCode).toBe(200);
  expect(await countCases()).toBe(before + 1);
});

test("who does not hold the code learns nothing of a submission, not even by its id", async () => {
  const { report } = await sendSurvivor(server.app);
  const token = keysOfReturnCode(newReturnCode()).token;
  const response = await send(server.app, { ...report, token, effort: await solveEffort(server.app) });
  expect([response.statusCode, codeOf(response)]).toEqual([409, "SUBMISSION_TAKEN"]);
});

test("a code that is a case's already opens no second case", async () => {
  const { report } = await sendSurvivor(server.app);
  const effort = await solveEffort(server.app);
  const response = await send(server.app, { ...report, submissionId: randomUUID(), documents: [], effort });
  expect([response.statusCode, codeOf(response)]).toEqual([409, "SUBMISSION_TAKEN"]);
});

test.each(["survivor", "recovery", "intake"])("a report that is not sealed to %s is refused", async (missing) => {
  const { report } = await prepareSurvivor(server.app);
  const left = missing === "intake" ? centre.staff.staffId : missing;
  const wraps = report.wraps.map((wrap) => (wrap.holder === left ? { ...wrap, holder: randomUUID() } : wrap));
  const response = await send(server.app, { ...report, wraps });
  expect([response.statusCode, codeOf(response)]).toEqual([409, "HOLDERS_CHANGED"]);
});

test("a report sealed to one more than the centre shows is refused, and so is one that names a holder twice", async () => {
  const { report } = await prepareSurvivor(server.app);
  const [first] = report.wraps;
  const more = { wrapped: "AAAA", holder: randomUUID() };
  for (const wraps of [
    [...report.wraps, more],
    [...report.wraps, first],
  ])
    expect(codeOf(await send(server.app, { ...report, wraps }))).toBe("HOLDERS_CHANGED");
});

test("an intake person whose key the root did not sign is not shown, and no report is sealed to her", async () => {
  const other = await seedStaff(server.jikim, {
    ...{ pseudonym: "가짜", roles: ["intake"] },
    root: { ...centre.root, secret: "11".repeat(32) },
  });
  const shown = (await ask(server.app, { url: "/api/centre" })).json();
  expect(JSON.stringify(shown)).not.toContain(other.staffId);
  const { report } = await prepareSurvivor(server.app);
  const wraps = [...report.wraps, { wrapped: "AAAA", holder: other.staffId }];
  expect(codeOf(await send(server.app, { ...report, wraps }))).toBe("HOLDERS_CHANGED");
});

test("an effort is spent once: a second report with it is refused and leaves nothing", async () => {
  const { report } = await sendSurvivor(server.app);
  const before = await countCases();
  const { report: second } = await prepareSurvivor(server.app);
  const response = await send(server.app, { ...second, effort: report.effort });
  expect([response.statusCode, codeOf(response)]).toEqual([409, "EFFORT_SPENT"]);
  expect(await countCases()).toBe(before);
});

test("a refused report has not spent its effort", async () => {
  const { report } = await prepareSurvivor(server.app);
  expect((await send(server.app, { ...report, wraps: [...report.wraps, report.wraps[0]] })).statusCode).toBe(409);
  expect((await send(server.app, report)).statusCode).toBe(200);
});

test("an effort that is unsolved, for an easier or another seed, or too old is refused", async () => {
  const { report } = await prepareSurvivor(server.app);
  const unsolved = { ...report.effort, solution: report.effort.solution.map((tried) => tried + 1) };
  const easier = { seed: report.effort.seed.replace(/^(\d+)\.6\./, "$1.0."), solution: [0, 0] };
  const ours = { seed: "99999999999999.0.1.AAAA.AAAA", solution: [0] };
  for (const effort of [unsolved, easier, ours, { seed: "", solution: [] }])
    expect(codeOf(await send(server.app, { ...report, effort }))).toBe("EFFORT_UNSOLVED");
  server.pass({ minutes: 31 });
  expect(codeOf(await send(server.app, report))).toBe("EFFORT_EXPIRED");
});

test("places are cleaned again, each is kept once, and what is none is refused by its place", async () => {
  const texts = ["https://board.example/p/1?utm_source=x", "https://board.example/p/1", "@invented_room"];
  const places = texts.map((text) => ({ kind: "url" as const, text }));
  const survivor = await sendSurvivor(server.app, { places });
  const my = await readMyCase(server.app, survivor);
  expect(my.places.map((place) => place.address)).toEqual([
    { kind: "url", text: "https://board.example/p/1" },
    { kind: "room", text: "@invented_room" },
  ]);
  const { report } = await prepareSurvivor(server.app);
  const response = await send(server.app, { ...report, places: [{ kind: "url", text: "no place" }] });
  expect([response.statusCode, response.json().error.message]).toEqual([400, expect.stringContaining("body.places.0")]);
});

test("a report may leave every question out", async () => {
  const survivor = await sendSurvivor(server.app, {
    codes: { danger: false, threat: false, ageBand: "unknown", harms: [] },
    items: [],
    places: [],
    consents: { remove: false, share: false, police: false, statistics: false },
  });
  const my = await readMyCase(server.app, survivor);
  expect(my.consents.map((consent) => consent.state)).toEqual(["refused", "refused", "refused", "refused"]);
});

test("danger and a threat come first in the queue, each with its own promise", async () => {
  const codes = { danger: true, threat: false, ageBand: "20s" as const, harms: [] };
  const { report } = await sendSurvivor(server.app, { codes });
  const row = await server.jikim.db
    .selectFrom("cases")
    .select(["nextAct", "nextDueAt", "receivedAt"])
    .where("submissionId", "=", report.submissionId)
    .executeTakeFirstOrThrow();
  expect(row.nextAct).toBe("reach-her-safely");
  expect(row.nextDueAt?.toString()).toBe(row.receivedAt.add({ hours: 1 }).toString());
});

test("behind a closed gate a report is accepted, set aside, and let through in bulk later", async () => {
  const { headers } = centre.staff;
  const gate = (to: string) => ask(server.app, { method: "POST", url: "/api/desk/gate", headers, body: { gate: to } });
  expect((await gate("closed")).statusCode).toBe(200);
  const survivor = await sendSurvivor(server.app);
  expect((await readMyCase(server.app, survivor)).state).toBe("set-aside");
  expect((await gate("open")).statusCode).toBe(200);
  const now = server.jikim.now();
  const body = { change: "reopen", after: now.subtract({ minutes: 5 }).toString(), before: now.toString() };
  const moved = await ask(server.app, { method: "POST", url: "/api/desk/set-aside", headers, body });
  expect(moved.json()).toEqual({ changed: 1 });
  const row = await server.jikim.db
    .selectFrom("cases")
    .select(["state", "nextAct", "nextDueAt"])
    .where("submissionId", "=", survivor.report.submissionId)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ state: "received", nextAct: "assign", nextDueAt: expect.anything() });
});

test("a flood beyond what the centre set for an hour is set aside, not refused", async () => {
  await server.jikim.db.updateTable("centre").set({ mostReportsAnHour: 1 }).execute();
  const survivor = await sendSurvivor(server.app);
  await server.jikim.db.updateTable("centre").set({ mostReportsAnHour: 120 }).execute();
  expect((await readMyCase(server.app, survivor)).state).toBe("set-aside");
});

test("in bulk only cases of the span that nobody took on move, and closing in bulk closes them", async () => {
  await saveGate(server.jikim.db, "closed");
  const early = await sendSurvivor(server.app);
  server.pass({ minutes: 2 });
  const middle = server.jikim.now();
  const late = await sendSurvivor(server.app);
  await saveGate(server.jikim.db, "open");
  const body = { change: "close", after: middle.toString(), before: middle.add({ minutes: 1 }).toString() };
  const { headers } = centre.staff;
  const moved = await ask(server.app, { method: "POST", url: "/api/desk/set-aside", headers, body });
  expect(moved.json()).toEqual({ changed: 1 });
  expect((await readMyCase(server.app, early)).state).toBe("set-aside");
  expect((await readMyCase(server.app, late)).state).toBe("closed");
});

test("before the centre is open a report is refused with a plain sentence", async () => {
  const closed = await openTestJikim();
  const { report } = await prepareSurvivor(server.app);
  const response = await send(closed.app, { ...report, effort: await solveEffort(closed.app) });
  await closed.close();
  expect([response.statusCode, codeOf(response)]).toEqual([503, "CENTRE_NOT_OPEN"]);
});
