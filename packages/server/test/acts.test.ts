import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { prepareDrafts } from "../src/notices/prepare.ts";
import { sendNotice } from "../src/notices/send.ts";
import { refreshNext } from "../src/store/next.ts";
import { approveAll, draftFirst, tellRecipient } from "./asking.ts";
import { createPlatform, did, type OpenedCase, openCase, post, readCase, receiveCase } from "./desk-work.ts";
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
  const expiresAt = server.jikim.now().add({ hours: 20_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
afterAll(async () => {
  await server?.close();
  await mailbox?.close();
});

const siteName = () => `${createHash("sha256").update(crypto.randomUUID()).digest("hex").slice(0, 12)}.example`;
const read = (caseId: string) => readCase(server.app, centre.staff, caseId);
const act = (url: string, body: object = {}) => post(server.app, centre.staff, url, body);
const addPlaces = (caseId: string, texts: readonly string[]) =>
  did(act(`/api/desk/cases/${caseId}/places`, { places: texts.map((text) => ({ kind: "url", text })) }));

/** A case about pages of one site that takes the list, and is known without asking directories. */
async function openAt(paths: readonly string[]): Promise<OpenedCase & { site: string; platform: desk.Platform }> {
  const site = siteName();
  const platform = await createPlatform(server, centre, { hosts: [site] });
  const places = paths.map((path) => ({ kind: "url" as const, text: `https://${site}${path}` }));
  return { ...(await openCase(server, centre, { places })), site, platform };
}

async function draftsOf(caseId: string) {
  const { notices, places } = await read(caseId);
  const numbers = new Map(places.map(({ id, number }) => [id, number]));
  return notices
    .filter(({ state }) => state === "draft")
    .map(({ id, recipient, places: its }) => ({ id, to: recipient.id, places: its.map((one) => numbers.get(one)) }));
}

test("recorded, a mandate brings drafts to all who are asked first; nothing leaves before one approval, which sends all", async () => {
  const { caseId, platform } = await openAt(["/1", "/2"]);
  await prepareDrafts(server.jikim, caseId);
  expect(await draftsOf(caseId)).toMatchObject([{ to: platform.id, places: [1, 2] }]);
  const held = await read(caseId);
  expect(held.next.act).toBe("approve-notices");
  expect(
    await server.jikim.db
      .selectFrom("delivery")
      .selectAll()
      .where("noticeId", "=", held.notices[0]?.id ?? "")
      .execute(),
  ).toEqual([]);
  await did(approveAll(server.app, centre.staff, held.notices));
  expect((await read(caseId)).notices.map(({ state }) => state)).toEqual(["approved"]);
  // Nothing is drafted twice.
  await prepareDrafts(server.jikim, caseId);
  expect(await draftsOf(caseId)).toEqual([]);
});

test.each(["threat", "policeHold"] as const)(
  "when a %s is lifted, what it stopped is drafted anew for one approval; not while the other lasts",
  async (flag) => {
    const other = flag === "threat" ? "policeHold" : "threat";
    const { caseId, platform } = await openAt(["/1"]);
    const set = (flags: object) => did(act(`/api/desk/cases/${caseId}/flags`, flags));
    await prepareDrafts(server.jikim, caseId);
    await did(approveAll(server.app, centre.staff, (await read(caseId)).notices));
    await set({ [flag]: true, [other]: true });
    await set({ [flag]: false });
    await prepareDrafts(server.jikim, caseId);
    expect((await read(caseId)).notices.map(({ state }) => state)).toEqual(["stopped"]);
    await set({ [other]: false });
    await prepareDrafts(server.jikim, caseId);
    expect(await draftsOf(caseId)).toMatchObject([{ to: platform.id, places: [1] }]);
    expect((await read(caseId)).next.act).toBe("approve-notices");
  },
);

test("the sweep drafts what a lost job should have drafted", async () => {
  const { caseId } = await openAt(["/1"]);
  await server.jikim.db.deleteFrom("notice").where("caseId", "=", caseId).execute();
  const before = await server.jikim.jobs.findJobs("draft-notices");
  await sweep(server.jikim);
  expect((await server.jikim.jobs.findJobs("draft-notices")).length).toBeGreaterThan(before.length);
});

test("before a mandate, and without her consent, nothing is drafted", async () => {
  const site = siteName();
  await createPlatform(server, centre, { hosts: [site] });
  const places = [{ kind: "url" as const, text: `https://${site}/1` }];
  const { caseId } = await receiveCase(server, { places });
  await server.jikim.db
    .updateTable("place")
    .set({ draftFrom: server.jikim.now().toString(), draftAt: server.jikim.now().toString() })
    .where("caseId", "=", caseId)
    .execute();
  await prepareDrafts(server.jikim, caseId);
  const opened = await openCase(server, centre, { places });
  const { headers } = opened.survivor;
  await did(
    ask(server.app, { method: "POST", url: "/api/my/consents", headers, body: { act: "remove", change: "withdraw" } }),
  );
  await prepareDrafts(server.jikim, opened.caseId);
  const notices = await server.jikim.db
    .selectFrom("notice")
    .selectAll()
    .where("caseId", "in", [caseId, opened.caseId])
    .execute();
  expect(notices).toEqual([]);
});

test("a place added later joins the draft that waits, under a new id: nobody approves what she has not read", async () => {
  const { caseId, site, platform } = await openAt(["/1"]);
  await prepareDrafts(server.jikim, caseId);
  const [first] = (await read(caseId)).notices;
  await addPlaces(caseId, [`https://${site}/2`]);
  await prepareDrafts(server.jikim, caseId);
  const drafts = await draftsOf(caseId);
  expect(drafts).toMatchObject([{ to: platform.id, places: [1, 2] }]);
  expect(drafts[0]?.id).not.toBe(first?.id);
  expect(codeOf(await approveAll(server.app, centre.staff, first ? [first] : []))).toBe("NOT_FOUND");
});

test("a draft that a person discarded is not written again by the server; by hand it can be", async () => {
  const { caseId, site } = await openAt(["/1"]);
  await prepareDrafts(server.jikim, caseId);
  const [draft] = await draftsOf(caseId);
  await did(act(`/api/desk/notices/${draft?.id}/discard`));
  expect(codeOf(await act(`/api/desk/notices/${draft?.id}/discard`))).toBe("NOTICE_NOT_DRAFT");
  await addPlaces(caseId, [`https://${site}/2`]);
  await prepareDrafts(server.jikim, caseId);
  expect(await draftsOf(caseId)).toMatchObject([{ places: [2] }]);
  const { notices } = await draftFirst(server.app, centre.staff, caseId);
  expect(notices.map(({ places }) => places.length)).toEqual([1, 1]);
  // Asked again, it drafts nothing twice.
  expect((await draftFirst(server.app, centre.staff, caseId)).notices.map(({ id }) => id).sort()).toEqual(
    notices.map(({ id }) => id).sort(),
  );
});

test("a stale draft goes: a place that is gone leaves it, an empty one vanishes, and none waits for one who is the threat", async () => {
  const { caseId, platform } = await openAt(["/1", "/2"]);
  await prepareDrafts(server.jikim, caseId);
  const gone = (number: number) =>
    server.jikim.db
      .updateTable("place")
      .set({ state: "removed" })
      .where("caseId", "=", caseId)
      .where("number", "=", number)
      .execute();
  await gone(1);
  await prepareDrafts(server.jikim, caseId);
  expect(await draftsOf(caseId)).toMatchObject([{ places: [2] }]);
  const { notices, places } = await read(caseId);
  expect(notices[0]?.letter.text).not.toContain(places[0]?.address.text);
  await gone(2);
  await prepareDrafts(server.jikim, caseId);
  expect(await draftsOf(caseId)).toEqual([]);
  const other = await openAt(["/1"]);
  await prepareDrafts(server.jikim, other.caseId);
  await did(act(`/api/desk/recipients/${other.platform.id}`, { hostile: true }));
  await prepareDrafts(server.jikim, other.caseId);
  expect([await draftsOf(other.caseId), platform.id === other.platform.id]).toEqual([[], false]);
});

test("while directories are asked who carries a place, nothing is drafted and no act is asked for; after two hours whoever is known is asked", async () => {
  const site = siteName();
  const told = await tellRecipient(server.app, centre.staff, { mail: `abuse@${site}`, hosts: [site] });
  const { caseId } = await openCase(server, centre, { places: [{ kind: "url", text: `https://${site}/1` }] });
  await prepareDrafts(server.jikim, caseId);
  expect([await draftsOf(caseId), (await read(caseId)).next.act]).toEqual([[], "list-items"]);
  server.pass({ hours: 2, minutes: 1 });
  await prepareDrafts(server.jikim, caseId);
  const drafts = await draftsOf(caseId);
  expect(drafts.map(({ to }) => to)).toContain(told.id);
  expect(drafts.every(({ places }) => places.length === 1)).toBe(true);
});

/** A recipient that is reached by its web form alone. */
async function openForms(paths: readonly string[], mail: string | null = null) {
  const site = siteName();
  const form = await tellRecipient(server.app, centre.staff, {
    form: `https://forms.${site}/report`,
    mail,
    hosts: [site],
  });
  const places = paths.map((path) => ({ kind: "url" as const, text: `https://${site}${path}` }));
  const { caseId } = await openCase(server, centre, { places });
  const approve = async () => {
    const { notices } = await draftFirst(server.app, centre.staff, caseId);
    await did(approveAll(server.app, centre.staff, notices));
  };
  await approve();
  return { caseId, site, form, approve };
}
/** Sheets to one recipient: search engines have theirs besides. */
const sheetsOf = async (caseId: string, to: string) =>
  (await read(caseId)).notices.filter(
    ({ recipient, deliveries }) => recipient.id === to && deliveries.some(({ state }) => state === "by-hand"),
  );
const noticesTo = async (caseId: string, to: string) =>
  (await read(caseId)).notices.filter(({ recipient }) => recipient.id === to);

test("later places of a case join the sheet that was not sent yet; one that changed since it was read is not called sent", async () => {
  const { caseId, site, form, approve } = await openForms(["/1"]);
  const [sheet] = await sheetsOf(caseId, form.id);
  await addPlaces(caseId, [`https://${site}/2`]);
  await approve();
  const [joined, ...others] = await sheetsOf(caseId, form.id);
  expect([joined?.id, joined?.places.length, others]).toEqual([sheet?.id, 2, []]);
  expect(JSON.stringify(joined?.sheet)).toContain(`https://${site}/2`);
  const sentAt = server.jikim.now().toString();
  const send = (places: number) =>
    act(`/api/desk/cases/${caseId}/sheets`, { sheets: [{ noticeId: sheet?.id, sentAt, places }] });
  expect(codeOf(await send(1))).toBe("SHEET_CHANGED");
  await did(send(2));
  expect((await noticesTo(caseId, form.id)).map(({ state }) => state)).toEqual(["sent"]);
  // What comes after it was sent is a sheet of its own.
  await addPlaces(caseId, [`https://${site}/3`]);
  await approve();
  expect((await sheetsOf(caseId, form.id)).map(({ places }) => places.length)).toEqual([1]);
});

test("all sheets of a case are called sent by one key, each with its own time; all, or none", async () => {
  const { caseId, form } = await openForms(["/1"]);
  const other = await openForms(["/1"]);
  const second = await tellRecipient(server.app, centre.staff, { form: "https://forms.invalid/report" });
  const { places } = await read(caseId);
  const body = { places: places.map(({ id }) => id), recipients: [second.id] };
  const { notices } = await did<{ notices: desk.Notice[] }>(act(`/api/desk/cases/${caseId}/notices`, body));
  await did(approveAll(server.app, centre.staff, notices));
  const [[one], [two]] = [await sheetsOf(caseId, form.id), await sheetsOf(caseId, second.id)];
  const [foreign] = await sheetsOf(other.caseId, other.form.id);
  const times = [1, 2].map((minutes) => server.jikim.now().subtract({ minutes }).round("second").toString());
  const sheets = [one, two].map((notice, at) => ({ noticeId: notice?.id, sentAt: times[at], places: 1 }));
  const send = (all: readonly object[]) => act(`/api/desk/cases/${caseId}/sheets`, { sheets: all });
  expect(codeOf(await send([...sheets, { ...sheets[0], noticeId: foreign?.id }]))).toBe("NOT_FOUND");
  expect([await sheetsOf(caseId, form.id), await sheetsOf(caseId, second.id)].flat()).toHaveLength(2);
  await did(send(sheets));
  const sent = new Map((await read(caseId)).notices.map(({ id, sentAt }) => [id, sentAt]));
  expect([one, two].map((notice) => sent.get(notice?.id ?? ""))).toEqual(times);
});

test("all that the ladders of a case prepared leaves by one key, each named; all, or none", async () => {
  const { caseId } = await openAt(["/1"]);
  const recipients = [
    (await tellRecipient(server.app, centre.staff, { mail: "one@host.invalid" })).id,
    (await tellRecipient(server.app, centre.staff, { mail: "two@host.invalid" })).id,
  ];
  const { places } = await read(caseId);
  const body = { places: places.map(({ id }) => id), recipients };
  const { notices } = await did<{ notices: desk.Notice[] }>(act(`/api/desk/cases/${caseId}/notices`, body));
  const ids = notices.map(({ id }) => id);
  await server.jikim.db.updateTable("notice").set({ stepWhy: "not-named" }).where("id", "in", ids).execute();
  await refreshNext(server.jikim.db, server.jikim.vault, caseId, server.jikim.now());
  const steps = notices.map(({ id, recipient }) => ({ noticeId: id, recipient: recipient.id }));
  const key = (all: readonly object[]) => act(`/api/desk/cases/${caseId}/steps`, { do: "send", steps: all });
  expect(codeOf(await key([steps[0] ?? {}, { noticeId: steps[1]?.noticeId, recipient: steps[0]?.recipient }]))).toBe(
    "RECIPIENT_NOT_NAMED",
  );
  expect((await read(caseId)).notices.map(({ state }) => state)).toEqual(["draft", "draft"]);
  await did(key(steps));
  expect((await read(caseId)).notices.map(({ state }) => state)).toEqual(["approved", "approved"]);
  expect(codeOf(await act(`/api/desk/cases/${caseId}/steps`, { do: "drop", notices: ids }))).toBe("STEP_GONE");
});

const recipientOf = async (id: string) =>
  (await did<desk.Recipient[]>(ask(server.app, { url: "/api/desk/recipients", headers: centre.staff.headers }))).find(
    (one) => one.id === id,
  );

test("an address that a mail server refuses for good is passed over: the notice goes the recipient's next way, and says when and why", async () => {
  const { caseId, form } = await openForms(["/1"], "gone@host.invalid");
  const [notice] = await noticesTo(caseId, form.id);
  mailbox.behave("unknown");
  await sendNotice(server.jikim, notice?.id ?? "");
  mailbox.behave("accept");
  const [after] = await noticesTo(caseId, form.id);
  expect(after?.deliveries.map(({ channel, state }) => [channel, state])).toEqual([
    ["form", "by-hand"],
    ["mail", "failed"],
  ]);
  expect(after?.state).toBe("approved");
  expect((await recipientOf(form.id))?.deadMail).toMatchObject({ status: "5.1.1" });
  // It is tried again after the stated time.
  server.pass({ hours: 24 * 30 + 1 });
  const other = await openCase(server, centre, { places: [{ kind: "url", text: `https://${form.hosts[0]}/2` }] });
  const { notices } = await draftFirst(server.app, centre.staff, other.caseId);
  await did(approveAll(server.app, centre.staff, notices));
  expect((await noticesTo(other.caseId, form.id))[0]?.deliveries.map(({ channel }) => channel)).toEqual(["mail"]);
});

test("where no other way is left the recipient is not offered again until a person writes its address down anew", async () => {
  const site = siteName();
  const told = await tellRecipient(server.app, centre.staff, { mail: `abuse@${site}`, hosts: [site] });
  const places = [{ kind: "url" as const, text: `https://${site}/1` }];
  const { caseId } = await openCase(server, centre, { places });
  const { notices } = await draftFirst(server.app, centre.staff, caseId);
  await did(approveAll(server.app, centre.staff, notices));
  mailbox.behave("unknown");
  await sendNotice(server.jikim, notices.find(({ recipient }) => recipient.id === told.id)?.id ?? "");
  mailbox.behave("accept");
  expect((await noticesTo(caseId, told.id)).map(({ state }) => state)).toEqual(["stopped"]);
  const ask2 = async () =>
    (await draftFirst(server.app, centre.staff, caseId)).notices.map(({ recipient }) => recipient.id);
  expect(await ask2()).not.toContain(told.id);
  await did(post(server.app, centre.admin, `/api/desk/recipients/${told.id}`, { mail: `abuse@${site}` }));
  expect((await recipientOf(told.id))?.deadMail).toBeNull();
  expect(await ask2()).toContain(told.id);
});

test("a refusal of what we wrote says nothing of the address", async () => {
  const { caseId, form } = await openForms(["/1"], "picky@host.invalid");
  const [notice] = await noticesTo(caseId, form.id);
  mailbox.behave("policy");
  await sendNotice(server.jikim, notice?.id ?? "");
  mailbox.behave("accept");
  expect((await recipientOf(form.id))?.deadMail).toBeNull();
  expect((await noticesTo(caseId, form.id))[0]?.deliveries.map(({ channel }) => channel)).toEqual(["mail"]);
});
