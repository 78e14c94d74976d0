import { followCentre, memoryStore } from "@jikim/sdk";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sweep } from "../src/jobs/sweep.ts";
import { tellSafeContact } from "../src/jobs/tell.ts";
import { sealNotify } from "../src/store/sealed.ts";
import { createPlatform, did, listAll, type OpenedCase, openCase, post, readCase, receiveCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { ask } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { readMyCase } from "./survivor.ts";

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
  // The clock is moved by days here, and nobody signs in anew.
  const expiresAt = server.jikim.now().add({ hours: 1000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(() => mailbox.behave("accept"));
afterAll(async () => {
  await server.close();
  await mailbox.close();
});

const WORDS = "주문 관련 안내입니다. 시간 될 때 확인해 주세요.";

async function change({ survivor }: OpenedCase, act: "share" | "remove", to: "give" | "withdraw") {
  const body = { act, change: to };
  await did(ask(server.app, { method: "POST", url: "/api/my/consents", headers: survivor.headers, body }));
}

async function allowMail(caseId: string) {
  const notifySealed = sealNotify(server.jikim.vault, caseId, { mail: "friend@mail.example", text: WORDS });
  await server.jikim.db.updateTable("cases").set({ notifySealed }).where("id", "=", caseId).execute();
}

const entryOf = async (caseId: string) => (await readCase(server.app, centre.staff, caseId)).items[0]?.entry;

test("a withdrawal at once takes her items off the list, a platform drops them and confirms, and she sees it", async () => {
  const platform = await createPlatform(server, centre);
  const origin = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const opened = await openCase(server, centre);
  const [entryId = ""] = await listAll(server.app, centre.staff, opened.caseId);
  const followed = await followCentre({
    ...{ url: origin, key: platform.headers.authorization.slice(7), root: centre.root.public, store: memoryStore() },
    everyMs: 60_000,
  });
  expect(followed.entry(entryId)).not.toBeNull();
  await change(opened, "share", "withdraw");
  expect((await entryOf(opened.caseId))?.state).toBe("withdrawn");
  await followed.refresh();
  expect(followed.entry(entryId)).toBeNull();
  await expect.poll(async () => (await entryOf(opened.caseId))?.answers).toMatchObject([{ did: "dropped", count: 1 }]);
  expect((await readMyCase(server.app, opened.survivor)).items[0]?.listed).toMatchObject({
    state: "withdrawn",
    confirmed: 1,
  });
  await followed.stop();
});

test("a delayed withdrawal leaves the list after 24 hours, and not before", async () => {
  const opened = await openCase(server, centre, { withdrawalPlan: "after-24-hours" });
  await listAll(server.app, centre.staff, opened.caseId);
  await change(opened, "share", "withdraw");
  server.pass({ hours: 23 });
  await sweep(server.jikim);
  expect((await entryOf(opened.caseId))?.state).toBe("active");
  server.pass({ hours: 1, seconds: 1 });
  await Promise.all([sweep(server.jikim), sweep(server.jikim)]);
  expect((await entryOf(opened.caseId))?.state).toBe("withdrawn");
  const { consents } = await readMyCase(server.app, opened.survivor);
  expect(consents.find((consent) => consent.act === "share")?.state).toBe("withdrawn");
});

test("a delayed withdrawal that she takes back leaves the list as it is", async () => {
  const opened = await openCase(server, centre, { withdrawalPlan: "after-24-hours" });
  await listAll(server.app, centre.staff, opened.caseId);
  await change(opened, "share", "withdraw");
  await change(opened, "share", "give");
  server.pass({ hours: 25 });
  await sweep(server.jikim);
  expect((await entryOf(opened.caseId))?.state).toBe("active");
});

test("what she withdrew goes on the list again only after she consents again, and then it is asked for", async () => {
  const opened = await openCase(server, centre);
  await server.jikim.db.updateTable("place").set({ state: "asked" }).where("caseId", "=", opened.caseId).execute();
  await listAll(server.app, centre.staff, opened.caseId);
  await change(opened, "share", "withdraw");
  const held = await readCase(server.app, centre.staff, opened.caseId);
  const body = { items: [held.items[0]?.id], basis: "self-reported", reference: null };
  const url = `/api/desk/cases/${opened.caseId}/entries`;
  expect((await post(server.app, centre.staff, url, body)).statusCode).toBe(403);
  expect(held.next.act).toBe("wait");
  await change(opened, "share", "give");
  expect((await readCase(server.app, centre.staff, opened.caseId)).next.act).toBe("list-items");
  await did(post(server.app, centre.staff, url, body));
  expect((await entryOf(opened.caseId))?.state).toBe("active");
});

test("without an address staff tell her safe contact, and say so", async () => {
  const opened = await openCase(server, centre, { withdrawalPlan: "after-24-hours" });
  await change(opened, "share", "withdraw");
  const held = await readCase(server.app, centre.staff, opened.caseId);
  expect([held.next.act, held.safeContactWaiting]).toEqual(["tell-safe-contact", true]);
  await did(post(server.app, centre.staff, `/api/desk/cases/${opened.caseId}/flags`, { safeContactTold: true }));
  const after = await readCase(server.app, centre.staff, opened.caseId);
  expect([after.next.act === "tell-safe-contact", after.safeContactWaiting]).toEqual([false, false]);
});

test("to the address she allowed her own neutral words go, and nothing else", async () => {
  const opened = await openCase(server, centre, { withdrawalPlan: "after-24-hours" });
  await allowMail(opened.caseId);
  await change(opened, "share", "withdraw");
  const [job] = await server.jikim.jobs.findJobs("tell-safe-contact", { data: { caseId: opened.caseId } });
  expect(job).toBeDefined();
  mailbox.behave("fail");
  await expect(tellSafeContact(server.jikim, opened.caseId)).rejects.toThrow();
  expect((await readCase(server.app, centre.staff, opened.caseId)).safeContactWaiting).toBe(true);
  mailbox.behave("accept");
  const before = mailbox.mails.length;
  await tellSafeContact(server.jikim, opened.caseId);
  await tellSafeContact(server.jikim, opened.caseId);
  const mails = mailbox.mails.slice(before);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatchObject({
    text: WORDS,
    from: { text: "info@mail.example" },
    subject: WORDS,
    to: { text: "friend@mail.example" },
  });
  expect(JSON.stringify(mails[0]?.headerLines)).not.toMatch(new RegExp(`${opened.caseId}|지킴|jikim|centre`, "i"));
  expect((await readCase(server.app, centre.staff, opened.caseId)).safeContactWaiting).toBe(false);
});

test("before a mandate the centre writes to nobody whom a report names", async () => {
  const received = await receiveCase(server, { withdrawalPlan: "after-24-hours" });
  const { caseId } = received;
  await allowMail(caseId);
  await change(received, "share", "withdraw");
  expect(await server.jikim.jobs.findJobs("tell-safe-contact", { data: { caseId } })).toEqual([]);
  expect((await readCase(server.app, centre.staff, caseId)).safeContactWaiting).toBe(true);
});

test("when removal is withdrawn, watching ends", async () => {
  const opened = await openCase(server, centre);
  const watch = server.jikim.db.updateTable("place").where("caseId", "=", opened.caseId);
  await watch.set({ nextCheckAt: server.jikim.now().toString() }).execute();
  await change(opened, "remove", "withdraw");
  const rows = await server.jikim.db
    .selectFrom("place")
    .select("nextCheckAt")
    .where("caseId", "=", opened.caseId)
    .execute();
  expect(rows).toEqual([{ nextCheckAt: null }]);
});
