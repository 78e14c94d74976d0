import { followCentre, memoryStore } from "@jikim/sdk";
import { noticesPageSchema, type WireNotice, type WireNoticeEnd } from "@jikim/sdk/wire";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sweep } from "../src/jobs/sweep.ts";
import { tellSafeContact } from "../src/jobs/tell.ts";
import { sendNotice } from "../src/notices/send.ts";
import { findDueNotices } from "../src/store/delivery.ts";
import { sealNotify } from "../src/store/sealed.ts";
import {
  approveNotice,
  createPlatform,
  did,
  type MadePlatform,
  type OpenedCase,
  openCase,
  post,
  readCase,
} from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { ask } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await openMailbox();
  server = await openTestJikim({
    smtp: mailbox.url,
    mailFrom: "notices@centre.example",
    neutralFrom: "info@mail.example",
  });
  centre = await seedCentre(server.jikim);
  const expiresAt = server.jikim.now().add({ hours: 1000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(() => mailbox.behave("accept"));
afterAll(async () => {
  await server?.close();
  await mailbox?.close();
});

/** Whoever shares an address with a threat counts as one. */
const newMail = () => `abuse@${crypto.randomUUID()}.example`;
const ADULT = { codes: { danger: false, threat: false, ageBand: "20s" as const, harms: [] } };

/** A notice that reached a platform by its feed and by mail. */
async function sent(told: Parameters<typeof openCase>[2] = ADULT) {
  const platform = await createPlatform(server, centre, { mail: newMail() });
  const opened = await openCase(server, centre, told);
  const id = await approveNotice(server.app, centre.staff, opened.caseId, platform);
  await sendNotice(server.jikim, id);
  return { platform, opened, id };
}

async function withdraw({ survivor }: OpenedCase, act: "share" | "remove") {
  const body = { act, change: "withdraw" };
  await did(ask(server.app, { method: "POST", url: "/api/my/consents", headers: survivor.headers, body }));
}

/** Whatever is due of a notice, as the sweep finds it. */
async function sendDue(id: string) {
  await sweep(server.jikim);
  if ((await findDueNotices(server.jikim.db, server.jikim.now(), 500)).includes(id)) await sendNotice(server.jikim, id);
}

const ends = (id: string) => mailbox.mails.filter((mail) => mail.messageId === `<${id}.3@centre.example>`);

async function readFeed(platform: MadePlatform) {
  const url = "/api/platform/notices?after=0";
  const page = noticesPageSchema.parse(await did(ask(server.app, { url, headers: platform.headers })));
  return page.notices.map(({ number, notice }) => ({
    number,
    told: JSON.parse(notice.payload) as WireNotice | WireNoticeEnd,
  }));
}

test("a withdrawal tells a recipient once, by mail and in its feed, and gives no leave to put anything back", async () => {
  const { platform, opened, id } = await sent();
  const origin = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const ended: string[] = [];
  const followed = await followCentre({
    ...{ url: origin, key: platform.headers.authorization.slice(7), root: centre.root.public, store: memoryStore() },
    ...{ everyMs: 60_000, onNotice: async () => "received" as const },
    onNoticeEnd: (end) => void ended.push(end.id),
  });
  await withdraw(opened, "remove");
  await sendDue(id);
  await sendDue(id);
  expect(ends(id)).toHaveLength(1);
  expect(ends(id)[0]?.text).toMatch(/철회합니다/);
  expect(ends(id)[0]?.text).toMatch(/동의나 허락이 아니며/);
  await followed.refresh();
  await followed.refresh();
  expect(ended).toEqual([id]);
  expect(await readFeed(platform)).toMatchObject([{ number: 2, told: { id, endedAt: expect.any(String) } }]);
  await followed.stop();
});

test("a delayed withdrawal is told when it takes effect, and not at all when she takes it back", async () => {
  const delayed = { ...ADULT, withdrawalPlan: "after-24-hours" as const };
  const [kept, gone] = [await sent(delayed), await sent(delayed)];
  for (const { opened } of [kept, gone]) await withdraw(opened, "remove");
  await sendDue(gone.id);
  expect(ends(gone.id)).toEqual([]);
  const give = { act: "remove", change: "give" };
  const { headers } = kept.opened.survivor;
  await did(ask(server.app, { method: "POST", url: "/api/my/consents", headers, body: give }));
  server.pass({ hours: 24, seconds: 1 });
  for (const { id } of [kept, gone]) await sendDue(id);
  expect([ends(kept.id).length, ends(gone.id).length]).toEqual([0, 1]);
});

test("of a child, or at a place that is gone already, it is not called a withdrawal", async () => {
  const child = await sent({ codes: { danger: false, threat: false, ageBand: "14-17", harms: [] } });
  const removed = await sent();
  await server.jikim.db
    .updateTable("place")
    .set({ state: "removed" })
    .where("caseId", "=", removed.opened.caseId)
    .execute();
  for (const { opened, id } of [child, removed]) {
    await withdraw(opened, "remove");
    await sendDue(id);
    expect(ends(id)).toHaveLength(1);
    expect(ends(id)[0]?.text).not.toMatch(/철회/);
  }
});

test("while she is threatened nobody is told, and the threat himself never", async () => {
  const { opened, id } = await sent();
  const hostile = await sent();
  const flag = (threat: boolean) =>
    did(post(server.app, centre.staff, `/api/desk/cases/${opened.caseId}/flags`, { threat }));
  await flag(true);
  await did(post(server.app, centre.staff, `/api/desk/platforms/${hostile.platform.id}`, { hostile: true }));
  for (const each of [opened, hostile.opened]) await withdraw(each, "remove");
  for (let hours = 0; hours < 12; hours += 6) {
    for (const each of [id, hostile.id]) await sendDue(each);
    server.pass({ hours: 6 });
  }
  expect([...ends(id), ...ends(hostile.id)]).toEqual([]);
  await flag(false);
  server.pass({ hours: 6 });
  for (const each of [id, hostile.id]) await sendDue(each);
  expect([ends(id).length, ends(hostile.id).length]).toEqual([1, 0]);
});

test("a withdrawal that could not be told yet is not told any more once she wants removal again", async () => {
  const { opened, id } = await sent();
  const flag = (threat: boolean) =>
    did(post(server.app, centre.staff, `/api/desk/cases/${opened.caseId}/flags`, { threat }));
  await flag(true);
  await withdraw(opened, "remove");
  await sendDue(id);
  const give = { act: "remove", change: "give" };
  const { headers } = opened.survivor;
  await did(ask(server.app, { method: "POST", url: "/api/my/consents", headers, body: give }));
  await flag(false);
  server.pass({ hours: 6, minutes: 1 });
  await sendDue(id);
  expect(ends(id)).toEqual([]);
  const place = await server.jikim.db
    .selectFrom("place")
    .selectAll()
    .where("caseId", "=", opened.caseId)
    .executeTakeFirst();
  expect([place?.state, place?.draftAt === null]).toEqual(["open", false]);
});

test("a mail that left while she withdrew is told of too", async () => {
  const platform = await createPlatform(server, centre, { mail: newMail(), api: false });
  const opened = await openCase(server, centre, ADULT);
  const id = await approveNotice(server.app, centre.staff, opened.caseId, platform);
  const before = mailbox.mails.length;
  const sending = sendNotice(server.jikim, id);
  await expect.poll(() => mailbox.mails.length, { interval: 1, timeout: 10_000 }).toBe(before + 1);
  await withdraw(opened, "remove");
  await sending;
  await sendDue(id);
  expect(ends(id)).toHaveLength(1);
});

test("she withdraws that fingerprints are shared: a notice that left before is shown without them, signed anew", async () => {
  const { platform, opened, id } = await sent();
  const [before] = await readFeed(platform);
  await withdraw(opened, "share");
  const [after] = await readFeed(platform);
  expect(before?.told).toMatchObject({ id, fingerprints: [expect.anything()] });
  expect(after?.told).toEqual({ ...before?.told, fingerprints: [] });
  expect(ends(id)).toEqual([]);
});

test("after her code was replaced, a delayed withdrawal is mailed to her safe contact by itself", async () => {
  const opened = await openCase(server, centre, { withdrawalPlan: "after-24-hours" });
  const { caseId } = opened;
  const notifySealed = sealNotify(server.jikim.vault, caseId, { mail: "friend@mail.example", text: "안내입니다." });
  // As the replacement of a code leaves it.
  const safeContactWaitingSince = server.jikim.now().toString();
  await server.jikim.db
    .updateTable("cases")
    .set({ notifySealed, safeContactWaitingSince })
    .where("id", "=", caseId)
    .execute();
  server.pass({ minutes: 5 });
  const before = mailbox.mails.length;
  await tellSafeContact(server.jikim, caseId);
  expect(mailbox.mails).toHaveLength(before);
  await withdraw(opened, "share");
  // The job is lost; the sweep finds what it would have done.
  await server.jikim.jobs.deleteQueuedJobs("tell-safe-contact");
  await sweep(server.jikim);
  expect(await server.jikim.jobs.findJobs("tell-safe-contact", { data: { caseId } })).not.toEqual([]);
  await Promise.all([tellSafeContact(server.jikim, caseId), tellSafeContact(server.jikim, caseId)]);
  expect(mailbox.mails.slice(before).map((mail) => mail.to)).toMatchObject([{ text: "friend@mail.example" }]);
  expect((await readCase(server.app, centre.staff, caseId)).safeContactWaiting).toBe(false);
});

test("a recipient who does not answer in time is reminded once, and who answered or removed is not", async () => {
  const [silent, answered, gone] = [await sent(), await sent(), await sent()];
  const body = { answer: "refused", at: server.jikim.now().toString() };
  const url = `/api/platform/notices/${answered.id}/answers`;
  await did(ask(server.app, { method: "POST", url, headers: answered.platform.headers, body }));
  await server.jikim.db
    .updateTable("place")
    .set({ state: "removed" })
    .where("caseId", "=", gone.opened.caseId)
    .execute();
  const reminders = () =>
    [silent, answered, gone].map(
      ({ id }) => mailbox.mails.filter((mail) => mail.messageId === `<${id}.2@centre.example>`).length,
    );
  for (const { id } of [silent, answered, gone]) await sendDue(id);
  expect(reminders()).toEqual([0, 0, 0]);
  server.pass({ hours: 24, minutes: 1 });
  for (let again = 0; again < 2; again++) for (const { id } of [silent, answered, gone]) await sendDue(id);
  expect(reminders()).toEqual([1, 0, 0]);
});
