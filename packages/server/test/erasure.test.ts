import { randomUUID } from "node:crypto";
import { noticesPageSchema } from "@jikim/sdk/wire";
import { ImapFlow } from "imapflow";
import { sql } from "kysely";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { eraseWanted } from "../src/erasure/case.ts";
import { eraseDue } from "../src/erasure/due.ts";
import { prepareLog } from "../src/log/sequence.ts";
import { readMailboxOnce } from "../src/mail/watch.ts";
import { sendNotice } from "../src/notices/send.ts";
import { reopenCase } from "../src/store/case-change.ts";
import { findEntriesOf } from "../src/store/log.ts";
import { approveNotice, createPlatform, did, listAll, openCase, post, readCase, sealedBy } from "./desk-work.ts";
import { dumpDatabase } from "./dump.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type MailServers, startMailServers } from "./mail-servers.ts";
import { ask, codeOf } from "./openapi.ts";
import { makeCapture, makeChat, newUnit, orderOf, packUp, refer, takeExhibit } from "./pack-work.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { readMyCase, type Survivor } from "./survivor.ts";

const FROM = "notices@centre.example";
const ABUSE = "abuse@board.example";
const DONE = "Done";
const CODES = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
const EVERYTHING = { consents: { remove: true, share: true, police: true, statistics: true }, codes: CODES };

let servers: MailServers;
let base: TestJikim;
let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  servers = await startMailServers([FROM, ABUSE]);
  const inbox = { url: servers.imap(FROM), folder: "INBOX", done: DONE, pollSeconds: 60 };
  const mail = { ca: null, dkim: null, archive: null, inbox };
  base = await openTestJikim({ smtp: servers.smtp, mailFrom: FROM, mail });
  const jikim = { ...base.jikim, printer: { print: async () => null, close: async () => undefined } };
  server = { ...base, jikim, app: await createApp(jikim) };
  await prepareLog(jikim);
  centre = await seedCentre(jikim);
  const setting = { status: "kr-public", source: "지어낸 지정서", ownDays: 365 };
  await did(
    ask(server.app, { method: "PUT", url: "/api/desk/retention", headers: centre.admin.headers, body: setting }),
  );
});
afterAll(async () => {
  await server.app.close();
  await base.close();
  await servers.close();
});

type Full = { readonly caseId: string; readonly survivor: Survivor; readonly noticeId: string };

const act = (url: string, body: object = {}) => post(server.app, centre.staff, `/api/desk/${url}`, body);
const my = ({ headers }: Survivor, url: string, body: object) =>
  ask(server.app, { method: "POST", url: `/api/my/${url}`, headers, body });
const erase = (caseId: string) => act(`cases/${caseId}/erase`, { what: "case", statedAdult: false });
const finish = () => eraseWanted(server.jikim, server.jikim.now());
const plusOf = (id: string) => `notices+${id}@centre.example`;

/** A case with something in every table: listed, asked about by mail and answered, watched, sealed, packed, written in. */
async function fullCase(mail: string | null = ABUSE): Promise<Full> {
  const { jikim, app } = server;
  const { caseId, survivor } = await openCase(server, centre, EVERYTHING);
  await listAll(app, centre.staff, caseId);
  const platform = await createPlatform(server, centre, { mail, api: mail === null });
  const noticeId = await approveNotice(app, centre.staff, caseId, platform);
  await sendNotice(jikim, noticeId);
  const held = await readCase(app, centre.staff, caseId);
  for (const kind of ["note", "message"] as const)
    await did(act(`cases/${caseId}/documents`, { kind, ...(await sealedBy(centre.staff, held, kind)) }));
  const packId = await makeCapture(server, centre, caseId);
  await makeChat(server, caseId, "ab".repeat(32));
  const exhibit = await takeExhibit(server, centre, { caseId, packId });
  const order = await orderOf(server, { packId, ...exhibit }, { unit: (await newUnit()).unit });
  await packUp(server, centre, { caseId, order, parts: exhibit.parts });
  await refer(server, centre, order.packId, 30);
  await jikim.db
    .insertInto("placeCheck")
    .values({
      id: randomUUID(),
      placeId: held.places[0]?.id ?? "",
      checkedAt: jikim.now().toString(),
      outcome: "there",
    } as never)
    .execute();
  return { caseId, survivor, noticeId };
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Every id that stands anywhere in the database; jobs, which hold ids alone, are gone after an hour. */
async function allIds(): Promise<Set<string>> {
  await sql`delete from pgboss.job`.execute(server.jikim.db);
  return new Set((await dumpDatabase(server.database)).match(UUID) ?? []);
}

async function write(mail: { readonly to: string; readonly text: string; readonly subject?: string }): Promise<void> {
  const before = (await servers.mailsTo(FROM)).length;
  await createTransport({ url: servers.smtp, ignoreTLS: true }).sendMail({ from: ABUSE, subject: "Re:", ...mail });
  await expect.poll(async () => (await servers.mailsTo(FROM)).length, { timeout: 15_000 }).toBe(before + 1);
}

/** How many mails in the mailbox name something. */
async function mailsNaming(words: string): Promise<number> {
  const url = new URL(servers.imap(FROM));
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  const at = { host: url.hostname, port: Number(url.port), secure: false, doSTARTTLS: false };
  const client = new ImapFlow({ ...at, auth, logger: false });
  await client.connect();
  await client.mailboxCreate(DONE).catch(() => undefined);
  let count = 0;
  for (const folder of ["INBOX", DONE]) {
    const lock = await client.getMailboxLock(folder);
    count += ((await client.search({ text: words }, { uid: true })) || []).length;
    lock.release();
  }
  await client.logout();
  return count;
}

test("erased whole at her request: no row, no id and no mail of the case is left but what tells her so and what platforms must still read", async () => {
  const { jikim, app } = server;
  const before = await allIds();
  const { caseId, survivor, noticeId } = await fullCase();
  await expect.poll(() => mailsNaming(noticeId), { timeout: 15_000 }).toBe(1);
  await write({ to: plusOf(noticeId), text: "planted answer: please give us more information" });
  expect(await readMailboxOnce(jikim)).toBe(2);
  expect(await mailsNaming(noticeId)).toBe(2);
  const { items, entries } = await rowsOf(caseId);

  expect((await erase(caseId)).statusCode).toBe(200);
  expect(codeOf(await my(survivor, "places", { places: [{ kind: "url", text: "https://board.example/2" }] }))).toBe(
    "CASE_ERASED",
  );
  expect(codeOf(await my(survivor, "consents", { act: "remove", change: "give" }))).toBe("CASE_ERASED");
  expect(await readMyCase(app, survivor)).toMatchObject({ state: "closed", erasure: { done: false } });
  await jikim.db.transaction().execute((tx) => reopenCase(tx, caseId));
  expect((await readMyCase(app, survivor)).state).toBe("closed");
  // Who was asked is told before she is forgotten.
  await finish();
  expect((await readMyCase(app, survivor)).documents).not.toEqual([]);
  const mailed = (await servers.mailsTo(ABUSE)).length;
  await sendNotice(jikim, noticeId);
  await expect.poll(async () => (await servers.mailsTo(ABUSE)).length, { timeout: 15_000 }).toBe(mailed + 1);
  await finish();

  expect(codeOf(await ask(app, { url: `/api/desk/cases/${caseId}`, headers: centre.staff.headers }))).toBe("CASE_GONE");
  const mine = await readMyCase(app, survivor);
  expect(mine).toMatchObject({
    erasure: { done: true },
    places: [],
    documents: [],
    consents: [],
    holders: [],
    wrapped: "",
  });
  expect(mine.releases.map(({ what, role }) => `${what} ${role}`)).toEqual(["erased server", "opened survivor"]);
  expect(mine.items.map(({ listed }) => listed?.state)).toEqual(items.map(() => "withdrawn"));

  const { submissionId } = await jikim.db
    .selectFrom("cases")
    .select("submissionId")
    .where("id", "=", caseId)
    .executeTakeFirstOrThrow();
  const platforms = (await jikim.db.selectFrom("recipient").select("id").execute()).map(({ id }) => id);
  const kept = new Set([...before, ...platforms, caseId, submissionId, noticeId, ...items, ...entries]);
  const left = [...(await allIds())].filter((id) => !kept.has(id));
  expect(left).toEqual([]);
  expect(await tablesOf(caseId)).toEqual(["entry", "erasure", "item", "log_entry", "release"]);
  const { db, vault } = jikim;
  const told = (await findEntriesOf(db, vault, caseId)).entries.map(({ body }) => JSON.parse(body));
  expect(told).toMatchObject([{ what: "release", did: "erased", role: "server" }]);

  await readMailboxOnce(jikim);
  expect(await mailsNaming(noticeId)).toBe(0);
  await write({ to: plusOf(noticeId), text: "planted answer: we have removed https://board.example/p/1" });
  expect(await readMailboxOnce(jikim)).toBe(0);
  expect(await mailsNaming("planted answer")).toBe(0);
  expect(await jikim.db.selectFrom("mail").select("id").execute()).toEqual([]);
}, 60_000);

/** Ids of what may stay as a bare row. */
async function rowsOf(caseId: string) {
  const { db } = server.jikim;
  const items = await db.selectFrom("item").select("id").where("caseId", "=", caseId).execute();
  const entries = await db.selectFrom("entry").select("id").where("caseId", "=", caseId).execute();
  return { items: items.map(({ id }) => id), entries: entries.map(({ id }) => id) };
}

const fingerprintsOf = async (caseId: string) =>
  (
    await server.jikim.db
      .selectFrom("itemFingerprint")
      .innerJoin("item", "item.id", "itemFingerprint.itemId")
      .select("position")
      .where("item.caseId", "=", caseId)
      .execute()
  ).length;

test("a platform that comes late still reads that the request ended, and nothing of the request", async () => {
  const { jikim, app } = server;
  const { caseId } = await openCase(server, centre, EVERYTHING);
  const platform = await createPlatform(server, centre, { mail: null });
  const noticeId = await approveNotice(app, centre.staff, caseId, platform);
  await sendNotice(jikim, noticeId);
  const feed = async () => {
    const answer = await ask(app, { url: "/api/platform/notices?after=0", headers: platform.headers });
    return noticesPageSchema.parse(JSON.parse(answer.body)).notices.map(({ notice }) => JSON.parse(notice.payload));
  };
  expect(await feed()).toMatchObject([{ id: noticeId, places: [expect.anything()] }]);
  await did(erase(caseId));
  await sendNotice(jikim, noticeId);
  await finish();
  const row = await jikim.db.selectFrom("notice").selectAll().where("id", "=", noticeId).executeTakeFirstOrThrow();
  expect([row.letterSealed.length, row.signedSealed, row.approvedBy]).toEqual([0, null, null]);
  const [end, ...more] = await feed();
  expect([end?.id, more]).toEqual([noticeId, []]);
  expect(JSON.stringify(end)).not.toContain("board.example");
});

test("who cannot be told holds it up for two weeks, and no longer", async () => {
  const { jikim } = server;
  const { caseId, survivor, noticeId } = await fullCase();
  await did(erase(caseId));
  const doubt = { state: "in-doubt", doubtedSince: jikim.now().toString(), doneAt: null } as const;
  await jikim.db.updateTable("delivery").set(doubt).where("noticeId", "=", noticeId).execute();
  const asked = jikim.now();
  await eraseWanted(jikim, asked.add({ hours: 24 * 13 }));
  expect((await readMyCase(server.app, survivor)).erasure?.done).toBe(false);
  await eraseWanted(jikim, asked.add({ hours: 24 * 14 + 1 }));
  expect((await readMyCase(server.app, survivor)).erasure?.done).toBe(true);
});

test("when its time has come the case goes too, but what she wants on the list stays there until she takes it back", async () => {
  const { jikim, app } = server;
  const { caseId, survivor } = await fullCase();
  await did(act(`cases/${caseId}/close`));
  await eraseDue(jikim, jikim.now().add({ hours: 24 * 365 * 6 }));
  const mine = await readMyCase(app, survivor);
  expect(mine).toMatchObject({
    erasure: { done: true },
    documents: [],
    places: [],
    items: [{ listed: { state: "active" } }],
  });
  expect(mine.consents).toMatchObject([{ act: "share", state: "given" }]);
  expect(await fingerprintsOf(caseId)).toBe(1);
  expect(await tablesOf(caseId)).toEqual(["consent", "entry", "erasure", "item", "log_entry", "release"]);
  await did(my(survivor, "consents", { act: "share", change: "withdraw" }));
  expect((await readMyCase(app, survivor)).items).toMatchObject([{ listed: { state: "withdrawn" } }]);
  expect(await fingerprintsOf(caseId)).toBe(0);
});

/** Words of hers, of the centre's and of others that a case is full of; each lies sealed. */
const PLANTED = [
  ...["지어낸 이야기입니다", "가상인물", "지어낸 주소", "주문 안내", "가상의 친구", "지어낸 글"],
  ...["board.example", "room.example", "가상 게시판", ABUSE, "planted answer", "지어낸경찰서", "지어낸 방"],
];

test("while it is worked on, a thief of the whole database reads none of it", async () => {
  const { noticeId } = await fullCase();
  await expect.poll(() => mailsNaming(noticeId), { timeout: 15_000 }).toBe(1);
  await write({ to: plusOf(noticeId), text: "planted answer: please give us more information" });
  await readMailboxOnce(server.jikim);
  const dump = await dumpDatabase(server.database);
  expect(dump).toContain(noticeId);
  expect(PLANTED.filter((words) => dump.includes(words))).toEqual([]);
});

/** The tables that hold a row of a case, by whichever has such a column: a table that comes later is asked too. */
async function tablesOf(caseId: string): Promise<string[]> {
  const { db } = server.jikim;
  const { rows } = await sql<{ readonly name: string }>`select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'case_id' order by table_name`.execute(db);
  const held = [];
  for (const { name } of rows) {
    const found = await sql`select 1 from ${sql.table(name)} where case_id = ${caseId} limit 1`.execute(db);
    if (found.rows.length > 0) held.push(name);
  }
  return held;
}
