import { PLAIN_REQUEST } from "@jikim/casework";
import { signPolicy } from "@jikim/evidence";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { approve } from "../src/notices/approve.ts";
import { sendNotice } from "../src/notices/send.ts";
import { markStep } from "../src/store/climb-step.ts";
import { lockNotice } from "../src/store/notice.ts";
import { tellRecipient } from "./asking.ts";
import { createPlatform, did, draftNotice, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type MailServers, startMailServers } from "./mail-servers.ts";
import { ask } from "./openapi.ts";
import { type SeededCentre, type SeededStaff, seedCentre, seedStaff } from "./seed.ts";

const FROM = "notices@centre.example";
const TO = "abuse@board.example";
/** Nobody listens there. */
const DOWN = "smtp://127.0.0.1:1";

let servers: MailServers;
let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  servers = await startMailServers([FROM, TO]);
  server = await openTestJikim({ smtp: DOWN, mailFrom: FROM });
  centre = await seedCentre(server.jikim);
  const expiresAt = server.jikim.now().add({ hours: 10_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(() => reach(DOWN));
afterAll(async () => {
  await server?.close();
  await servers?.close();
});

const reach = (smtp: string) => Object.assign(server.jikim.config, { smtp });

/** A step of the ladder that a standing policy sent, while the mail server is down. */
async function underPolicy(way: "mail" | "form" = "mail") {
  const { app, jikim } = server;
  const supervisor = await seedStaff(jikim, {
    pseudonym: `감독 ${crypto.randomUUID().slice(0, 4)}`,
    roles: ["supervisor"],
    root: centre.root,
  });
  const form = { form: "https://board.example/report", hosts: ["board.example"] };
  const platform =
    way === "mail"
      ? await createPlatform(server, centre, { mail: TO, api: false })
      : await tellRecipient(app, centre.staff, form);
  const { caseId } = await openCase(server, centre);
  const id = await draftNotice(app, centre.staff, caseId, platform);
  const policy = await makePolicy(supervisor, platform.id, id);
  await jikim.db.transaction().execute(async (tx) => {
    await markStep(tx, id, "not-answered");
    const by = { staffId: supervisor.staffId, policyId: policy.id };
    await approve(tx, jikim, { noticeId: id, caseId, named: [platform.id], ...by }, jikim.now());
  });
  await sendNotice(jikim, id);
  expect(await readNotice(caseId, id)).toMatchObject({ state: "approved", deliveries: [{ channel: way }] });
  return { caseId, id, platform, policy, supervisor };
}

type Sent = Awaited<ReturnType<typeof underPolicy>>;

const revoke = ({ policy }: Pick<Sent, "policy">) =>
  did(post(server.app, centre.staff, `/api/desk/policies/${policy.id}`, { change: "revoke" }));

async function makePolicy(by: SeededStaff, recipientId: string, noticeId: string): Promise<desk.Policy> {
  const { jikim, app } = server;
  const now = jikim.now();
  const row = await jikim.db.transaction().execute((tx) => lockNotice(tx, noticeId));
  const text = {
    ...{ policyId: crypto.randomUUID(), staffId: by.staffId, recipientId, ground: row?.groundId ?? PLAIN_REQUEST },
    ...{ madeAt: now.toString(), endsAt: now.add({ hours: 24 }).toString() },
  };
  return did<desk.Policy>(post(app, by, "/api/desk/policies", { policy: signPolicy(text, by.key.signingSecret) }));
}

const readNotice = async (caseId: string, id: string) =>
  (await readCase(server.app, centre.staff, caseId)).notices.find((notice) => notice.id === id);

/** The mail server is there again, and what is due is sent. */
async function carryOn({ id }: Pick<Sent, "id">): Promise<void> {
  reach(servers.smtp);
  server.pass({ minutes: 5 });
  await sweep(server.jikim);
  await sendNotice(server.jikim, id);
}

const taken = ({ id }: Pick<Sent, "id">) => servers.countTaken(`<${id}@centre.example>`);

const ENDS: Readonly<Record<string, (sent: Sent) => Promise<unknown>>> = {
  "was revoked": revoke,
  "has ended": async () => server.pass({ hours: 25 }),
  "is of somebody who left": ({ supervisor }) =>
    server.jikim.db.updateTable("staff").set({ state: "left" }).where("id", "=", supervisor.staffId).execute(),
  "was changed in the table": ({ policy, platform }) =>
    server.jikim.db
      .updateTable("policy")
      .set({ endsAt: "2099-01-01T00:00:00Z" })
      .where("id", "=", policy.id)
      .where("recipientId", "=", platform.id)
      .execute(),
};

describe("a notice that waits for the mail server under a standing policy", { timeout: 60_000 }, () => {
  test("leaves when the server is there again", async () => {
    const sent = await underPolicy();
    await carryOn(sent);
    expect([await taken(sent), (await readNotice(sent.caseId, sent.id))?.state]).toEqual([1, "sent"]);
  });

  test.each(Object.entries(ENDS))("does not leave once the policy %s: one key sends it", async (_how, end) => {
    const sent = await underPolicy();
    await end(sent);
    await carryOn(sent);
    await carryOn(sent);
    expect(await taken(sent)).toBe(0);
    expect(await readNotice(sent.caseId, sent.id)).toMatchObject({
      ...{ state: "draft", approvedAt: null, deliveries: [] },
    });
    expect((await readCase(server.app, centre.staff, sent.caseId)).next.act).toBe("take-next-step");
    const url = "/api/desk/due?kind=step&limit=200";
    const due = await did<desk.Due>(ask(server.app, { url, headers: centre.staff.headers }));
    expect(due.rows.find(({ noticeId }) => noticeId === sent.id)).toMatchObject({ why: "policy-ended" });
    const body = { do: "send", recipient: sent.platform.id };
    await did(post(server.app, centre.staff, `/api/desk/notices/${sent.id}/step`, body));
    await carryOn(sent);
    expect([await taken(sent), (await readNotice(sent.caseId, sent.id))?.state]).toEqual([1, "sent"]);
  });

  test("as a web form lies ready no more: the sweep finds it", async () => {
    const { jobs } = server.jikim;
    const sent = await underPolicy("form");
    expect((await readNotice(sent.caseId, sent.id))?.sheet).not.toBeNull();
    await revoke(sent);
    await jobs.deleteQueuedJobs("send-notice");
    await sweep(server.jikim);
    expect(await jobs.findJobs("send-notice", { data: { noticeId: sent.id } })).not.toEqual([]);
    await sendNotice(server.jikim, sent.id);
    expect(await readNotice(sent.caseId, sent.id)).toMatchObject({ state: "draft", sheet: null });
    await jobs.deleteQueuedJobs("send-notice");
    await sweep(server.jikim);
    expect(await jobs.findJobs("send-notice", { data: { noticeId: sent.id } })).toEqual([]);
  });
});
