import { fingerprint } from "@jikim/fingerprint";
import { followCentre, memoryStore } from "@jikim/sdk";
import { changesPageSchema, listHeadSchema, snapshotPageSchema } from "@jikim/sdk/wire";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawing } from "../src/demo/invented.ts";
import { createPlatform, did, listAll, type MadePlatform, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let platform: MadePlatform;
let origin: string;

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
  platform = await createPlatform(server, centre);
  origin = await server.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => server.close());

const itemOf = (value: string) => ({
  kind: "picture" as const,
  fingerprints: [{ kind: "pdq" as const, value, quality: 90 }],
});
const someValue = (seed: number) => fingerprint(drawing(seed)).pdq;

async function follow() {
  const problems: string[] = [];
  const followed = await followCentre({
    ...{ url: origin, key: platform.headers.authorization.slice(7), root: centre.root.public, store: memoryStore() },
    everyMs: 60_000,
    onProblem: (problem) => problems.push(problem.code),
  });
  return { followed, problems };
}

async function readChanges(after = 0) {
  const url = `/api/platform/list/changes?after=${after}`;
  return changesPageSchema.parse(await did(ask(server.app, { url, headers: platform.headers })));
}

async function readHead() {
  return listHeadSchema.parse(JSON.parse((await readChanges()).head.payload));
}

test("an item put on the list reaches a platform that follows it, and leaves it when staff withdraw it", async () => {
  const { caseId } = await openCase(server, centre, { items: [itemOf(someValue(1)), itemOf(someValue(2))] });
  const { followed, problems } = await follow();
  const before = followed.status().entries;
  const [first = "", second = ""] = await listAll(server.app, centre.staff, caseId);
  await followed.refresh();
  expect(followed.status().entries).toBe(before + 2);
  expect(followed.entry(first)).toMatchObject({ basis: "self-reported", effect: "hold", disputed: false });
  await did(post(server.app, centre.staff, `/api/desk/entries/${first}`, { change: "withdraw" }));
  await followed.refresh();
  expect(followed.entry(first)).toBeNull();
  expect(followed.entry(second)).not.toBeNull();
  expect(problems).toEqual([]);
  await followed.stop();
});

test("twenty listings and withdrawals at once give a chain without a gap that the sdk takes", async () => {
  const cases = await Promise.all(
    Array.from({ length: 5 }, (_, at) =>
      openCase(server, centre, { items: [10, 11, 12, 13].map((n) => itemOf(someValue(n + 7 * at))) }),
    ),
  );
  const { followed, problems } = await follow();
  const started = (await readHead()).number;
  await Promise.all(
    cases.flatMap(({ caseId }) =>
      [0, 1, 2, 3].map(async (at) => {
        const { items } = await readCase(server.app, centre.staff, caseId);
        const body = { items: [items[at]?.id], basis: "self-reported", reference: null };
        await did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/entries`, body));
      }),
    ),
  );
  expect((await readHead()).number).toBe(started + 20);
  const { caseId = "" } = cases[0] ?? {};
  const { items } = await readCase(server.app, centre.staff, caseId);
  await Promise.all(
    items.map((item) =>
      did(post(server.app, centre.staff, `/api/desk/entries/${item.entry?.id}`, { change: "withdraw" })),
    ),
  );
  await followed.refresh();
  const fresh = await follow();
  for (const one of [followed, fresh.followed])
    expect(one.status()).toMatchObject({ number: started + 24, problem: null });
  expect(fresh.followed.status().entries).toBe(followed.status().entries);
  expect([...problems, ...fresh.problems]).toEqual([]);
  await Promise.all([followed.stop(), fresh.followed.stop()]);
});

test("the text of a withdrawn put is gone from the database and from what platforms are given; its number stays", async () => {
  const { caseId } = await openCase(server, centre, { items: [itemOf(someValue(3))] });
  const [entryId = ""] = await listAll(server.app, centre.staff, caseId);
  const { number } = await readHead();
  await did(post(server.app, centre.staff, `/api/desk/entries/${entryId}`, { change: "withdraw" }));
  const { changes } = await readChanges(number - 1);
  expect(changes[0]).toEqual({ number, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const row = await server.jikim.db
    .selectFrom("listChange")
    .select(["payloadSealed", "inForce"])
    .where("number", "=", number)
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ payloadSealed: Buffer.alloc(0), inForce: false });
});

test("a dispute makes a blocking entry hold, under the same id, and settling it blocks again", async () => {
  const { caseId } = await openCase(server, centre, { items: [itemOf(someValue(4))] });
  const { items } = await readCase(server.app, centre.staff, caseId);
  const body = { items: [items[0]?.id], basis: "police", reference: "2026-지어냄-1" };
  await did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/entries`, body));
  const entryId = (await readCase(server.app, centre.staff, caseId)).items[0]?.entry?.id ?? "";
  const { followed, problems } = await follow();
  expect(followed.entry(entryId)?.effect).toBe("block");
  await did(post(server.app, centre.staff, `/api/desk/entries/${entryId}`, { change: "dispute" }));
  await followed.refresh();
  expect(followed.entry(entryId)).toMatchObject({ effect: "hold", disputed: true });
  await did(post(server.app, centre.staff, `/api/desk/entries/${entryId}`, { change: "settle" }));
  await followed.refresh();
  expect(followed.entry(entryId)).toMatchObject({ effect: "block", disputed: false });
  expect(problems).toEqual([]);
  await followed.stop();
});

test("nothing goes on the list without a mandate, without her consent, or twice, nor a basis without its number", async () => {
  const refused = await openCase(server, centre, {
    consents: { remove: true, share: false, police: false, statistics: true },
  });
  const { items: unshared } = await readCase(server.app, centre.staff, refused.caseId);
  const listing = (items: readonly string[], more: object = {}) => ({
    ...{ items, basis: "self-reported", reference: null },
    ...more,
  });
  const put = (caseId: string, body: object) =>
    post(server.app, centre.staff, `/api/desk/cases/${caseId}/entries`, body);
  const first = await put(refused.caseId, listing([unshared[0]?.id ?? ""]));
  expect([first.statusCode, codeOf(first)]).toEqual([403, "CONSENT_MISSING"]);
  const { caseId } = await openCase(server, centre);
  const { items } = await readCase(server.app, centre.staff, caseId);
  const id = items[0]?.id ?? "";
  expect(codeOf(await put(caseId, listing([id], { basis: "court" })))).toBe("BASIS_NEEDS_REFERENCE");
  expect(codeOf(await put(caseId, listing([unshared[0]?.id ?? ""])))).toBe("NOT_FOUND");
  await server.jikim.db.deleteFrom("mandate").where("caseId", "=", caseId).execute();
  expect(codeOf(await put(caseId, listing([id])))).toBe("MANDATE_MISSING");
});

test("two clicks at once list an item once", async () => {
  const { caseId } = await openCase(server, centre);
  const { items } = await readCase(server.app, centre.staff, caseId);
  const body = { items: [items[0]?.id], basis: "self-reported", reference: null };
  const url = `/api/desk/cases/${caseId}/entries`;
  const both = await Promise.all([0, 1].map(() => post(server.app, centre.staff, url, body)));
  expect(both.map((response) => response.statusCode).sort()).toEqual([200, 409]);
});

test("a page of the snapshot ends where it says, and the next goes on from there", async () => {
  const page = async (query: string) => {
    const url = `/api/platform/list/snapshot?${query}`;
    return snapshotPageSchema.parse(await did(ask(server.app, { url, headers: platform.headers })));
  };
  const all = (await page("after=0")).puts.map((put) => put.payload);
  expect(all.length).toBeGreaterThan(3);
  const seen: string[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const { puts, next } = await page(`after=${after}&limit=3`);
    seen.push(...puts.map((put) => put.payload));
    after = next;
  }
  expect(seen).toEqual(all);
});

test("a key that is unknown, revoked or expired is told so, and gets nothing", async () => {
  const [revoked, expired] = [await createPlatform(server, centre), await createPlatform(server, centre)];
  await did(post(server.app, centre.admin, `/api/desk/platforms/${revoked.id}`, { revokeKey: true }));
  await server.jikim.db
    .updateTable("platform")
    .set({ keyExpiresAt: server.jikim.now().subtract({ seconds: 1 }).toString() })
    .where("id", "=", expired.id)
    .execute();
  const codes = [];
  for (const headers of [{}, { authorization: "Bearer jikim_nobody" }, revoked.headers, expired.headers])
    for (const url of ["/api/platform/list/snapshot", "/api/platform/list/changes?after=0", "/api/platform/notices"]) {
      const response = await ask(server.app, { url, headers });
      expect(response.statusCode).toBe(401);
      codes.push(codeOf(response));
    }
  const [u, r, e] = ["PLATFORM_KEY_UNKNOWN", "PLATFORM_KEY_REVOKED", "PLATFORM_KEY_EXPIRED"];
  expect(codes).toEqual([u, u, u, u, u, u, r, r, r, e, e, e]);
});

test("the desk sees when a platform was last here and which number it asked from", async () => {
  const asking = await createPlatform(server, centre);
  await did(ask(server.app, { url: "/api/platform/list/changes?after=2", headers: asking.headers }));
  const response = await ask(server.app, { url: "/api/desk/platforms", headers: centre.staff.headers });
  const shown = response.json<{ id: string; key: object | null }[]>().find(({ id }) => id === asking.id);
  expect(shown?.key).toMatchObject({ revoked: false, listNumber: 2, lastSeenAt: expect.any(String) });
});

test("an answer is kept once, and one that says more than what was done is refused", async () => {
  const { caseId } = await openCase(server, centre);
  const [entryId = ""] = await listAll(server.app, centre.staff, caseId);
  const answer = { id: crypto.randomUUID(), entryId, did: "held", at: server.jikim.now().toString() };
  const tell = (answers: object[]) =>
    ask(server.app, { method: "POST", url: "/api/platform/answers", headers: platform.headers, body: { answers } });
  const unknown = { ...answer, id: crypto.randomUUID(), entryId: crypto.randomUUID() };
  expect((await tell([answer, unknown])).json()).toEqual({ accepted: 1 });
  expect((await tell([answer])).json()).toEqual({ accepted: 1 });
  expect((await tell([{ ...answer, user: "someone" }])).statusCode).toBe(400);
  const { items } = await readCase(server.app, centre.staff, caseId);
  expect(items[0]?.entry?.answers).toEqual([
    { platform: platform.name, did: "held", count: 1, lastAt: expect.any(String) },
  ]);
});
