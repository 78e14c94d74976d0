import { openSealed, unwrapCaseKey } from "@jikim/evidence";
import { ImapFlow } from "imapflow";
import { createTransport, type SendMailOptions } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { findChromium, openPrinter } from "../src/letters/printer.ts";
import { findCopy } from "../src/mail/archive.ts";
import { readMailboxOnce, watchMailbox } from "../src/mail/watch.ts";
import { sendNotice } from "../src/notices/send.ts";
import { findCopySeen } from "../src/store/mail.ts";
import { approveNotice, createPlatform, did, makeRekey, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type MailServers, startMailServers } from "./mail-servers.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre, seedStaff } from "./seed.ts";

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
});
afterAll(async () => {
  await server.close();
  await servers.close();
});

const transport = () => createTransport({ url: servers.smtp, ignoreTLS: true });
async function write(mail: SendMailOptions): Promise<void> {
  const before = (await servers.mailsTo(FROM)).length;
  await transport().sendMail({ from: ABUSE, to: FROM, ...mail });
  await expect.poll(async () => (await servers.mailsTo(FROM)).length, { timeout: 15_000 }).toBe(before + 1);
}
const read = () => readMailboxOnce(server.jikim);

/** What the archive tells of a mail of ours. */
const lookFor = (messageId: string, jikim = server.jikim) =>
  findCopy(jikim, {
    messageId,
    probeId: messageId.replace("@", ".probe1@"),
    archive: "notices+archive@centre.example",
  });

type Sent = { readonly caseId: string; readonly id: string };
/** A notice that left by mail, whose blind copy was read. */
async function sendOne(mail = ABUSE): Promise<Sent> {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail, api: false });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await sendNotice(server.jikim, id);
  await expect.poll(() => lookFor(`<${id}@centre.example>`), { timeout: 15_000 }).toBe("accepted");
  return { caseId, id };
}
const addressOf = (id: string) => `notices+${id}@centre.example`;

async function mailOf(caseId: string): Promise<desk.Mail[]> {
  const url = `/api/desk/cases/${caseId}/mail`;
  return (await did<{ rows: desk.Mail[] }>(ask(server.app, { url, headers: centre.staff.headers }))).rows;
}
async function lane(name: "waiting" | "unsorted"): Promise<desk.Mail[]> {
  const url = `/api/desk/mail?lane=${name}&limit=200`;
  return (await did<{ rows: desk.Mail[] }>(ask(server.app, { url, headers: centre.staff.headers }))).rows;
}
const confirm = (id: string, as: string) =>
  post(server.app, centre.staff, `/api/desk/mail/${id}/confirm`, { class: as });
const noticeOf = async ({ caseId, id }: Sent) =>
  (await readCase(server.app, centre.staff, caseId)).notices.find((notice) => notice.id === id);

/** The words of an answer as the desk opens them. */
async function open(mail: desk.Mail) {
  const url = `/api/desk/mail/${mail.id}`;
  const { sealed, content } = await did<desk.OpenMail>(ask(server.app, { url, headers: centre.staff.headers }));
  if (sealed === null) return { by: "unsorted", content };
  const key = await unwrapCaseKey(Buffer.from(sealed.wrapped, "base64url"), centre.staff.key.identity);
  return openSealed(Buffer.from(sealed.document.sealed, "base64url"), key.identity);
}

test("an answer is a guess that changes nothing until a caseworker confirms it with one key; then it is in the ledger", async () => {
  const sent = await sendOne();
  await write({ to: addressOf(sent.id), subject: "Re: 삭제 요청", text: "요청하신 게시물은 삭제 처리되었습니다." });
  expect(await read()).toBe(1);
  const [mail] = await mailOf(sent.caseId);
  expect(mail).toMatchObject({
    state: "waiting",
    class: "removed",
    rule: "ko-removed",
    foundBy: "address",
    // A check finds out whether it is so: that asks nothing of a person.
    pressing: false,
  });
  expect((await noticeOf(sent))?.state).toBe("sent");
  expect((await readCase(server.app, centre.staff, sent.caseId)).next.act).not.toBe("read-answers");
  await did(confirm(mail?.id ?? "", "removed"));
  expect(await noticeOf(sent)).toMatchObject({ state: "answered", answer: { answer: "removed" } });
  const after = await readCase(server.app, centre.staff, sent.caseId);
  expect(after.places[0]?.state).toBe("asked");
  expect(after.next.act).not.toBe("read-answers");
  expect((await mailOf(sent.caseId))[0]).toMatchObject({
    state: "settled",
    settled: { as: "removed", by: centre.staff.pseudonym },
  });
  expect(codeOf(await confirm(mail?.id ?? "", "refused"))).toBe("MAIL_SETTLED");
});

test("its words are sealed to the case when they come: the database and the log have none of them, nor an address", async () => {
  const sent = await sendOne();
  const picture = Buffer.from("지어낸 그림");
  await write({
    ...{
      from: '"가상담당자" <planted-sender@board.example>',
      to: addressOf(sent.id),
      text: "planted-words: please provide more",
    },
    attachments: [{ filename: "planted-name.png", content: picture, contentType: "image/png" }],
  });
  await read();
  const [mail] = await mailOf(sent.caseId);
  expect(await open(mail as desk.Mail)).toMatchObject({
    by: "recipient",
    content: {
      text: expect.stringContaining("planted-words"),
      from: expect.stringContaining("가상담당자"),
      cut: false,
    },
  });
  const dump = await server.jikim.db.selectFrom("mail").selectAll().execute();
  const documents = await server.jikim.db.selectFrom("document").selectAll().execute();
  const stored = Buffer.concat([...documents.map((each) => each.sealed), Buffer.from(JSON.stringify(dump))]).toString(
    "latin1",
  );
  for (const planted of ["planted", Buffer.from("지어낸 그림").toString("latin1")])
    expect(stored).not.toContain(planted);
  expect(server.log.join("\n")).not.toContain("planted");
  const opened = (await open(mail as desk.Mail)) as {
    content: { parts: { type: string; bytes: number; sha256: string }[] };
  };
  expect(opened.content.parts).toEqual([
    { type: "image/png", bytes: picture.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
});

test("an answer without the plus address finds its notice by what it replies to, then by the id in its words", async () => {
  const [one, other] = [await sendOne(), await sendOne()];
  await write({ inReplyTo: `<${one.id}@centre.example>`, subject: "Re", text: "We received your report." });
  await write({ subject: `Report ${other.id}`, text: "hello" });
  await read();
  expect(await mailOf(one.caseId)).toMatchObject([{ foundBy: "reference", class: "receipt" }]);
  expect(await mailOf(other.caseId)).toMatchObject([{ foundBy: "text", class: "unknown" }]);
});

test("mail that belongs to no notice waits unsorted; attached by hand its words are sealed to that case and nowhere else", async () => {
  const sent = await sendOne();
  await write({ subject: "about your request", text: "unsorted-words. We do not host this website." });
  await read();
  const mail = (await lane("unsorted")).at(-1) as desk.Mail;
  expect(mail).toMatchObject({ state: "unsorted", class: "not-ours", notice: null });
  expect(await open(mail)).toMatchObject({ content: { text: expect.stringContaining("unsorted-words") } });
  expect(codeOf(await confirm(mail.id, "not-ours"))).toBe("MAIL_UNSORTED");
  await did(post(server.app, centre.staff, `/api/desk/mail/${mail.id}/attach`, { noticeId: sent.id }));
  expect((await mailOf(sent.caseId)).at(-1)).toMatchObject({ id: mail.id, foundBy: "hand", state: "waiting" });
  expect(await open((await mailOf(sent.caseId)).at(-1) as desk.Mail)).toMatchObject({ by: "recipient" });
  const row = await server.jikim.db.selectFrom("mail").selectAll().where("id", "=", mail.id).executeTakeFirstOrThrow();
  expect(row.unsortedSealed).toBeNull();
  await did(confirm(mail.id, "not-ours"));
  expect(await noticeOf(sent)).toMatchObject({ answer: { answer: "not-ours" } });
});

test("unsorted mail can be let go, and its words are gone with it", async () => {
  await write({ text: "spam" });
  await read();
  const mail = (await lane("unsorted")).at(-1) as desk.Mail;
  await did(post(server.app, centre.staff, `/api/desk/mail/${mail.id}/discard`));
  expect((await lane("unsorted")).map(({ id }) => id)).not.toContain(mail.id);
  expect(codeOf(await post(server.app, centre.staff, `/api/desk/mail/${mail.id}/discard`))).toBe("NOT_FOUND");
  const row = await server.jikim.db.selectFrom("mail").selectAll().where("id", "=", mail.id).executeTakeFirstOrThrow();
  expect(row.unsortedSealed).toBeNull();
});

test("moved to another case, its words have to come sealed to that one; the old copy is deleted", async () => {
  const [wrong, right] = [await sendOne(), await sendOne()];
  await write({ to: addressOf(wrong.id), text: "Please provide the links." });
  await read();
  const [mail] = await mailOf(wrong.caseId);
  const move = (body: object) => post(server.app, centre.staff, `/api/desk/mail/${mail?.id}/attach`, body);
  expect(codeOf(await move({ noticeId: right.id }))).toBe("MAIL_SEALED_ELSEWHERE");
  const { keyVersion } = await readCase(server.app, centre.staff, right.caseId);
  const document = { keyVersion, sealed: Buffer.from("re-sealed").toString("base64url") };
  expect(codeOf(await move({ noticeId: right.id, document: { ...document, keyVersion: keyVersion + 1 } }))).toBe(
    "KEY_CHANGED",
  );
  await did(move({ noticeId: right.id, document }));
  expect(await mailOf(wrong.caseId)).toEqual([]);
  expect(await mailOf(right.caseId)).toHaveLength(1);
  const left = (await readCase(server.app, centre.staff, wrong.caseId)).documents.filter(
    ({ kind }) => kind === "answer",
  );
  expect(left).toEqual([]);
});

test("only who holds the case sees and confirms its mail; an answer is sealed anew with the other documents", async () => {
  const sent = await sendOne();
  await write({ to: addressOf(sent.id), text: "We have removed the page." });
  await read();
  const [mail] = await mailOf(sent.caseId);
  const stranger = await seedStaff(server.jikim, { pseudonym: "담당 7", roles: ["caseworker"], root: centre.root });
  const get = (url: string) => ask(server.app, { url, headers: stranger.headers });
  expect(codeOf(await get(`/api/desk/cases/${sent.caseId}/mail`))).toBe("CASE_NOT_HELD");
  expect(codeOf(await get(`/api/desk/mail/${mail?.id}`))).toBe("CASE_NOT_HELD");
  expect((await did<{ rows: desk.Mail[] }>(get("/api/desk/mail"))).rows).toEqual([]);
  expect(codeOf(await post(server.app, stranger, `/api/desk/mail/${mail?.id}/confirm`, { class: "removed" }))).toBe(
    "CASE_NOT_HELD",
  );
  expect((await lane("waiting")).map(({ id }) => id)).toContain(mail?.id);
  const held = await readCase(server.app, centre.staff, sent.caseId);
  const rekey = await makeRekey(held, centre.staff, [centre.staff], centre.recovery.recipient);
  await did(
    post(server.app, centre.staff, `/api/desk/cases/${sent.caseId}/rekey`, { assignTo: centre.staff.staffId, rekey }),
  );
  expect(await open(mail as desk.Mail)).toMatchObject({ by: "recipient" });
});

test("a notice by mail is a letter to read, the same on paper, and the signed text for machines", async () => {
  const printer = openPrinter(findChromium());
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail: ABUSE, api: false });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await sendNotice({ ...server.jikim, printer }, id);
  await printer.close();
  const received = async () =>
    (await servers.mailsTo(ABUSE)).find((mail) => mail.messageId === `<${id}@centre.example>`);
  await expect.poll(received, { timeout: 15_000 }).toBeDefined();
  const mail = await received();
  expect(mail?.replyTo?.text).toBe(addressOf(id));
  expect(mail?.headers.get("return-path")).toMatchObject({ text: addressOf(id) });
  expect(mail?.text).toContain(id);
  expect(mail?.html).toContain(id);
  expect(mail?.attachments.map((file) => [file.filename, file.content.toString("latin1", 0, 5)])).toEqual([
    ["letter.pdf", "%PDF-"],
    ["jikim-notice.json", '{"cer'],
  ]);
});

test("a mail server that gives a notice up ends its delivery at once, says so, and its places can be asked anew", async () => {
  const sent = await sendOne("bounced@away.example");
  await expect
    .poll(() => read().then(() => mailOf(sent.caseId)), { timeout: 20_000 })
    .toMatchObject([{ class: "bounce", rule: "bounce-hard", state: "settled", settled: { by: null } }]);
  expect(await noticeOf(sent)).toMatchObject({ state: "stopped", deliveries: [{ channel: "mail", state: "failed" }] });
  expect((await readCase(server.app, centre.staff, sent.caseId)).places[0]?.state).toBe("open");
});

/** A delivery report about a notice, as mail servers write it. */
function reportOf(id: string, fields: string): SendMailOptions {
  const raw = [
    ...["From: mailer-daemon@away.example", `To: ${addressOf(id)}`, "Subject: Delivery", "MIME-Version: 1.0"],
    ...['Content-Type: multipart/report; report-type=delivery-status; boundary="x"', "", "--x", "", "words", "--x"],
    ...["Content-Type: message/delivery-status", "", "Reporting-MTA: dns; away.example", "", fields, "", "--x--", ""],
  ].join("\r\n");
  return { envelope: { from: "", to: addressOf(id) }, raw };
}

/** A report of so many statuses, about a notice of its own each. @returns what is known of its recipient's address afterwards. */
async function deadAfter(status: string): Promise<string | null> {
  const mail = `reports-${status.replaceAll(".", "-")}@away.example`;
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail, api: false });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await sendNotice(server.jikim, id);
  await write(reportOf(id, `Final-Recipient: rfc822; ${mail}\r\nAction: failed\r\nStatus: ${status}`));
  await expect.poll(() => read().then(() => mailOf(caseId)), { timeout: 20_000 }).not.toEqual([]);
  const url = "/api/desk/recipients";
  const known = await did<desk.Recipient[]>(ask(server.app, { url, headers: centre.staff.headers }));
  return known.find((recipient) => recipient.mail === mail)?.deadMail?.status ?? null;
}

test("a report that there is no such address is remembered of it; one about what we wrote, or a full mailbox, is not", async () => {
  expect(await deadAfter("5.1.1")).toBe("5.1.1");
  expect(await deadAfter("5.7.1")).toBeNull();
  expect(await deadAfter("5.2.2")).toBeNull();
});

test("a delay ends nothing; and what a server says of our own archive is not said of the recipient", async () => {
  const sent = await sendOne();
  await write(reportOf(sent.id, `Final-Recipient: rfc822; ${ABUSE}\r\nAction: delayed\r\nStatus: 4.4.1`));
  await write(
    reportOf(sent.id, "Final-Recipient: rfc822; notices+archive@centre.example\r\nAction: failed\r\nStatus: 5.2.2"),
  );
  await read();
  expect((await mailOf(sent.caseId)).map(({ rule }) => rule).sort()).toEqual(["bounce-soft", "own-copy"]);
  expect(await noticeOf(sent)).toMatchObject({ state: "sent", deliveries: [{ state: "sent" }] });
});

test("a report that comes before its sending is recorded stays in the mailbox until it is", async () => {
  const sent = await sendOne();
  const set = (state: "handed-over" | "sent") =>
    server.jikim.db
      .updateTable("delivery")
      .set(
        state === "sent"
          ? { state, nextTryAt: null, doneAt: server.jikim.now().toString() }
          : { state, nextTryAt: server.jikim.now().toString(), doneAt: null },
      )
      .where("noticeId", "=", sent.id)
      .execute();
  await set("handed-over");
  await write(reportOf(sent.id, `Final-Recipient: rfc822; ${ABUSE}\r\nAction: failed\r\nStatus: 5.1.1`));
  expect(await read()).toBe(0);
  expect(await mailOf(sent.caseId)).toEqual([]);
  expect(await servers.mailsTo(FROM)).toHaveLength(1);
  await set("sent");
  expect(await read()).toBe(1);
  expect((await noticeOf(sent))?.state).toBe("stopped");
});

test("the same mail twice, and a mailbox that was numbered anew, are recorded once; recorded mail leaves the mailbox", async () => {
  const sent = await sendOne();
  const twice = { to: addressOf(sent.id), messageId: "<same@board.example>", text: "We received your report." };
  await write(twice);
  await write(twice);
  await read();
  expect(await mailOf(sent.caseId)).toHaveLength(1);
  expect(await servers.mailsTo(FROM)).toEqual([]);
  await write(twice);
  await server.jikim.db
    .updateTable("mail")
    .set({ mailboxKey: Buffer.from("another") })
    .execute();
  expect(await read()).toBe(0);
  await write({ ...twice, text: "We have removed the page." });
  expect(await read()).toBe(1);
  expect((await mailOf(sent.caseId)).map((mail) => mail.class)).toEqual(["receipt", "removed"]);
});

test("two readers at once record each mail once", async () => {
  const sent = await sendOne();
  for (let at = 0; at < 5; at++) await write({ to: addressOf(sent.id), text: `We received your report. ${at}` });
  const read = await Promise.all([readMailboxOnce(server.jikim), readMailboxOnce(server.jikim)]);
  expect(read[0] + read[1]).toBe(5);
  expect(await mailOf(sent.caseId)).toHaveLength(5);
});

test("where a folder is named, recorded mail is moved there", async () => {
  const inbox = { url: servers.imap(FROM), folder: "INBOX", done: "기록함", pollSeconds: 60 };
  const jikim = { ...server.jikim, config: { ...server.jikim.config, mail: { ...server.jikim.config.mail, inbox } } };
  await write({ text: "to be moved" });
  expect(await readMailboxOnce(jikim)).toBe(1);
  const client = new ImapFlow({
    host: "127.0.0.1",
    port: Number(new URL(inbox.url).port),
    auth: { user: FROM, pass: "secret" },
    doSTARTTLS: false,
    logger: false,
  });
  await client.connect();
  expect((await client.status("기록함", { messages: true })) || null).toMatchObject({ messages: 1 });
  expect((await client.status("INBOX", { messages: true })) || null).toMatchObject({ messages: 0 });
  client.close();
});

test("whether a mail was taken is told by its blind copy; without a mailbox nobody can tell", async () => {
  const sent = await sendOne();
  expect(await lookFor(`<${sent.id}@centre.example>`)).toBe("accepted");
  const without = (inbox: null | desk.Mail | object) =>
    ({
      ...server.jikim,
      config: { ...server.jikim.config, mail: { ...server.jikim.config.mail, inbox } },
    }) as typeof server.jikim;
  expect(await lookFor("<x@centre.example>", without(null))).toBe("unavailable");
  const away = { url: "imap://a:b@127.0.0.1:1", folder: "INBOX", done: null, pollSeconds: 60 };
  expect(await lookFor("<x@centre.example>", without(away))).toBe("unavailable");
});

test("a mail whose copy is missing is absent only when a later mail to the archive has lain there for half an hour", async () => {
  const unsorted = async () =>
    (await server.jikim.db.selectFrom("mail").select("id").where("state", "=", "unsorted").execute()).length;
  const [{ id }, before] = [await sendOne(), await unsorted()];
  const never = `<${id}.2@centre.example>`;
  expect(await lookFor(never)).toBe("unavailable");
  server.pass({ hours: 3 });
  const probeSeen = () => findCopySeen(server.jikim.db, server.jikim.vault, `<${id}.2.probe1@centre.example>`);
  await expect
    .poll(
      async () => {
        await read();
        return probeSeen();
      },
      { timeout: 15_000 },
    )
    .not.toBeNull();
  expect(await lookFor(never)).toBe("unavailable");
  server.pass({ minutes: 31 });
  expect(await lookFor(never)).toBe("absent");
  expect(await unsorted()).toBe(before);
});

test("mail is read as it comes, and again after the server was gone", async () => {
  const lines: object[] = [];
  const sent = await sendOne();
  const watching = watchMailbox(server.jikim, (line) => lines.push(line));
  await transport().sendMail({ from: ABUSE, to: addressOf(sent.id), text: "We received your report." });
  await expect.poll(() => mailOf(sent.caseId), { timeout: 20_000 }).toHaveLength(1);
  await transport().sendMail({ from: ABUSE, to: addressOf(sent.id), text: "Please provide the links." });
  await expect.poll(() => mailOf(sent.caseId), { timeout: 20_000 }).toHaveLength(2);
  servers.dropSessions();
  await transport().sendMail({ from: ABUSE, to: addressOf(sent.id), text: "We have removed the page." });
  await expect.poll(() => mailOf(sent.caseId), { timeout: 20_000 }).toHaveLength(3);
  await watching.stop();
});
