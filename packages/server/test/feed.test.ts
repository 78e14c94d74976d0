import { noticesPageSchema, type WireNotice, type WireNoticeEnd } from "@jikim/sdk/wire";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sweep } from "../src/jobs/sweep.ts";
import { readFeed } from "../src/notices/feed.ts";
import { prepareDrafts } from "../src/notices/prepare.ts";
import { sendNotice } from "../src/notices/send.ts";
import { saveCodes } from "../src/store/case-change.ts";
import { lockCase } from "../src/store/next.ts";
import { openCodes } from "../src/store/sealed.ts";
import { approveAll } from "./asking.ts";
import { approveNotice, createPlatform, did, type MadePlatform, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { ask } from "./openapi.ts";
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
  await server?.close();
  await mailbox?.close();
});

/** A notice that stands in a platform's feed, and that the platform has not read. */
async function fed({ mail = null }: { readonly mail?: string | null } = {}) {
  const site = `${crypto.randomUUID().slice(0, 8)}.example`;
  const platform = await createPlatform(server, centre, { mail, hosts: [site] });
  const places = [{ kind: "url" as const, text: `https://${site}/p/1` }];
  const codes = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
  const { caseId, survivor } = await openCase(server, centre, { places, codes });
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await sendNotice(server.jikim, id);
  return { platform, caseId, survivor, id };
}

type Fed = Awaited<ReturnType<typeof fed>>;

async function fetchFeed({ headers }: MadePlatform): Promise<(WireNotice | WireNoticeEnd)[]> {
  const page = noticesPageSchema.parse(await did(ask(server.app, { url: "/api/platform/notices?after=0", headers })));
  return page.notices.map(({ notice }) => JSON.parse(notice.payload));
}

const idsIn = async (platform: MadePlatform) => (await fetchFeed(platform)).map(({ id }) => id);
const flag = (caseId: string, flags: object) =>
  did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/flags`, flags));
const noticeOf = async ({ caseId, id }: Pick<Fed, "caseId" | "id">) =>
  (await readCase(server.app, centre.staff, caseId)).notices.find((notice) => notice.id === id);
const withdraw = ({ survivor: { headers } }: Fed) => {
  const body = { act: "remove", change: "withdraw" };
  return did(ask(server.app, { method: "POST", url: "/api/my/consents", headers, body }));
};

/** How many in the database wait for a row that somebody holds. */
async function waiters(): Promise<number> {
  const { rows } = await sql`select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(server.jikim.db);
  return rows.length;
}

const FLAGS = ["threat", "policeHold"] as const;

describe("a notice that a platform has read in its feed", () => {
  test.each(FLAGS)("is shown to it no more while there is a %s, and again afterwards: it stays sent", async (which) => {
    const one = await fed();
    expect(await idsIn(one.platform)).toEqual([one.id]);
    await flag(one.caseId, { [which]: true });
    expect(await idsIn(one.platform)).toEqual([]);
    expect((await noticeOf(one))?.state).toBe("sent");
    await flag(one.caseId, { [which]: false });
    expect(await idsIn(one.platform)).toEqual([one.id]);
  });

  test("had arrived by then, once: what runs from its receipt runs from the first reading", async () => {
    const one = await fed();
    const receipt = async () =>
      (await server.jikim.db.selectFrom("notice").select("receivedAt").where("id", "=", one.id).executeTakeFirst())
        ?.receivedAt;
    expect(await receipt()).toBeNull();
    await fetchFeed(one.platform);
    const first = await receipt();
    expect(first).not.toBeNull();
    server.pass({ hours: 1 });
    await fetchFeed(one.platform);
    expect((await receipt())?.toString()).toBe(first?.toString());
  });

  test("is told when she withdraws", async () => {
    const one = await fed();
    await fetchFeed(one.platform);
    await withdraw(one);
    await sendNotice(server.jikim, one.id);
    expect(await fetchFeed(one.platform)).toMatchObject([{ id: one.id, endedAt: expect.any(String) }]);
  });
});

describe("a notice that nobody has read in the feed is not sent", () => {
  test.each(FLAGS)("a %s stops it; when that is over it is drafted anew, and approved it is read", async (which) => {
    const one = await fed();
    await flag(one.caseId, { [which]: true });
    expect(await idsIn(one.platform)).toEqual([]);
    expect(await noticeOf(one)).toMatchObject({
      ...{ state: "stopped", sentAt: null, due: null, deliveries: [{ channel: "api", state: "failed" }] },
    });
    expect((await readCase(server.app, centre.staff, one.caseId)).places[0]?.state).toBe("open");
    await flag(one.caseId, { [which]: false });
    expect(await idsIn(one.platform)).toEqual([]);
    await prepareDrafts(server.jikim, one.caseId);
    const drafts = (await readCase(server.app, centre.staff, one.caseId)).notices.filter(
      ({ state }) => state === "draft",
    );
    expect(drafts).toMatchObject([{ recipient: { id: one.platform.id } }]);
    await did(approveAll(server.app, centre.staff, drafts));
    await sendNotice(server.jikim, drafts[0]?.id ?? "");
    expect(await idsIn(one.platform)).toEqual([drafts[0]?.id]);
  });

  test("a withdrawal stops it, and the platform never learns of it", async () => {
    const one = await fed();
    await withdraw(one);
    await sweep(server.jikim);
    await sendNotice(server.jikim, one.id);
    expect(await fetchFeed(one.platform)).toEqual([]);
    expect((await noticeOf(one))?.state).toBe("stopped");
  });

  test("where it left by mail too, its end is told by mail alone", async () => {
    const one = await fed({ mail: `abuse@${crypto.randomUUID()}.example` });
    await withdraw(one);
    await sendNotice(server.jikim, one.id);
    expect(await fetchFeed(one.platform)).toEqual([]);
    expect(mailbox.mails.filter(({ messageId }) => messageId === `<${one.id}.3@centre.example>`)).toHaveLength(1);
    expect(await noticeOf(one)).toMatchObject({
      state: "sent",
      deliveries: [
        { channel: "api", state: "failed" },
        { channel: "mail", state: "sent" },
      ],
    });
  });

  test("a flag that was being set while it was read is waited for", async () => {
    const { db, vault } = server.jikim;
    const one = await fed({ mail: `abuse@${crypto.randomUUID()}.example` });
    const flagging = await db.startTransaction().execute();
    const row = await lockCase(flagging, one.caseId);
    if (row === undefined) throw new Error("no case");
    const reading = idsIn(one.platform);
    await expect.poll(waiters, { timeout: 20_000 }).toBeGreaterThan(0);
    await saveCodes(flagging, vault, one.caseId, { ...openCodes(vault, row), threat: true });
    await flagging.commit().execute();
    expect(await reading).toEqual([]);
  });

  test("read and stopped at the same moment: either it was read and is sent, or it is stopped and was not", async () => {
    for (let round = 0; round < 6; round++) {
      const one = await fed();
      const acts = [() => idsIn(one.platform), () => flag(one.caseId, { threat: true })];
      const done = await Promise.all((round % 2 === 0 ? acts : acts.toReversed()).map((act) => act()));
      const read = done.flatMap((each) => (Array.isArray(each) ? each : []));
      expect((await noticeOf(one))?.state).toBe(read.length === 1 ? "sent" : "stopped");
    }
  });
});

test("notices that are not shown do not hide those after them", async () => {
  const { platform, caseId, id } = await fed();
  await fetchFeed(platform);
  await flag(caseId, { threat: true });
  const places = [{ kind: "url" as const, text: `https://${platform.hosts[0]}/p/2` }];
  const other = await openCase(server, centre, { places });
  const later = await approveNotice(server.app, centre.staff, other.caseId, platform);
  await sendNotice(server.jikim, later);
  const page = await readFeed(server.jikim, platform.id, { after: 0, limit: 1 });
  expect(page.map(({ notice }) => (JSON.parse(notice.payload) as WireNotice).id)).toEqual([later]);
  expect(id).not.toBe(later);
});
