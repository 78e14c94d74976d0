import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { readMailboxOnce } from "../src/mail/watch.ts";
import { sendNotice } from "../src/notices/send.ts";
import { approveNotice, createPlatform, did, type OpenedCase, openCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type MailServers, startMailServers } from "./mail-servers.ts";
import { ask } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

const FROM = "notices@centre.example";
const ABUSE = "abuse@board.example";

let servers: MailServers;
let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  servers = await startMailServers([FROM, ABUSE]);
  const inbox = { url: servers.imap(FROM), folder: "INBOX", done: null, pollSeconds: 60 };
  const mail = { ca: null, dkim: null, archive: null, inbox };
  server = await openTestJikim({ smtp: servers.smtp, mailFrom: FROM, mail });
  centre = await seedCentre(server.jikim);
  const expiresAt = server.jikim.now().add({ hours: 1000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
afterAll(async () => {
  await server.close();
  await servers.close();
});

/** A mail of ours as it lies in the recipient's mailbox, with the lines of its head that ticket systems thread by. */
async function arrived(messageId: string) {
  const find = async () => (await servers.mailsTo(ABUSE)).find((mail) => mail.messageId === messageId);
  await expect.poll(find, { timeout: 15_000 }).toBeDefined();
  const mail = await find();
  return { follows: mail?.inReplyTo, references: mail?.references, subject: mail?.subject };
}

/** A notice that left by mail and was not answered in time, so that its reminder left too. */
async function sendReminded() {
  const opened = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail: ABUSE, api: false });
  const id = await approveNotice(server.app, centre.staff, opened.caseId, platform);
  await sendNotice(server.jikim, id);
  server.pass({ hours: 24, minutes: 1 });
  await sweep(server.jikim);
  await sendNotice(server.jikim, id);
  return { ...opened, id };
}

async function withdraw({ headers }: OpenedCase["survivor"]): Promise<void> {
  const body = { act: "remove", change: "withdraw" };
  await did(ask(server.app, { method: "POST", url: "/api/my/consents", headers, body }));
}

test("a reminder and the word that a request is withdrawn follow their notice in the recipient's mailbox", async () => {
  const { id, survivor } = await sendReminded();
  const notice = `<${id}@centre.example>`;
  const { subject, ...first } = await arrived(notice);
  expect(first).toEqual({ follows: undefined, references: undefined });
  const following = { follows: notice, references: notice, subject: `Re: ${subject}` };
  expect(await arrived(`<${id}.2@centre.example>`)).toEqual(following);
  await withdraw(survivor);
  await sendNotice(server.jikim, id);
  expect(await arrived(`<${id}.3@centre.example>`)).toEqual(following);
});

test("where the notice itself left by a service's own way, the mail about it follows no mail that nobody got", async () => {
  const { id, survivor } = await sendReminded();
  await server.jikim.db
    .updateTable("delivery")
    .set({ channel: "cloudflare" })
    .where("noticeId", "=", id)
    .where("purpose", "=", "notice")
    .execute();
  await withdraw(survivor);
  await sendNotice(server.jikim, id);
  expect(await arrived(`<${id}.3@centre.example>`)).toMatchObject({ follows: undefined, references: undefined });
});

test("what answers a reminder, and names no address of ours but the mailbox, is an answer to the notice", async () => {
  const { id, caseId } = await sendReminded();
  const [notice, reminder] = [`<${id}@centre.example>`, `<${id}.2@centre.example>`];
  await arrived(reminder);
  for (const references of [[notice, reminder], [reminder]]) {
    const before = (await servers.mailsTo(FROM)).length;
    const transport = createTransport({ url: servers.smtp, ignoreTLS: true });
    const words = { subject: "Re: Re: 삭제 요청", text: "We received your report." };
    await transport.sendMail({ from: ABUSE, to: FROM, inReplyTo: reminder, references, ...words });
    await expect.poll(async () => (await servers.mailsTo(FROM)).length, { timeout: 15_000 }).toBe(before + 1);
  }
  await readMailboxOnce(server.jikim);
  const url = `/api/desk/cases/${caseId}/mail`;
  const { rows } = await did<{ rows: desk.Mail[] }>(ask(server.app, { url, headers: centre.staff.headers }));
  const found = { notice: expect.objectContaining({ id }), foundBy: "reference", class: "receipt" };
  expect(rows).toMatchObject([found, found]);
});
