import { afterAll, beforeAll, expect, test } from "vitest";
import { sendNotice } from "../src/notices/send.ts";
import { saveConsent } from "../src/store/consent.ts";
import { createPlatform, did, draftNotice, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await openMailbox();
  server = await openTestJikim({ smtp: mailbox.url, mailFrom: "notices@centre.example" });
  centre = await seedCentre(server.jikim);
});
afterAll(async () => {
  await server.close();
  await mailbox.close();
});

const MAIL = "abuse@board.example";
const approve = (notice: string, recipient: string) =>
  post(server.app, centre.staff, "/api/desk/notices/approve", { notices: [notice], recipients: [recipient] });
const flag = (caseId: string, flags: object) =>
  did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/flags`, flags));
const mailsOf = (id: string) => mailbox.mails.filter((mail) => mail.messageId?.includes(id));
const stateOf = async (caseId: string, id: string) =>
  (await readCase(server.app, centre.staff, caseId)).notices.find((notice) => notice.id === id)?.state;

test("a draft is neither approved nor sent once she has withdrawn her consent to removal", async () => {
  const platform = await createPlatform(server, centre, { mail: MAIL });
  const { caseId, survivor } = await openCase(server, centre);
  const id = await draftNotice(server.app, centre.staff, caseId, platform);
  const body = { act: "remove", change: "withdraw" };
  await did(ask(server.app, { method: "POST", url: "/api/my/consents", headers: survivor.headers, body }));
  expect(await stateOf(caseId, id)).toBe("stopped");
  expect(codeOf(await approve(id, platform.id))).toBe("NOTICE_NOT_DRAFT");
  await sendNotice(server.jikim, id);
  expect(mailsOf(id)).toEqual([]);
});

test("approving asks for her consent by itself: a draft that nobody stopped when she withdrew is refused too", async () => {
  const platform = await createPlatform(server, centre, { mail: MAIL });
  const { caseId } = await openCase(server, centre);
  const id = await draftNotice(server.app, centre.staff, caseId, platform);
  const { db } = server.jikim;
  const withdrawn = { act: "remove", state: "withdrawn", withdrawnAt: server.jikim.now() } as const;
  await db.transaction().execute((tx) => saveConsent(tx, caseId, withdrawn));
  expect(codeOf(await approve(id, platform.id))).toBe("CONSENT_MISSING");
  expect(await stateOf(caseId, id)).toBe("draft");
  await sendNotice(server.jikim, id);
  expect(mailsOf(id)).toEqual([]);
});

test.each([
  ["threat", "THREAT_ACTIVE"],
  ["policeHold", "POLICE_HOLD"],
] as const)(
  "under %s a notice can be drafted, so that it is ready, but not approved or sent until that is over",
  async (held, code) => {
    const platform = await createPlatform(server, centre, { mail: MAIL });
    const { caseId } = await openCase(server, centre);
    await flag(caseId, { [held]: true });
    const id = await draftNotice(server.app, centre.staff, caseId, platform);
    expect(await stateOf(caseId, id)).toBe("draft");
    expect(codeOf(await approve(id, platform.id))).toBe(code);
    await sendNotice(server.jikim, id);
    expect(mailsOf(id)).toEqual([]);
    await flag(caseId, { [held]: false });
    await did(approve(id, platform.id));
    await sendNotice(server.jikim, id);
    expect(mailsOf(id)).toHaveLength(1);
  },
);
