import { newSigningKey } from "@jikim/evidence";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { readMailboxOnce } from "../src/mail/watch.ts";
import { sendNotice } from "../src/notices/send.ts";
import { closeCase } from "../src/store/case-change.ts";
import { approveNotice, createPlatform, did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type MailServers, startMailServers } from "./mail-servers.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, type SeededPerson, seedCentre, seedPerson, seedStaff } from "./seed.ts";

const FROM = "notices@centre.example";
const ABUSE = "abuse@board.example";
const GONE = "We have removed the page.";

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

type Sent = { readonly caseId: string; readonly id: string };
async function sendOne(): Promise<Sent> {
  const { caseId } = await openCase(server, centre);
  const platform = await createPlatform(server, centre, { mail: ABUSE, api: false });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await sendNotice(server.jikim, id);
  return { caseId, id };
}

/** A real answer to a notice, read from the mailbox. @returns the mail's id. */
async function answer({ caseId, id }: Sent, text: string, to = `notices+${id}@centre.example`): Promise<string> {
  const before = new Set((await mailOf(caseId)).map((mail) => mail.id));
  const transport = createTransport({ url: servers.smtp, ignoreTLS: true });
  await transport.sendMail({ from: ABUSE, to, text });
  const come = async () => {
    await readMailboxOnce(server.jikim);
    return (await mailOf(caseId)).find((mail) => !before.has(mail.id))?.id ?? null;
  };
  await expect.poll(come, { timeout: 15_000 }).not.toBeNull();
  return (await come()) ?? "";
}

async function mailOf(caseId: string): Promise<desk.Mail[]> {
  const url = `/api/desk/cases/${caseId}/mail`;
  return (await did<{ rows: desk.Mail[] }>(ask(server.app, { url, headers: centre.staff.headers }))).rows;
}
const stateOf = async ({ caseId }: Sent) => (await mailOf(caseId)).map(({ state }) => state);
const noticeOf = async ({ caseId, id }: Sent) =>
  (await readCase(server.app, centre.staff, caseId)).notices.find((notice) => notice.id === id);

const confirmAll = (mails: readonly string[], as = "removed", person: Pick<SeededPerson, "headers"> = centre.staff) =>
  post(server.app, person, "/api/desk/mail/confirm", { class: as, mails });

test("one key confirms sure answers of several cases; 'removed' is a claim that brings on a check, and no place is gone by it", async () => {
  const [one, two] = [await sendOne(), await sendOne()];
  const mails = [await answer(one, GONE), await answer(two, GONE)];
  // One that is named twice is one.
  expect(await did(confirmAll([...mails, ...mails]))).toEqual({ confirmed: mails, left: [] });
  for (const sent of [one, two]) {
    expect(await noticeOf(sent)).toMatchObject({ state: "answered", answer: { answer: "removed" } });
    const { places } = await readCase(server.app, centre.staff, sent.caseId);
    expect(places.map(({ state }) => state)).toEqual(["asked"]);
    const [mail] = await mailOf(sent.caseId);
    expect(mail?.settled).toMatchObject({ as: "removed", by: centre.staff.pseudonym });
  }
});

test("one that is not sure, or of another class, is to be read by itself: then none is confirmed", async () => {
  const [sure, unsure] = [await sendOne(), await sendOne()];
  const first = await answer(sure, GONE);
  const second = await answer(unsure, "안녕하세요, 담당자입니다.");
  expect(codeOf(await confirmAll([first, second]))).toBe("MAIL_NOT_SURE");
  expect(codeOf(await confirmAll([first], "refused"))).toBe("MAIL_NOT_SURE");
  expect([await stateOf(sure), await stateOf(unsure)]).toEqual([["waiting"], ["waiting"]]);
  expect((await noticeOf(sure))?.state).toBe("sent");
});

test("one that only names the notice in its words may be anybody's: it is to be read by itself", async () => {
  const sent = await sendOne();
  const mail = await answer(sent, `${GONE}\nReport ${sent.id}`, FROM);
  expect(await mailOf(sent.caseId)).toMatchObject([{ foundBy: "text", class: "removed", sure: false }]);
  expect(codeOf(await confirmAll([mail]))).toBe("MAIL_NOT_SURE");
  expect(await stateOf(sent)).toEqual(["waiting"]);
});

test("an answer of a case she does not hold: none is confirmed, and nothing is told of what it says", async () => {
  const sent = await sendOne();
  const mail = await answer(sent, GONE);
  const stranger = await seedStaff(server.jikim, { pseudonym: "담당 8", roles: ["caseworker"], root: centre.root });
  // The same word whether the guess is right or wrong.
  for (const as of ["removed", "refused"]) expect(codeOf(await confirmAll([mail], as, stranger))).toBe("CASE_NOT_HELD");
  const other = await sendOne();
  const held = await answer(other, GONE);
  await server.jikim.db
    .deleteFrom("caseWrap")
    .where("caseId", "=", sent.caseId)
    .where("holder", "=", centre.staff.staffId)
    .execute();
  expect(codeOf(await confirmAll([held, mail]))).toBe("CASE_NOT_HELD");
  expect(await stateOf(other)).toEqual(["waiting"]);
  expect((await noticeOf(other))?.state).toBe("sent");
});

test("without a signed key, for a mail that is none, or in a closed case, none is confirmed", async () => {
  const [sent, closed] = [await sendOne(), await sendOne()];
  const mails = [await answer(sent, GONE), await answer(closed, GONE)];
  const uncertified = await seedStaff(server.jikim, {
    pseudonym: "담당 9",
    roles: ["caseworker"],
    root: newSigningKey(),
  });
  expect(codeOf(await confirmAll(mails, "removed", uncertified))).toBe("NOT_CERTIFIED");
  const analyst = await seedPerson(server.jikim, { pseudonym: "통계 1", roles: ["analyst"], root: centre.root });
  expect(codeOf(await confirmAll(mails, "removed", analyst))).toBe("ROLE_MISSING");
  expect(codeOf(await confirmAll([...mails, crypto.randomUUID()]))).toBe("NOT_FOUND");
  await server.jikim.db.transaction().execute((tx) => closeCase(tx, closed.caseId, server.jikim.now()));
  expect(codeOf(await confirmAll(mails))).toBe("CASE_CLOSED");
  expect([await stateOf(sent), await stateOf(closed)]).toEqual([["waiting"], ["waiting"]]);
});

test("what was overtaken meanwhile stays as it is and is named with why; the others are confirmed", async () => {
  const [fresh, settled, answered] = [await sendOne(), await sendOne(), await sendOne()];
  const first = await answer(fresh, GONE);
  const second = await answer(settled, GONE);
  const third = await answer(answered, GONE);
  const late = await answer(answered, "We will not remove this content.");
  await did(confirmAll([second, third]));
  expect(await did(confirmAll([first, second]))).toEqual({
    confirmed: [first],
    left: [{ id: second, why: "MAIL_SETTLED" }],
  });
  const [, refusal] = await mailOf(answered.caseId);
  expect(refusal).toMatchObject({ id: late, class: "refused", sure: true });
  expect(await did(confirmAll([late], "refused"))).toEqual({
    confirmed: [],
    left: [{ id: late, why: "NOTICE_ANSWERED" }],
  });
  // Nothing of it is half written: it waits to be read by itself.
  expect(await stateOf(answered)).toEqual(["settled", "waiting"]);
  expect(await noticeOf(answered)).toMatchObject({ answer: { answer: "removed" } });
});

test("two who confirm the same answers at once in opposite order: each answer is confirmed once", async () => {
  const [one, two] = [await sendOne(), await sendOne()];
  const mails = [await answer(one, GONE), await answer(two, GONE)];
  const both = await Promise.all([
    did<desk.MailsConfirmed>(confirmAll(mails)),
    did<desk.MailsConfirmed>(confirmAll(mails.toReversed())),
  ]);
  expect(both.flatMap(({ confirmed }) => confirmed).sort()).toEqual(mails.toSorted());
});
