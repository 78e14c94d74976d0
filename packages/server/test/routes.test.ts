import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { recordAnswer } from "../src/notices/answer.ts";
import { prepareDrafts } from "../src/notices/prepare.ts";
import { sendNotice } from "../src/notices/send.ts";
import { valuesOf } from "../src/store/recipient.ts";
import { openKnown } from "../src/store/recipient-card.ts";
import { approveAll, draftFirst, findRoutes, tellRecipient } from "./asking.ts";
import { createPlatform, did, openCase, post, readCase, receiveCase, takeCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre, seedStaff } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim({ smtp: "smtp://127.0.0.1:1", mailFrom: "notices@centre.example" });
  centre = await seedCentre(server.jikim);
});
afterAll(() => server.close());

const pages = (...texts: string[]) => ({ places: texts.map((text) => ({ kind: "url" as const, text })) });
const namesOf = (route: desk.Route | undefined) => route?.rungs.map(({ recipient }) => recipient.name.en) ?? [];
const firstOf = (route: desk.Route | undefined) =>
  route?.rungs.filter(({ afterHours }) => afterHours === 0).map(({ recipient }) => recipient.name.en) ?? [];

test("a place on a platform that takes our list goes to that platform, and no directory is asked about it", async () => {
  const platform = await createPlatform(server, centre, { hosts: ["pictures.example"] });
  const { caseId } = await openCase(server, centre, pages("https://img.pictures.example/1"));
  const [route] = await findRoutes(server.app, centre.staff, caseId);
  expect(route).toMatchObject({ reach: "public", asking: false, silent: [] });
  expect(route?.rungs[0]).toMatchObject({
    recipient: { id: platform.id, foundBy: "hand" },
    ...{ afterHours: 0, why: "runs-the-place", ways: ["api"], because: "jurisdiction-unknown", ground: null },
  });
  expect(firstOf(route)).toEqual([platform.name]);
  expect(await server.jikim.db.selectFrom("hostLookup").selectAll().execute()).toEqual([]);
});

test("a public room goes to its platform with the law that binds it, a closed one without search engines or the board", async () => {
  const { caseId } = await openCase(
    server,
    centre,
    pages("https://t.me/invented_room", "https://t.me/+inventedinvite"),
  );
  const routes = await findRoutes(server.app, centre.staff, caseId);
  const [open, closed] = [
    routes.find(({ reach }) => reach === "public"),
    routes.find(({ reach }) => reach === "closed"),
  ];
  expect(open?.rungs[0]).toMatchObject({ recipient: { name: { en: "Telegram" }, foundBy: "registry" } });
  expect(open?.rungs[0]?.ground).toMatchObject({ id: "eu-dsa-16", mark: expect.any(String), asOf: expect.any(String) });
  expect(namesOf(open).length).toBeGreaterThan(namesOf(closed).length);
  expect(closed?.rungs.every(({ recipient }) => recipient.kind !== "search" && recipient.jurisdiction !== "kr")).toBe(
    true,
  );
});

test("of a site that nobody listed no address is assumed: its host is being asked for, and searches can stop listing it", async () => {
  const { caseId } = await openCase(server, centre, pages("https://unlisted.example.com/x/1"));
  const [route] = await findRoutes(server.app, centre.staff, caseId);
  expect(route?.asking).toBe(true);
  expect(route?.rungs.map(({ recipient }) => recipient.mail).join()).not.toContain("unlisted");
  expect(firstOf(route)).toContain("Google Search");
});

test("places with the same way are shown and asked together: 200 places of one case are one notice and one approval", async () => {
  await createPlatform(server, centre, { hosts: ["many.example"] });
  const texts = Array.from({ length: 200 }, (_, at) => `https://many.example/p/${at}`);
  const { caseId } = await openCase(server, centre, pages(...texts));
  expect(await findRoutes(server.app, centre.staff, caseId)).toHaveLength(1);
  const { notices, unreached } = await draftFirst(server.app, centre.staff, caseId);
  expect(unreached).toEqual([]);
  expect(notices.map((notice) => notice.places.length)).toEqual([200]);
  await did(approveAll(server.app, centre.staff, notices));
  const held = await readCase(server.app, centre.staff, caseId);
  expect(held.notices.map((notice) => notice.state)).toEqual(["approved"]);
  expect((await draftFirst(server.app, centre.staff, caseId)).notices).toEqual([]);
});

test("a recipient gets no more places in one notice than it takes, and one host in each where it must be so", async () => {
  const { caseId } = await openCase(
    server,
    centre,
    pages("https://a.example/1", "https://a.example/2", "https://b.example/1"),
  );
  const site = await tellRecipient(server.app, centre.staff, { mail: "abuse@host.invalid", kind: "host" });
  const places = (await readCase(server.app, centre.staff, caseId)).places.map((place) => place.id);
  const draft = async () => {
    const body = { places, recipients: [site.id] };
    const url = `/api/desk/cases/${caseId}/notices`;
    const { notices } = await did<{ notices: desk.Notice[] }>(post(server.app, centre.staff, url, body));
    for (const { id } of notices) await did(post(server.app, centre.staff, `/api/desk/notices/${id}/discard`));
    return notices.map((notice) => notice.places.length).sort();
  };
  expect(await draft()).toEqual([3]);
  await limit(site.id, { mostPlaces: 2 });
  expect(await draft()).toEqual([1, 2]);
  await limit(site.id, { mostPlaces: 3, sameHost: true });
  expect(await draft()).toEqual([1, 2]);
  await limit(site.id, { mostPlaces: 1 });
  expect(await draft()).toEqual([1, 1, 1]);
});

/** Gives a recipient's card limits, which only the registry does otherwise. */
async function limit(id: string, limits: { mostPlaces: number; sameHost?: boolean }): Promise<void> {
  const { db, vault } = server.jikim;
  const row = await db.selectFrom("recipient").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const { card, hosts } = openKnown(vault, row);
  await db
    .updateTable("recipient")
    .set(valuesOf(vault, id, { card: { ...card, ...limits }, hosts }))
    .where("id", "=", id)
    .execute();
}

test("nobody is looked for without a mandate, for a place of another case, or by who does not hold the case", async () => {
  const mine = await openCase(server, centre, pages("https://lookup.example.com/1"));
  const other = await openCase(server, centre, pages("https://lookup.example.com/2"));
  const [place] = (await readCase(server.app, centre.staff, other.caseId)).places;
  const route = (staff: typeof centre.staff, caseId: string, places: string[]) =>
    post(server.app, staff, `/api/desk/cases/${caseId}/routes`, { places });
  expect(codeOf(await route(centre.staff, mine.caseId, [place?.id ?? ""]))).toBe("NOT_FOUND");
  const stranger = await seedStaff(server.jikim, { pseudonym: "담당 8", roles: ["caseworker"], root: centre.root });
  expect(codeOf(await route(stranger, other.caseId, [place?.id ?? ""]))).toBe("CASE_NOT_HELD");
  const fresh = await receiveCase(server, pages("https://lookup.example.com/3"));
  await takeCase(server.app, centre, fresh.caseId);
  const [unmandated] = (await readCase(server.app, centre.staff, fresh.caseId)).places;
  expect(codeOf(await route(centre.staff, fresh.caseId, [unmandated?.id ?? ""]))).toBe("MANDATE_MISSING");
});

test("the operator who is the threat stands on no ladder, by whatever name he is written to", async () => {
  const { app } = server;
  await tellRecipient(app, centre.staff, { hosts: ["extortion.example"], hostile: true });
  const disguised = await tellRecipient(app, centre.staff, {
    ...{ kind: "host", mail: "abuse@mail.extortion.example", hosts: ["cdn.invalid"] },
  });
  expect(disguised.hostile).toBe(true);
  const { caseId } = await openCase(server, centre, pages("https://extortion.example/room", "https://cdn.invalid/x"));
  const routes = await findRoutes(app, centre.staff, caseId);
  const ids = routes.flatMap(({ rungs }) => rungs.map(({ recipient }) => recipient.id));
  expect(ids).not.toContain(disguised.id);
  expect(routes.flatMap(({ rungs }) => rungs).every(({ recipient }) => !recipient.hostile)).toBe(true);
  const places = (await readCase(app, centre.staff, caseId)).places.map((place) => place.id);
  const body = { places, recipients: [disguised.id] };
  expect(codeOf(await post(app, centre.staff, `/api/desk/cases/${caseId}/notices`, body))).toBe("RECIPIENT_HOSTILE");
});

test("after 'not ours' a place is open again, that recipient is passed over, and the next who can be reached is drafted", async () => {
  const { app, jikim } = server;
  const platform = await createPlatform(server, centre, { hosts: ["moved.example"] });
  const { caseId } = await openCase(server, centre, pages("https://moved.example/1"));
  const { notices } = await draftFirst(app, centre.staff, caseId);
  await did(approveAll(app, centre.staff, notices));
  const [notice] = notices;
  const id = notice?.id ?? "";
  await sendNotice(jikim, id);
  await recordAnswer(jikim, { noticeId: id, recipientId: platform.id, answer: "not-ours", at: jikim.now() });
  expect((await readCase(app, centre.staff, caseId)).places[0]?.state).toBe("open");
  const [route] = await findRoutes(app, centre.staff, caseId);
  expect(route?.rungs.find(({ recipient }) => recipient.id === platform.id)?.saidNotOurs).toBe(true);
  const next = await did<{ notices: desk.Notice[] }>(post(app, centre.staff, `/api/desk/notices/${id}/next`));
  expect(next.notices.length).toBeGreaterThan(0);
  expect(next.notices.map(({ recipient }) => recipient.id)).not.toContain(platform.id);
});

test("a place about which only search engines and authorities were asked says so, until an address of who can remove it is entered", async () => {
  const consents = { remove: true, share: false, police: false, statistics: false };
  const text = "https://www.threads.net/@nobody/post/invented";
  const { caseId } = await openCase(server, centre, { places: [{ kind: "url", text }], consents });
  const actNow = async () => (await readCase(server.app, centre.staff, caseId)).next.act;
  const [route] = await findRoutes(server.app, centre.staff, caseId);
  const threads = route?.rungs.find(({ recipient }) => recipient.registryKey === "threads");
  expect(threads).toMatchObject({ afterHours: 0, ways: [] });
  await prepareDrafts(server.jikim, caseId);
  const drafts = (await readCase(server.app, centre.staff, caseId)).notices;
  expect(new Set(drafts.map(({ recipient }) => recipient.kind))).toEqual(new Set(["search", "regulator"]));
  expect(await actNow()).toBe("approve-notices");
  await did(approveAll(server.app, centre.staff, drafts));
  const now = server.jikim.now().toString();
  for (const { id } of drafts)
    await did(
      post(server.app, centre.staff, `/api/desk/notices/${id}/sheet`, { sentAt: now, places: 1, purpose: "notice" }),
    );
  expect(await actNow()).toBe("find-address");
  const found = { form: "https://threads.invalid/report" };
  await did(post(server.app, centre.staff, `/api/desk/recipients/${threads?.recipient.id}`, found));
  const { notices } = await draftFirst(server.app, centre.staff, caseId);
  expect(notices.map(({ recipient }) => recipient.registryKey)).toEqual(["threads"]);
  await did(approveAll(server.app, centre.staff, notices));
  for (const { id } of notices)
    await did(
      post(server.app, centre.staff, `/api/desk/notices/${id}/sheet`, { sentAt: now, places: 1, purpose: "notice" }),
    );
  expect(await actNow()).toBe("wait");
});
