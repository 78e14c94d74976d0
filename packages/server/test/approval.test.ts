import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import type { Database } from "../src/database.ts";
import { sendNotice } from "../src/notices/send.ts";
import { findLater } from "../src/store/later-rung.ts";
import { lockCase } from "../src/store/next.ts";
import { approveAll, draftFirst, findRoutes, tellRecipient } from "./asking.ts";
import {
  createPlatform,
  did,
  draftNotice,
  openCase,
  post,
  readCase,
  receiveCase,
  recordMandate,
  takeCase,
} from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre, seedStaff } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim({ smtp: "smtp://127.0.0.1:1", mailFrom: "notices@centre.example" });
  centre = await seedCentre(server.jikim);
});
afterAll(() => server.close());

const pages = (...texts: string[]) => ({ places: texts.map((text) => ({ kind: "url" as const, text })) });
const readNotice = async (caseId: string, id: string) =>
  (await readCase(server.app, centre.staff, caseId)).notices.find((notice) => notice.id === id);
const state = (caseId: string, body: object) =>
  post(server.app, centre.staff, `/api/desk/cases/${caseId}/statements`, { by: "talk", add: [], retract: [], ...body });

/** A draft to one recipient over all places of a case. */
async function draftTo(caseId: string, recipientId: string): Promise<desk.Notice> {
  const places = (await readCase(server.app, centre.staff, caseId)).places.map((place) => place.id);
  const url = `/api/desk/cases/${caseId}/notices`;
  const { notices } = await did<{ notices: desk.Notice[] }>(
    post(server.app, centre.staff, url, { places, recipients: [recipientId] }),
  );
  const [notice] = notices;
  if (notice === undefined) throw new Error("nothing was drafted");
  return notice;
}

test("a notice that lacks what she must state is not approved; once she states it, the draft says so and may leave", async () => {
  const { caseId } = await receiveCase(server);
  await takeCase(server.app, centre, caseId);
  await recordMandate(server.app, centre.staff, caseId, []);
  const platform = await createPlatform(server, centre);
  const id = await draftNotice(server.app, centre.staff, caseId, platform);
  expect((await readNotice(caseId, id))?.missing).toEqual(["reason"]);
  const approve = () =>
    post(server.app, centre.staff, "/api/desk/notices/approve", { notices: [id], recipients: [platform.id] });
  const refused = await approve();
  expect(codeOf(refused)).toBe("FIELDS_MISSING");
  expect(refused.body).toContain("reason");
  await did(state(caseId, { add: ["is-depicted", "no-consent"] }));
  expect(await readNotice(caseId, id)).toMatchObject({
    missing: [],
    declarations: expect.arrayContaining([
      expect.objectContaining({ what: "reason", by: "survivor", statement: "no-consent" }),
    ]),
  });
  await did(state(caseId, { retract: ["no-consent"] }));
  expect(codeOf(await approve())).toBe("FIELDS_MISSING");
  await did(state(caseId, { add: ["no-consent"] }));
  await did(approve());
  expect((await readCase(server.app, centre.staff, caseId)).statements.map(({ what }) => what).sort()).toEqual([
    "is-depicted",
    "no-consent",
  ]);
});

test("her name stands in a notice only with her word for it, and in none once she takes it back", async () => {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre);
  const id = await draftNotice(server.app, centre.staff, caseId, platform);
  const name = "가상인물 노을";
  expect(codeOf(await state(caseId, { add: ["truth"], name }))).toBe("BAD_REQUEST");
  expect(codeOf(await state(caseId, { add: ["name-may-be-given"] }))).toBe("BAD_REQUEST");
  expect((await readNotice(caseId, id))?.letter.text).not.toContain(name);
  await did(state(caseId, { add: ["name-may-be-given"], name }));
  expect((await readNotice(caseId, id))?.letter.text).toContain(name);
  expect((await readCase(server.app, centre.staff, caseId)).nameInNotices).toBe(name);
  await did(state(caseId, { retract: ["name-may-be-given"] }));
  expect((await readNotice(caseId, id))?.letter.text).not.toContain(name);
});

test("a notice that would say something else by now is read again before it is approved; another day alone is no reason", async () => {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre);
  const id = await draftNotice(server.app, centre.staff, caseId, platform);
  const texts = await did<desk.CentreTexts>(
    ask(server.app, { url: "/api/desk/centre", headers: centre.admin.headers }),
  );
  const put = (signer: string) =>
    did(
      ask(server.app, {
        method: "PUT",
        url: "/api/desk/centre",
        body: { ...texts, signer },
        headers: centre.admin.headers,
      }),
    );
  const approve = () =>
    post(server.app, centre.staff, "/api/desk/notices/approve", { notices: [id], recipients: [platform.id] });
  await put("가상의 다른 팀");
  expect(codeOf(await approve())).toBe("NOTICE_CHANGED");
  const read = await readNotice(caseId, id);
  expect(read).toMatchObject({ state: "draft", letter: { text: expect.stringContaining("가상의 다른 팀") } });
  server.pass({ hours: 11 });
  await did(approve());
  await put(texts.signer ?? "");
});

test("two approvals at once: one is taken, the other is told, and there is one of each way out", async () => {
  for (let round = 0; round < 4; round++) {
    const { caseId } = await openCase(server, centre);
    const platform = await createPlatform(server, centre, { mail: "abuse@board.example" });
    const id = await draftNotice(server.app, centre.staff, caseId, platform);
    const body = { notices: [id], recipients: [platform.id] };
    const approve = () => post(server.app, centre.staff, "/api/desk/notices/approve", body);
    const answers = await Promise.all([approve(), approve()]);
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409]);
    expect(answers.filter((answer) => answer.statusCode === 409).map(codeOf)).toEqual(["NOTICE_NOT_DRAFT"]);
    const rows = await server.jikim.db.selectFrom("delivery").selectAll().where("noticeId", "=", id).execute();
    expect(rows.map((row) => row.channel).sort()).toEqual(["api", "mail"]);
  }
});

test("approvals of two cases in opposite order at once do not wait for each other for ever", async () => {
  const { db } = server.jikim;
  const [site, host] = [await createPlatform(server, centre), await createPlatform(server, centre)];
  const [one, two] = [await openCase(server, centre), await openCase(server, centre)];
  const draft = (caseId: string, to: typeof site) => draftNotice(server.app, centre.staff, caseId, to);
  const drafts = [
    [await draft(one.caseId, site), await draft(two.caseId, site)],
    [await draft(two.caseId, host), await draft(one.caseId, host)],
  ];
  const recipients = [site.id, host.id];
  const approve = (notices: string[]) =>
    post(server.app, centre.staff, "/api/desk/notices/approve", { notices, recipients });
  // Both have begun, and each waits for its first case, when the cases are let go.
  const approving = await db.transaction().execute(async (tx) => {
    for (const { caseId } of [one, two]) await lockCase(tx, caseId);
    const begun = drafts.map((notices) => approve(notices).then((answer) => answer.statusCode));
    await expect.poll(() => countWaiting(db), { timeout: 10_000 }).toBe(2);
    return begun;
  });
  expect(await Promise.all(approving)).toEqual([200, 200]);
});

async function countWaiting(db: Database): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`select count(*)::integer as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
  return rows[0]?.waiting ?? 0;
}

test("only recipients whom the approval named may be asked later, with their hours; nobody who stands on no ladder", async () => {
  const { app } = server;
  const { caseId } = await openCase(server, centre, pages("https://t.me/invented_later"));
  const [route] = await findRoutes(app, centre.staff, caseId);
  const [placeId = ""] = route?.places ?? [];
  const laterRungs = route?.rungs.filter(({ afterHours }) => afterHours > 0) ?? [];
  const [named, unnamed] = laterRungs;
  const { notices } = await draftFirst(app, centre.staff, caseId);
  const foreign = await tellRecipient(app, centre.staff, { mail: "abuse@foreign.invalid" });
  expect(codeOf(await approveAll(app, centre.staff, notices, [foreign.id]))).toBe("RECIPIENT_NOT_ON_LADDER");
  expect((await readCase(app, centre.staff, caseId)).notices.map((notice) => notice.state)).toEqual(
    notices.map(() => "draft"),
  );
  await did(approveAll(app, centre.staff, notices, [named?.recipient.id ?? ""]));
  const later = await findLater(server.jikim.db, placeId);
  expect(later).toEqual([
    { placeId, recipientId: named?.recipient.id, afterHours: named?.afterHours, why: named?.why },
  ]);
  expect(later.map(({ recipientId }) => recipientId)).not.toContain(unnamed?.recipient.id);
});

test.each(["threat", "policeHold"] as const)(
  "under a %s nobody named before is asked later by itself",
  async (flag) => {
    const { app } = server;
    const { caseId } = await openCase(server, centre, pages("https://t.me/invented_held"));
    const [route] = await findRoutes(app, centre.staff, caseId);
    const later = route?.rungs.filter(({ afterHours }) => afterHours > 0).map(({ recipient }) => recipient.id) ?? [];
    const { notices } = await draftFirst(app, centre.staff, caseId);
    await did(approveAll(app, centre.staff, notices, later));
    const [placeId = ""] = route?.places ?? [];
    expect(await findLater(server.jikim.db, placeId)).toHaveLength(later.length);
    await did(post(app, centre.staff, `/api/desk/cases/${caseId}/flags`, { [flag]: true }));
    expect(await findLater(server.jikim.db, placeId)).toEqual([]);
  },
);

test("a web form is filled in by hand: 'I sent it' once, of an approved notice, with its time, by who holds the case", async () => {
  const { app, jikim } = server;
  const form = "https://forms.invalid/report";
  const site = await tellRecipient(app, centre.staff, { form });
  const { caseId } = await openCase(server, centre);
  const { id, sheet } = await draftTo(caseId, site.id);
  expect(sheet).toBeNull();
  const sent = (staff = centre.staff, sentAt = jikim.now().toString()) =>
    post(app, staff, `/api/desk/notices/${id}/sheet`, { sentAt });
  expect(codeOf(await sent())).toBe("NOTHING_TO_SETTLE");
  await did(post(app, centre.staff, "/api/desk/notices/approve", { notices: [id], recipients: [site.id] }));
  await sendNotice(jikim, id);
  expect(await readNotice(caseId, id)).toMatchObject({
    state: "approved",
    deliveries: [{ channel: "form", state: "by-hand" }],
  });
  const ready = (await readNotice(caseId, id))?.sheet;
  expect(ready?.url).toBe(form);
  expect(ready?.rows.some(({ value }) => value.includes("https://board.example/p/1"))).toBe(true);
  const stranger = await seedStaff(jikim, { pseudonym: "담당 7", roles: ["caseworker"], root: centre.root });
  expect(codeOf(await sent(stranger))).toBe("CASE_NOT_HELD");
  const at = jikim.now();
  for (const wrong of [at.add({ minutes: 7 }), at.subtract({ minutes: 10 })])
    expect(codeOf(await sent(centre.staff, wrong.toString()))).toBe("SENT_TIME_WRONG");
  // Her clock may be a little ahead; what is recorded is not.
  await did(sent(centre.staff, at.add({ minutes: 3 }).toString()));
  const notice = await readNotice(caseId, id);
  expect(notice).toMatchObject({ state: "sent", deliveries: [{ channel: "form", state: "sent" }] });
  expect(Math.abs(at.until(notice?.sentAt ?? "").total("minutes"))).toBeLessThan(1);
  expect(codeOf(await sent())).toBe("NOTHING_TO_SETTLE");
});
