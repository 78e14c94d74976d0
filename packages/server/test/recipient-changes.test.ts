import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { sendNotice } from "../src/notices/send.ts";
import { changeRecipient } from "../src/store/recipient.ts";
import { approveAll, tellRecipient } from "./asking.ts";
import { did, draftNotice, openCase, post, readCase } from "./desk-work.ts";
import { dumpDatabase } from "./dump.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type MailServers, startMailServers } from "./mail-servers.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, type SeededPerson, type SeededStaff, seedCentre, seedPerson, seedStaff } from "./seed.ts";

const FROM = "notices@centre.example";
const OLD = "abuse@board.example";
const NEW = "reports@board.example";
/** Nobody listens there. */
const DOWN = "smtp://127.0.0.1:1";

let servers: MailServers;
let server: TestJikim;
let centre: SeededCentre;
let colleague: SeededStaff;
let analyst: SeededPerson;

beforeAll(async () => {
  servers = await startMailServers([FROM, OLD, NEW]);
  server = await openTestJikim({ smtp: DOWN, mailFrom: FROM });
  centre = await seedCentre(server.jikim);
  colleague = await seedStaff(server.jikim, { pseudonym: "담당 1", roles: ["caseworker"], root: centre.root });
  analyst = await seedPerson(server.jikim, { pseudonym: "분석 1", roles: ["analyst"], root: centre.root });
}, 60_000);
beforeEach(() => reach(DOWN));
afterAll(async () => {
  await server?.close();
  await servers?.close();
});

const reach = (smtp: string) => Object.assign(server.jikim.config, { smtp });
const correct = (who: SeededStaff, id: string, change: object) =>
  post(server.app, who, `/api/desk/recipients/${id}`, change);
const readHistory = (who: SeededPerson, id: string) =>
  ask(server.app, { url: `/api/desk/recipients/${id}/changes`, headers: who.headers });
const history = (id: string) => did<desk.RecipientHistory>(readHistory(colleague, id));
const readNotice = async (caseId: string, id: string) =>
  (await readCase(server.app, centre.staff, caseId)).notices.find((notice) => notice.id === id);
const taken = (id: string) => servers.countTaken(`<${id}@centre.example>`);

async function carryOn(id: string): Promise<void> {
  reach(servers.smtp);
  server.pass({ minutes: 5 });
  await sweep(server.jikim);
  await sendNotice(server.jikim, id);
}

async function approveOne(caseId: string, id: string): Promise<void> {
  const notice = await readNotice(caseId, id);
  if (notice === undefined) throw new Error("nothing was drafted");
  await did(approveAll(server.app, centre.staff, [notice]));
  await sendNotice(server.jikim, id);
}

async function draft(ways: Partial<desk.RecipientPost> = { mail: OLD }) {
  const recipient = await tellRecipient(server.app, centre.staff, ways);
  const { caseId } = await openCase(server, centre);
  return { caseId, recipient, id: await draftNotice(server.app, centre.staff, caseId, recipient) };
}

test("each field that is corrected is recorded with who did it and when, from what and to what, and no address stands in the clear", async () => {
  const { id } = await tellRecipient(server.app, colleague, { mail: "abuse@plantedfirst.example" });
  const since = (await history(id)).knownSince;
  const at = server.jikim.now().epochMilliseconds;
  const change = { mail: "abuse@plantedsecond.example", hosts: ["plantedhost.example"], language: "ko" };
  await did(correct(centre.staff, id, change));
  await did(correct(colleague, id, { hostile: true }));
  await did(correct(colleague, id, { hostile: true }));
  const { changes, knownSince } = await history(id);
  expect(knownSince).toBe(since);
  expect(changes.map(({ at: _, ...rest }) => rest)).toEqual([
    { field: "hostile", from: false, to: true, by: "담당 1" },
    { field: "hosts", from: [], to: ["plantedhost.example"], by: "상담 1" },
    { field: "mail", from: "abuse@plantedfirst.example", to: "abuse@plantedsecond.example", by: "상담 1" },
  ]);
  expect(changes.every((each) => Date.parse(each.at) >= at)).toBe(true);
  expect((await dumpDatabase(server.database)).toLowerCase()).not.toContain("planted");
});

test("only supervisors and admins correct; who has figures alone sees no changes; a refused correction leaves no record", async () => {
  const { id } = await tellRecipient(server.app, colleague, { mail: OLD });
  expect(codeOf(await correct(colleague, id, { mail: NEW }))).toBe("ROLE_MISSING");
  expect(codeOf(await correct(colleague, id, { language: "en" }))).toBe("ROLE_MISSING");
  expect(codeOf(await readHistory(analyst, id))).toBe("ROLE_MISSING");
  expect((await history(id)).changes).toEqual([]);
  expect(codeOf(await readHistory(colleague, crypto.randomUUID()))).toBe("NOT_FOUND");
});

test("nobody is left without a way to be reached, unless it is the threat", async () => {
  const { id } = await tellRecipient(server.app, colleague, { mail: OLD });
  expect(codeOf(await correct(centre.staff, id, { mail: null, language: "en" }))).toBe("RECIPIENT_UNREACHABLE");
  expect((await history(id)).changes).toEqual([]);
  await did(correct(centre.staff, id, { mail: null, form: "https://board.example/report" }));
  await did(correct(centre.staff, id, { form: null, hostile: true }));
  expect(codeOf(await correct(centre.staff, id, { hostile: false }))).toBe("RECIPIENT_UNREACHABLE");
  await did(correct(centre.staff, id, { hostile: false, mail: NEW }));
});

describe("an address that is corrected while notices wait", { timeout: 60_000 }, () => {
  test("is where a draft goes", async () => {
    const { caseId, recipient, id } = await draft();
    await did(correct(centre.staff, recipient.id, { mail: NEW }));
    reach(servers.smtp);
    await approveOne(caseId, id);
    expect([await taken(id), (await readNotice(caseId, id))?.state]).toEqual([1, "sent"]);
  });

  test("gets nothing that was approved for the one before: it waits for a key, and leaves with it", async () => {
    const { caseId, recipient, id } = await draft();
    await approveOne(caseId, id);
    expect((await readNotice(caseId, id))?.state).toBe("approved");
    await did(correct(centre.staff, recipient.id, { mail: NEW }));
    expect(await readNotice(caseId, id)).toMatchObject({ state: "draft", approvedAt: null, deliveries: [] });
    await carryOn(id);
    expect(await taken(id)).toBe(0);
    const url = "/api/desk/due?kind=step&limit=200";
    const due = await did<desk.Due>(ask(server.app, { url, headers: centre.staff.headers }));
    expect(due.rows.find(({ noticeId }) => noticeId === id)).toMatchObject({ why: "address-changed" });
    await did(post(server.app, centre.staff, `/api/desk/notices/${id}/step`, { do: "send", recipient: recipient.id }));
    await sendNotice(server.jikim, id);
    expect([await taken(id), (await readNotice(caseId, id))?.state]).toEqual([1, "sent"]);
  });

  test("gets nothing of it either when the process died before that was looked after: sending asks again", async () => {
    const { caseId, recipient, id } = await draft();
    await approveOne(caseId, id);
    const { db, vault } = server.jikim;
    await db.transaction().execute((tx) => changeRecipient(tx, vault, recipient.id, { mail: NEW }));
    await carryOn(id);
    expect([await taken(id), (await readNotice(caseId, id))?.state]).toEqual([0, "draft"]);
  });

  test("takes back a sheet for a form that moved, and leaves alone what waits by a way that did not change", async () => {
    const sheet = await draft({ form: "https://board.example/report", hosts: ["board.example"] });
    await approveOne(sheet.caseId, sheet.id);
    await did(correct(centre.staff, sheet.recipient.id, { language: "ko", mail: null }));
    expect((await readNotice(sheet.caseId, sheet.id))?.state).toBe("approved");
    await did(correct(centre.staff, sheet.recipient.id, { form: "https://board.example/other" }));
    expect(await readNotice(sheet.caseId, sheet.id)).toMatchObject({ state: "draft", sheet: null });
  });
});
