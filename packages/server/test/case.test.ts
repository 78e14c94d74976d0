import { randomUUID } from "node:crypto";
import { newSigningKey, openSealed, readDocument, unwrapCaseKey } from "@jikim/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import {
  did,
  listAll,
  makeRekey,
  openCase,
  post,
  readCase,
  receiveCase,
  recordMandate,
  sealedBy,
  takeCase,
} from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, type SeededPerson, type SeededStaff, seedCentre, seedStaff } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let colleague: SeededStaff;

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
  colleague = await seedStaff(server.jikim, { pseudonym: "담당 2", roles: ["caseworker"], root: centre.root });
});
afterAll(() => server.close());

const bytes = (text: string) => Buffer.from(text, "base64url");

async function readQueue(person: Pick<SeededPerson, "headers">, query = "lane=queue&limit=200"): Promise<desk.Queue> {
  return did<desk.Queue>(ask(server.app, { url: `/api/desk/cases?${query}`, headers: person.headers }));
}

async function assign(caseId: string, to: readonly SeededStaff[], change: (body: desk.Assignment) => desk.Assignment) {
  const held = await readCase(server.app, centre.staff, caseId);
  const rekey = await makeRekey(held, centre.staff, to, centre.recovery.recipient);
  const body = change({ assignTo: to[0]?.staffId ?? "", rekey });
  return post(server.app, centre.staff, `/api/desk/cases/${caseId}/rekey`, body);
}

test("the queue is ordered by what is due soonest and pages without leaving one out or showing one twice", async () => {
  for (const [danger, threat] of [
    [false, false],
    [true, false],
    [false, true],
    [false, false],
  ] as const)
    await receiveCase(server, { codes: { danger, threat, ageBand: "30s", harms: [] } });
  const { rows } = await readQueue(centre.staff);
  const dues = rows.map((row) => row.next.dueAt ?? "9999");
  expect(dues).toEqual(dues.toSorted());
  expect(rows[0]?.next.act).toBe("reach-her-safely");
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: desk.Queue = await readQueue(centre.staff, `limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.rows.map((row) => row.id));
    cursor = page.next;
  }
  expect(seen).toEqual(rows.map((row) => row.id));
});

test("cases without a time come last and are paged as well", async () => {
  const none = { remove: false, share: false, police: false, statistics: false };
  const waiting = [
    await openCase(server, centre, { consents: none }),
    await openCase(server, centre, { consents: none }),
  ];
  const { rows } = await readQueue(centre.staff);
  expect(rows.slice(-2).map((row) => row.next)).toEqual(Array(2).fill({ act: "wait", clock: null, dueAt: null }));
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: desk.Queue = await readQueue(centre.staff, `limit=1${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.rows.map((row) => row.id));
    cursor = page.next;
  }
  expect(seen).toEqual(rows.map((row) => row.id));
  expect(seen).toEqual(expect.arrayContaining(waiting.map(({ caseId }) => caseId)));
});

test("a cursor that is none of ours is refused", async () => {
  const url = `/api/desk/cases?cursor=${Buffer.from('["x"]').toString("base64url")}`;
  expect((await ask(server.app, { url, headers: centre.staff.headers })).statusCode).toBe(400);
});

test("a caseworker's queue shows the cases she holds and no other", async () => {
  const [mine, other] = [await receiveCase(server), await receiveCase(server)];
  await did(assign(mine.caseId, [colleague], (body) => body));
  const ids = (await readQueue(colleague)).rows.map((row) => row.id);
  expect(ids).toContain(mine.caseId);
  expect(ids).not.toContain(other.caseId);
  expect((await readQueue(colleague, "lane=mine")).rows.map((row) => row.id)).toEqual(ids);
});

test("a case is found by its number by who holds it; to anybody else it is as if there were none", async () => {
  const { caseId } = await openCase(server, centre);
  const { number } = await readCase(server.app, centre.staff, caseId);
  const lookup = (person: Pick<SeededPerson, "headers">, asked: number | string) =>
    ask(server.app, { url: `/api/desk/cases/lookup?number=${asked}`, headers: person.headers });
  expect(await did(lookup(centre.staff, number))).toEqual({ id: caseId });
  expect(await did(lookup(centre.staff, number + 1000))).toEqual({ id: null });
  expect(await did(lookup(colleague, number))).toEqual({ id: null });
  const root = newSigningKey();
  const other = await seedStaff(server.jikim, { pseudonym: "담당 7", roles: ["caseworker"], root });
  expect(codeOf(await lookup(other, number))).toBe("NOT_CERTIFIED");
  for (const none of ["0", "x", "99999999999"]) expect((await lookup(centre.staff, none)).statusCode).toBe(400);
});

test("opening a case is recorded for her, by role and pseudonym", async () => {
  const { caseId } = await receiveCase(server);
  await readCase(server.app, centre.staff, caseId);
  const { releases } = await readCase(server.app, centre.staff, caseId);
  expect(releases).toEqual(
    Array(2).fill({ at: expect.any(String), role: "caseworker", who: centre.staff.pseudonym, what: "opened" }),
  );
});

test("who holds no key of a case is shown nothing of it, and nothing is recorded", async () => {
  const { caseId } = await receiveCase(server);
  const refused = await ask(server.app, { url: `/api/desk/cases/${caseId}`, headers: colleague.headers });
  expect([refused.statusCode, codeOf(refused)]).toEqual([403, "CASE_NOT_HELD"]);
  for (const [url, body] of [
    [`/api/desk/cases/${caseId}/flags`, { danger: true }],
    [`/api/desk/cases/${caseId}/places`, { places: [{ kind: "url", text: "https://board.example/p/2" }] }],
    [`/api/desk/cases/${caseId}/close`, {}],
  ] as const)
    expect(codeOf(await post(server.app, colleague, url, body))).toBe("CASE_NOT_HELD");
  const admin = await ask(server.app, { url: `/api/desk/cases/${caseId}`, headers: centre.admin.headers });
  expect([admin.statusCode, codeOf(admin)]).toEqual([403, "ROLE_MISSING"]);
  expect((await readCase(server.app, centre.staff, caseId)).releases).toHaveLength(1);
});

test("a key that the root did not sign, or no longer vouches for, opens nothing", async () => {
  const { caseId } = await receiveCase(server);
  await did(assign(caseId, [colleague, centre.staff], (body) => body));
  await readCase(server.app, colleague, caseId);
  const before = await server.jikim.db
    .selectFrom("staff")
    .select("certificate")
    .where("id", "=", colleague.staffId)
    .executeTakeFirstOrThrow();
  const setCertificate = (certificate: unknown) =>
    server.jikim.db
      .updateTable("staff")
      .set({ certificate: JSON.stringify(certificate) })
      .where("id", "=", colleague.staffId)
      .execute();
  const forged = {
    ...colleague.certificate,
    payload: colleague.certificate.payload.replace("caseworker", "supervisor"),
  };
  for (const certificate of [forged, centre.staff.certificate]) {
    await setCertificate(certificate);
    const response = await ask(server.app, { url: `/api/desk/cases/${caseId}`, headers: colleague.headers });
    expect([response.statusCode, codeOf(response)]).toEqual([403, "NOT_CERTIFIED"]);
  }
  await setCertificate(before.certificate);
  await readCase(server.app, colleague, caseId);
});

test("a message is sealed under the key of now, kept once, and answers hers", async () => {
  const { caseId } = await openCase(server, centre);
  await server.jikim.db
    .updateTable("cases")
    .set({ unansweredSince: server.jikim.now().toString() })
    .where("id", "=", caseId)
    .execute();
  const held = await readCase(server.app, centre.staff, caseId);
  const message = { kind: "message", ...(await sealedBy(centre.staff, held, "message")) };
  const url = `/api/desk/cases/${caseId}/documents`;
  await did(post(server.app, centre.staff, url, message));
  await did(post(server.app, centre.staff, url, message));
  const after = await readCase(server.app, centre.staff, caseId);
  expect(after.documents.filter((document) => document.kind === "message")).toHaveLength(1);
  expect(after.next.act).not.toBe("answer-message");
  const old = await post(server.app, centre.staff, url, { ...message, id: randomUUID(), keyVersion: 1 });
  expect([old.statusCode, codeOf(old)]).toEqual([409, "KEY_CHANGED"]);
  const other = await openCase(server, centre);
  const taken = await post(server.app, centre.staff, `/api/desk/cases/${other.caseId}/documents`, message);
  expect(codeOf(taken)).toBe("ID_TAKEN");
});

test("after assignment the new holder opens everything, and old wraps and ciphertexts are gone", async () => {
  const { caseId } = await receiveCase(server);
  const before = await readCase(server.app, centre.staff, caseId);
  await did(assign(caseId, [colleague], (body) => body));
  const after = await readCase(server.app, colleague, caseId);
  expect(after).toMatchObject({ keyVersion: 2, state: "open", assignedTo: { staffId: colleague.staffId } });
  const key = await unwrapCaseKey(bytes(after.wrapped), colleague.key.identity);
  for (const { id, kind, sealed } of after.documents) {
    const opened = await openSealed(bytes(sealed), key.identity);
    expect(readDocument(opened, { caseId, kind }, centre.root.public)).not.toBeNull();
    expect(before.documents.find((document) => document.id === id)?.sealed).not.toBe(sealed);
  }
  const wraps = await server.jikim.db.selectFrom("caseWrap").select("holder").where("caseId", "=", caseId).execute();
  expect(wraps.map((wrap) => wrap.holder).sort()).toEqual(["recovery", "survivor", colleague.staffId].sort());
  const old = await ask(server.app, { url: `/api/desk/cases/${caseId}`, headers: centre.staff.headers });
  expect(codeOf(old)).toBe("CASE_NOT_HELD");
});

test("a case that changes while it is opened is shown all the same", async () => {
  const { caseId } = await receiveCase(server);
  const flags = (threat: boolean) => post(server.app, centre.staff, `/api/desk/cases/${caseId}/flags`, { threat });
  const opened = Array.from({ length: 12 }, (_, at) => [
    readCase(server.app, centre.staff, caseId),
    flags(at % 2 === 0),
  ]);
  for (const each of await Promise.all(opened.flat())) expect(each).toBeDefined();
  const { releases } = await readCase(server.app, centre.staff, caseId);
  expect(releases.filter((release) => release.what === "opened")).toHaveLength(13);
});

test("of two assignments at once one takes effect", async () => {
  const { caseId } = await receiveCase(server);
  const held = await readCase(server.app, centre.staff, caseId);
  const make = () => makeRekey(held, centre.staff, [centre.staff], centre.recovery.recipient);
  const bodies = [await make(), await make()].map((rekey) => ({ assignTo: centre.staff.staffId, rekey }));
  const path = `/api/desk/cases/${caseId}/rekey`;
  const both = await Promise.all(bodies.map((body) => post(server.app, centre.staff, path, body)));
  expect(both.map((response) => response.statusCode).sort()).toEqual([200, 409]);
  expect((await readCase(server.app, centre.staff, caseId)).keyVersion).toBe(2);
});

test("an assignment that leaves a document out, or brings one more, changes nothing", async () => {
  const { caseId } = await receiveCase(server);
  const fewer = await assign(caseId, [centre.staff], ({ assignTo, rekey }) => ({
    assignTo,
    rekey: { ...rekey, documents: rekey.documents.slice(1) },
  }));
  const more = await assign(caseId, [centre.staff], ({ assignTo, rekey }) => ({
    assignTo,
    rekey: { ...rekey, documents: [...rekey.documents, { id: randomUUID(), sealed: "" }] },
  }));
  expect([codeOf(fewer), codeOf(more)]).toEqual(["DOCUMENTS_CHANGED", "DOCUMENTS_CHANGED"]);
  expect((await readCase(server.app, centre.staff, caseId)).keyVersion).toBe(1);
});

test("the new key goes to her, the recovery key and certified colleagues, and to nobody else", async () => {
  const { caseId } = await receiveCase(server);
  const third = await seedStaff(server.jikim, {
    pseudonym: `담당 ${randomUUID()}`,
    roles: ["caseworker"],
    root: centre.root,
  });
  const refused = async (to: readonly SeededStaff[], change: (body: desk.Assignment) => desk.Assignment) =>
    codeOf(await assign(caseId, to, change));
  expect(await refused([colleague, third], (body) => body)).toBe("HOLDERS_WRONG");
  for (const missing of ["survivor", "recovery", colleague.staffId])
    expect(
      await refused([colleague, centre.staff], ({ assignTo, rekey }) => ({
        assignTo,
        rekey: { ...rekey, wraps: rekey.wraps.filter((wrap) => wrap.holder !== missing) },
      })),
    ).toBe("HOLDERS_WRONG");
  await server.jikim.db.updateTable("staff").set({ state: "left" }).where("id", "=", third.staffId).execute();
  expect(await refused([third], (body) => body)).toBe("NOT_CERTIFIED");
  const same = (await readCase(server.app, centre.staff, caseId)).caseRecipient;
  expect(
    await refused([colleague], ({ assignTo, rekey }) => ({ assignTo, rekey: { ...rekey, caseRecipient: same } })),
  ).toBe("BAD_REQUEST");
});

test("places are cleaned, kept once, numbered on, and those staff found are marked so", async () => {
  const { caseId } = await openCase(server, centre);
  const text = "https://Pictures.example/a?utm_source=x";
  const body = {
    places: [
      { kind: "url", text },
      { kind: "url", text },
      { kind: "room", text: "@Room_One" },
    ],
  };
  const url = `/api/desk/cases/${caseId}/places`;
  await Promise.all([post(server.app, centre.staff, url, body), post(server.app, centre.staff, url, body)]);
  const { places } = await readCase(server.app, centre.staff, caseId);
  expect(places.map(({ number, address, namedBy }) => [number, address.text, namedBy])).toEqual([
    [1, "https://board.example/p/1", "survivor"],
    [2, "https://pictures.example/a", "staff"],
    [3, "@room_one", "staff"],
  ]);
});

test("the next act follows the work: assign, mandate, notices, list", async () => {
  const { caseId } = await receiveCase(server);
  const next = async () => (await readCase(server.app, centre.staff, caseId)).next.act;
  expect(await next()).toBe("assign");
  await takeCase(server.app, centre, caseId);
  expect(await next()).toBe("record-mandate");
  await recordMandate(server.app, centre.staff, caseId);
  // Notices are drafted by the server: that asks nothing of a person while it is under way.
  expect(await next()).toBe("list-items");
  await did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/flags`, { threat: true }));
  expect(await next()).toBe("plan-for-threat");
  await did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/flags`, { threat: false }));
  await server.jikim.db.updateTable("place").set({ state: "asked" }).where("caseId", "=", caseId).execute();
  await did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/flags`, {}));
  expect(await next()).toBe("list-items");
  const [entryId] = await listAll(server.app, centre.staff, caseId);
  expect(await next()).toBe("wait");
  // What staff took off the list on purpose is not asked for again.
  await did(post(server.app, centre.staff, `/api/desk/entries/${entryId}`, { change: "withdraw" }));
  expect(await next()).toBe("wait");
});

test("before a mandate nothing is looked at for an anonymous report, and a room is never fetched", async () => {
  const { caseId } = await receiveCase(server, { places: [{ kind: "room", text: "@invented_room" }] });
  const [place] = (await readCase(server.app, centre.staff, caseId)).places;
  const url = `/api/desk/places/${place?.id}/checks`;
  expect(codeOf(await post(server.app, centre.staff, url))).toBe("MANDATE_MISSING");
  await takeCase(server.app, centre, caseId);
  await recordMandate(server.app, centre.staff, caseId);
  expect(codeOf(await post(server.app, centre.staff, url))).toBe("NOT_A_PAGE");
});

test("a closed case takes no work and is found in its lane", async () => {
  const { caseId } = await openCase(server, centre);
  await did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/close`));
  const again = await post(server.app, centre.staff, `/api/desk/cases/${caseId}/flags`, { danger: true });
  expect([again.statusCode, codeOf(again)]).toEqual([409, "CASE_CLOSED"]);
  expect((await readQueue(centre.staff, "lane=closed")).rows.map((row) => row.id)).toEqual([caseId]);
  expect((await readQueue(centre.staff)).rows.map((row) => row.id)).not.toContain(caseId);
});

test("platforms are the admin's to make, a key is shown once and kept as a hash, and a name is one platform's", async () => {
  const body = {
    ...{ name: "가상 게시판", hosts: ["Board.example"], mail: null, language: "ko" },
    api: { expiresAt: server.jikim.now().add({ hours: 1 }).toString() },
  };
  const refused = await post(server.app, colleague, "/api/desk/platforms", body);
  expect([refused.statusCode, codeOf(refused)]).toEqual([403, "ROLE_MISSING"]);
  const { key } = await did<desk.PlatformCreated>(post(server.app, centre.admin, "/api/desk/platforms", body));
  expect(codeOf(await post(server.app, centre.admin, "/api/desk/platforms", body))).toBe("PLATFORM_NAME_TAKEN");
  const past = { ...body, name: "가상 2", api: { expiresAt: server.jikim.now().toString() } };
  expect(codeOf(await post(server.app, centre.admin, "/api/desk/platforms", past))).toBe("EXPIRY_PAST");
  const listed = await ask(server.app, { url: "/api/desk/platforms", headers: colleague.headers });
  expect(listed.json()).toMatchObject([{ name: "가상 게시판", hosts: ["board.example"], hostile: false }]);
  expect(listed.body).not.toContain(key);
  const rows = await server.jikim.db.selectFrom("platform").selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(key);
});
