import { followCentre, memoryStore, readMailedNotice } from "@jikim/sdk";
import { noticesPageSchema, type WireNotice } from "@jikim/sdk/wire";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sendNotice } from "../src/notices/send.ts";
import { saveConsent } from "../src/store/consent.ts";
import { openSigned } from "../src/store/notice.ts";
import { settleWithdrawal } from "../src/withdrawal.ts";
import {
  approveNotice,
  createPlatform,
  did,
  draftNotice,
  type MadePlatform,
  openCase,
  post,
  readCase,
  receiveCase,
  takeCase,
} from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre, seedStaff } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await openMailbox();
  server = await openTestJikim({ smtp: mailbox.url, mailFrom: "notices@centre.example" });
  centre = await seedCentre(server.jikim);
});
beforeEach(() => mailbox.behave("accept"));
afterAll(async () => {
  await server.close();
  await mailbox.close();
});

const MAIL = "abuse@board.example";
const send = (id: string) => sendNotice(server.jikim, id);

async function readNotice(caseId: string, id: string) {
  const { notices } = await readCase(server.app, centre.staff, caseId);
  return notices.find((notice) => notice.id === id);
}

async function readFeed(platform: MadePlatform, after = 0) {
  const url = `/api/platform/notices?after=${after}`;
  return noticesPageSchema.parse(await did(ask(server.app, { url, headers: platform.headers }))).notices;
}

function mailsOf(noticeId: string) {
  return mailbox.mails.filter((mail) => mail.messageId?.includes(noticeId));
}

const approve = (notices: readonly string[], recipients: readonly string[]) =>
  post(server.app, centre.staff, "/api/desk/notices/approve", { notices, recipients });

/** Withdraws a consent as the portal does: at once, or after a day. */
async function withdraw(caseId: string, act: "remove" | "share", plan: "at-once" | "after-24-hours") {
  const { jikim } = server;
  const now = jikim.now();
  await jikim.db.transaction().execute(async (tx) => {
    await saveConsent(
      tx,
      caseId,
      plan === "at-once"
        ? { act, state: "withdrawn", withdrawnAt: now }
        : { act, state: "withdrawing", givenAt: now, effectiveAt: now.add({ hours: 24 }) },
    );
    await settleWithdrawal(tx, jikim, caseId, act, now);
  });
}

test("an approved notice reaches the platform's feed and its mailbox, signed alike, and its clock runs from sending", async () => {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail: MAIL });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  expect(await readFeed(platform)).toEqual([]);
  await send(id);
  const [fed] = await readFeed(platform);
  const [mail] = mailsOf(id);
  expect(mail).toMatchObject({ messageId: `<${id}@centre.example>`, subject: expect.stringContaining(id) });
  expect(mail?.to).toMatchObject({ text: MAIL });
  const attached = mail?.attachments.find((attachment) => attachment.filename === "jikim-notice.json");
  const root = centre.root.public;
  const read = readMailedNotice(attached?.content.toString("utf8") ?? "", root, Date.now());
  const told = JSON.parse(fed?.notice.payload ?? "") as WireNotice;
  expect(read).toEqual({ ...told, fingerprints: [] });
  expect(told).toMatchObject({ id, places: ["https://board.example/p/1"], centre: "가상 센터" });
  expect(told.fingerprints).toHaveLength(1);
  const notice = await readNotice(caseId, id);
  expect(notice).toMatchObject({
    state: "sent",
    deliveries: [
      { channel: "api", state: "sent" },
      { channel: "mail", state: "sent" },
    ],
    due: { clock: { kind: "policy", hours: 24 } },
  });
  const gap = Temporal.Instant.from(notice?.sentAt ?? "").until(notice?.due?.dueAt ?? "");
  expect(gap.total("hours")).toBe(24);
  const { places, releases } = await readCase(server.app, centre.staff, caseId);
  expect(places[0]?.state).toBe("asked");
  expect(releases.map((release) => release.what)).toEqual(expect.arrayContaining(["notice-approved", "notice-sent"]));
});

test("the letter is in the recipient's language and names her nowhere", async () => {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre);
  const id = await draftNotice(server.app, centre.staff, caseId, platform);
  const letter = (await readNotice(caseId, id))?.letter;
  expect(letter?.subject).toContain("삭제 요청");
  expect(letter?.text).toContain("https://board.example/p/1");
  expect(letter?.text).not.toContain("가상인물");
});

test("sending twice, even at once, sends once", async () => {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail: MAIL });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await Promise.all([send(id), send(id), send(id)]);
  await send(id);
  expect(mailsOf(id)).toHaveLength(1);
  expect(await readFeed(platform)).toHaveLength(1);
});

test("without a mandate, her consent, or its recipient named, a notice is not approved", async () => {
  const platform = await createPlatform(server, centre);
  const { caseId } = await openCase(server, centre);
  const id = await draftNotice(server.app, centre.staff, caseId, platform);
  const other = await createPlatform(server, centre);
  expect(codeOf(await approve([id], [other.id]))).toBe("RECIPIENT_NOT_NAMED");
  await server.jikim.db.deleteFrom("mandate").where("caseId", "=", caseId).execute();
  expect(codeOf(await approve([id], [platform.id]))).toBe("MANDATE_MISSING");
  expect((await readNotice(caseId, id))?.state).toBe("draft");
  const unmandated = await receiveCase(server);
  await takeCase(server.app, centre, unmandated.caseId);
  const { places } = await readCase(server.app, centre.staff, unmandated.caseId);
  const body = { places: places.map((place) => place.id), recipients: [platform.id] };
  const drafting = (of: string) => post(server.app, centre.staff, `/api/desk/cases/${of}/notices`, body);
  expect(codeOf(await drafting(unmandated.caseId))).toBe("MANDATE_MISSING");
  expect(codeOf(await drafting((await openCase(server, centre)).caseId))).toBe("NOT_FOUND");
});

test("under a threat or a police hold nothing is approved, and what was approved does not leave", async () => {
  for (const [flag, code] of [
    ["threat", "THREAT_ACTIVE"],
    ["policeHold", "POLICE_HOLD"],
  ] as const) {
    const platform = await createPlatform(server, centre, { mail: MAIL });
    const { caseId } = await openCase(server, centre);
    const approved = await approveNotice(server.app, centre.staff, caseId, platform);
    const draft = await draftNotice(server.app, centre.staff, caseId, platform);
    await did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/flags`, { [flag]: true }));
    expect(codeOf(await approve([draft], [platform.id]))).toBe(code);
    await send(approved);
    expect(mailsOf(approved)).toEqual([]);
    expect(await readFeed(platform)).toEqual([]);
    expect(await readNotice(caseId, approved)).toMatchObject({
      state: "stopped",
      deliveries: [{ state: "failed" }, { state: "failed" }],
    });
    expect((await readNotice(caseId, draft))?.state).toBe("draft");
  }
});

test("an operator who is the threat is never notified, also when that is learned after the approval", async () => {
  const mail = "abuse@hostile.example";
  const platform = await createPlatform(server, centre, { mail, hosts: ["hostile.example"] });
  const { caseId } = await openCase(server, centre);
  const approved = await approveNotice(server.app, centre.staff, caseId, platform);
  const draft = await draftNotice(server.app, centre.staff, caseId, platform);
  await did(post(server.app, centre.staff, `/api/desk/platforms/${platform.id}`, { hostile: true }));
  expect(codeOf(await approve([draft], [platform.id]))).toBe("RECIPIENT_HOSTILE");
  await send(approved);
  expect(mailsOf(approved)).toEqual([]);
  for (const path of ["notices?after=0", "list/snapshot?after=0&limit=10", "list/changes?after=0"])
    expect(codeOf(await ask(server.app, { url: `/api/platform/${path}`, headers: platform.headers }))).toBe(
      "PLATFORM_KEY_REVOKED",
    );
  expect((await readNotice(caseId, approved))?.state).toBe("stopped");
});

test("a platform that comes late finds no notice that she has withdrawn since it left", async () => {
  const platform = await createPlatform(server, centre);
  const { caseId } = await openCase(server, centre);
  await send(await approveNotice(server.app, centre.staff, caseId, platform));
  expect(await readFeed(platform)).toHaveLength(1);
  await withdraw(caseId, "remove", "after-24-hours");
  expect(await readFeed(platform)).toEqual([]);
});

test.each(["at-once", "after-24-hours"] as const)(
  "a withdrawal %s between approval and sending stops the notice at once",
  async (plan) => {
    const platform = await createPlatform(server, centre, { mail: MAIL });
    const { caseId } = await openCase(server, centre);
    const id = await approveNotice(server.app, centre.staff, caseId, platform);
    await withdraw(caseId, "remove", plan);
    await send(id);
    expect(mailsOf(id)).toEqual([]);
    expect(await readFeed(platform)).toEqual([]);
    expect((await readNotice(caseId, id))?.state).toBe("stopped");
  },
);

test("the guard is asked again at the moment of sending: a consent that went without settling stops it too", async () => {
  const platform = await createPlatform(server, centre, { mail: MAIL });
  const { caseId } = await openCase(server, centre);
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await saveConsent(server.jikim.db, caseId, { act: "remove", state: "withdrawn", withdrawnAt: server.jikim.now() });
  await send(id);
  expect(mailsOf(id)).toEqual([]);
  expect(await readFeed(platform)).toEqual([]);
  expect((await readNotice(caseId, id))?.state).toBe("stopped");
});

test("a withdrawal and the sending at the same moment: either it left, or it is stopped, and the ledger says which", async () => {
  for (let round = 0; round < 6; round++) {
    const platform = await createPlatform(server, centre);
    const { caseId } = await openCase(server, centre);
    const id = await approveNotice(server.app, centre.staff, caseId, platform);
    await Promise.all(
      round % 2 === 0
        ? [send(id), withdraw(caseId, "remove", "at-once")]
        : [withdraw(caseId, "remove", "at-once"), send(id)],
    );
    const notice = await readNotice(caseId, id);
    const left = notice?.deliveries.some((delivery) => delivery.state === "sent");
    expect(notice?.state).toBe(left ? "sent" : "stopped");
    expect(await readFeed(platform)).toEqual([]);
  }
});

test("a mail that left while she withdrew is recorded as sent: the ledger says what happened", async () => {
  const platform = await createPlatform(server, centre, { mail: MAIL, api: false });
  const { caseId } = await openCase(server, centre);
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  const before = mailbox.mails.length;
  const sending = send(id);
  await expect.poll(() => mailbox.mails.length, { interval: 1, timeout: 10_000 }).toBe(before + 1);
  await withdraw(caseId, "remove", "at-once");
  await sending;
  expect(await readNotice(caseId, id)).toMatchObject({
    state: "sent",
    deliveries: [{ channel: "mail", state: "sent" }],
  });
});

test("fingerprints go to nobody who has no key to the list: neither beside the mail nor kept for later", async () => {
  const platform = await createPlatform(server, centre, { mail: MAIL, api: false });
  const { caseId } = await openCase(server, centre);
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await send(id);
  const attached = mailsOf(id)[0]?.attachments.find(({ filename }) => filename === "jikim-notice.json");
  const mailed = JSON.parse(attached?.content.toString("utf8") ?? "") as { notice: { payload: string } };
  expect((JSON.parse(mailed.notice.payload) as WireNotice).fingerprints).toEqual([]);
  const { db, vault } = server.jikim;
  const row = await db
    .selectFrom("notice")
    .select(["id", "signedSealed"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const kept = row.signedSealed === null ? null : openSigned(vault, { id, signedSealed: row.signedSealed });
  expect((JSON.parse(kept?.payload ?? "") as WireNotice).fingerprints).toEqual([]);
});

test("without her consent to share them a notice carries no fingerprints, also when that is withdrawn after the approval", async () => {
  const consents = { remove: true, share: false, police: false, statistics: false };
  const unshared = await openCase(server, centre, { consents });
  const withdrawn = await openCase(server, centre);
  const platform = await createPlatform(server, centre);
  await send(await approveNotice(server.app, centre.staff, unshared.caseId, platform));
  const id = await approveNotice(server.app, centre.staff, withdrawn.caseId, platform);
  await withdraw(withdrawn.caseId, "share", "after-24-hours");
  await send(id);
  const told = (await readFeed(platform)).map(({ notice }) => JSON.parse(notice.payload) as WireNotice);
  expect(told.map((notice) => notice.fingerprints)).toEqual([[], []]);
});

test("a mail server that cannot be reached is tried again, with pauses; one that refuses is not", async () => {
  const platform = await createPlatform(server, centre, { mail: MAIL, api: false });
  const { caseId } = await openCase(server, centre);
  mailbox.behave("fail");
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await send(id);
  expect(await readNotice(caseId, id)).toMatchObject({ state: "approved", deliveries: [{ state: "pending" }] });
  mailbox.behave("accept");
  await send(id);
  expect(mailsOf(id)).toEqual([]);
  server.pass({ seconds: 61 });
  await send(id);
  expect(mailsOf(id)).toHaveLength(1);
  expect((await readNotice(caseId, id))?.state).toBe("sent");
  mailbox.behave("refuse");
  const refused = await approveNotice(server.app, centre.staff, caseId, platform);
  await send(refused);
  expect(await readNotice(caseId, refused)).toMatchObject({ state: "stopped", deliveries: [{ state: "failed" }] });
});

test("a platform whose key was revoked after the approval gets it by mail, or not at all, and the ledger says so", async () => {
  const { caseId } = await openCase(server, centre);
  for (const [mail, state] of [
    [MAIL, "sent"],
    [null, "stopped"],
  ] as const) {
    const platform = await createPlatform(server, centre, { mail });
    const id = await approveNotice(server.app, centre.staff, caseId, platform);
    await did(post(server.app, centre.admin, `/api/desk/platforms/${platform.id}`, { revokeKey: true }));
    await send(id);
    const notice = await readNotice(caseId, id);
    expect(notice?.state).toBe(state);
    expect(notice?.deliveries[0]).toMatchObject({ channel: "api", state: "failed" });
    expect(mailsOf(id)).toHaveLength(mail === null ? 0 : 1);
  }
});

test("a platform without a key or an address can not be asked, and is said so at the approval", async () => {
  const platform = await createPlatform(server, centre, { api: false });
  const { caseId } = await openCase(server, centre);
  const id = await draftNotice(server.app, centre.staff, caseId, platform);
  expect(codeOf(await approve([id], [platform.id]))).toBe("NO_CHANNEL");
  expect((await readNotice(caseId, id))?.state).toBe("draft");
});

test("of several notices all are approved or none, and only by who holds the cases", async () => {
  const platform = await createPlatform(server, centre);
  const [one, two] = [await openCase(server, centre), await openCase(server, centre)];
  const ids = [];
  for (const { caseId } of [one, two]) ids.push(await draftNotice(server.app, centre.staff, caseId, platform));
  const stranger = await seedStaff(server.jikim, { pseudonym: "담당 9", roles: ["caseworker"], root: centre.root });
  const refused = await post(server.app, stranger, "/api/desk/notices/approve", {
    notices: ids,
    recipients: [platform.id],
  });
  expect(codeOf(refused)).toBe("CASE_NOT_HELD");
  await did(post(server.app, centre.staff, `/api/desk/cases/${two.caseId}/flags`, { threat: true }));
  expect(codeOf(await approve(ids, [platform.id]))).toBe("THREAT_ACTIVE");
  expect((await readNotice(one.caseId, ids[0] ?? ""))?.state).toBe("draft");
});

test("notices to a platform are numbered as they leave, so that none is missed behind a later one", async () => {
  const platform = await createPlatform(server, centre);
  const { caseId } = await openCase(server, centre);
  const ids = [];
  for (let at = 0; at < 6; at++) ids.push(await approveNotice(server.app, centre.staff, caseId, platform));
  await send(ids[5] ?? "");
  await Promise.all(ids.slice(0, 5).map(send));
  const fed = await readFeed(platform);
  expect(fed.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  expect((JSON.parse(fed[0]?.notice.payload ?? "") as WireNotice).id).toBe(ids[5]);
  expect(await readFeed(platform, 4)).toEqual(fed.slice(4));
});

test("notices of many cases to one platform leave at once without waiting for each other for ever", async () => {
  const platform = await createPlatform(server, centre);
  const ids: string[] = [];
  for (let at = 0; at < 6; at++) {
    const { caseId } = await openCase(server, centre);
    ids.push(await approveNotice(server.app, centre.staff, caseId, platform));
  }
  await Promise.all(ids.map(send));
  expect((await readFeed(platform)).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("the sdk takes a notice from the feed and answers; an answer is no check, and plans one", async () => {
  const platform = await createPlatform(server, centre);
  const { caseId } = await openCase(server, centre);
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await send(id);
  const origin = await listen();
  const followed = await followCentre({
    ...{ url: origin, key: platform.headers.authorization.slice(7), root: centre.root.public, store: memoryStore() },
    everyMs: 60_000,
    onNotice: async () => "removed",
  });
  await followed.refresh();
  expect(await readNotice(caseId, id)).toMatchObject({ state: "answered", answer: { answer: "removed" } });
  const { places } = await readCase(server.app, centre.staff, caseId);
  expect(places[0]?.state).toBe("asked");
  const row = await server.jikim.db
    .selectFrom("place")
    .select("nextCheckAt")
    .where("id", "=", places[0]?.id ?? "")
    .executeTakeFirstOrThrow();
  expect(row.nextCheckAt).not.toBeNull();
  await followed.stop();
});

let listening: Promise<string> | undefined;
function listen(): Promise<string> {
  listening ??= server.app.listen({ host: "127.0.0.1", port: 0 });
  return listening;
}

test("a platform answers its own notices only, and does not take back that it removed", async () => {
  const [platform, other] = [await createPlatform(server, centre), await createPlatform(server, centre)];
  const { caseId } = await openCase(server, centre);
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  const answer = (from: MadePlatform, said: string) =>
    ask(server.app, {
      method: "POST",
      url: `/api/platform/notices/${id}/answers`,
      headers: from.headers,
      body: { answer: said, at: server.jikim.now().toString() },
    });
  expect(codeOf(await answer(platform, "removed"))).toBe("NOTICE_NOT_SENT");
  await send(id);
  expect(codeOf(await answer(other, "removed"))).toBe("NOT_FOUND");
  for (const said of ["received", "removed", "removed"]) expect((await answer(platform, said)).statusCode).toBe(200);
  expect(codeOf(await answer(platform, "refused"))).toBe("NOTICE_ANSWERED");
  expect((await readNotice(caseId, id))?.answer?.answer).toBe("removed");
});
