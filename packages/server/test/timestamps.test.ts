import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newSigningKey, signBytes } from "@jikim/evidence";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { findCustody } from "../src/store/custody.ts";
import { findClockOff, findDueStamps, findSeal, recordSeal } from "../src/store/seal.ts";
import { askForStamp } from "../src/timestamps/authority.ts";
import { stampSeal } from "../src/timestamps/stamp.ts";
import { did, receiveCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { openTimestampServer, type TimestampServer } from "./timestamp-server.ts";

const packId = "0f000000-0000-4000-8000-000000000001";
let server: TimestampServer;
beforeAll(async () => {
  server = await openTimestampServer();
});
afterAll(() => server.close());
afterEach(() => server.behave("honest"));

describe("an authority's answer", () => {
  const data = new TextEncoder().encode("a signature");
  const stamp = (changes: object = {}, allowPrivate = false) =>
    askForStamp({ url: server.url, roots: server.authority.root, policy: null, ...changes }, data, {
      allowPrivate,
      now: Temporal.Now.instant(),
    });

  test("is taken when it holds, and OpenSSL believes it", async () => {
    const answer = await stamp();
    expect("stamp" in answer && server.authority.believes(answer.stamp, data)).toBe(true);
  });

  test.each([
    ["silent", "unreachable"],
    ["page", "refused"],
    ["elsewhere", "refused"],
    ["huge", "refused"],
    ["replay", "OTHER_REQUEST"],
  ] as const)("that is %s is no timestamp", async (mood, trouble) => {
    await stamp();
    server.behave(mood);
    expect(await stamp()).toEqual({ trouble });
  });

  test("under another root or policy is not believed, and a name that leads inside is not reached", async () => {
    const other = await openTimestampServer();
    expect(await stamp({ roots: other.authority.root })).toEqual({ trouble: "SIGNATURE" });
    expect(await stamp({ policy: "1.2.3.4" })).toEqual({ trouble: "OTHER_POLICY" });
    await other.close();
    const named = server.url.replace("127.0.0.1", "localhost");
    const before = server.asked();
    expect(await stamp({ url: named })).toEqual({ trouble: "unreachable" });
    expect(server.asked()).toBe(before);
    expect(await stamp({ url: named }, true)).toHaveProperty("stamp");
  });
});

describe("a seal", () => {
  let centre: TestJikim;
  let seeded: SeededCentre;
  let caseId: string;
  const signature = signBytes(new TextEncoder().encode("jikim/pack/v1\n{}"), newSigningKey().secret);
  beforeEach(async () => {
    const timestamps = { url: server.url, roots: server.authority.root, policy: null };
    centre = await openTestJikim({ timestamps });
    seeded = await seedCentre(centre.jikim);
    ({ caseId } = await receiveCase(centre));
    const seal = { packId, caseId, text: "{}", signature, at: centre.jikim.now() };
    await centre.jikim.db.transaction().execute(async (tx) => {
      expect(await recordSeal(tx, centre.jikim.vault, seal)).toBe(true);
      expect(await recordSeal(tx, centre.jikim.vault, seal)).toBe(false);
    });
  });
  afterEach(() => centre.close());

  test("is stamped once, over its signature, and the stamp is in the custody", async () => {
    const before = server.asked();
    await Promise.all([stampSeal(centre.jikim, packId), stampSeal(centre.jikim, packId)]);
    await stampSeal(centre.jikim, packId);
    expect(server.asked()).toBe(before + 1);
    const seal = await findSeal(centre.jikim.db, packId);
    expect(server.authority.believes(new Uint8Array(seal?.stamp ?? []), signature)).toBe(true);
    const { custody } = await findCustody(centre.jikim.db, centre.jikim.vault, caseId, [packId]);
    expect(custody).toMatchObject([{ did: "stamped", role: "server", packId }]);
  });

  test("tells how far our clock is off, for a day", async () => {
    const { db, vault, now } = centre.jikim;
    expect(await findClockOff(db, now())).toBeNull();
    centre.pass({ minutes: 5 });
    await stampSeal(centre.jikim, packId);
    const off = (await findClockOff(db, now())) ?? 0;
    expect(Math.abs(off - 300_000)).toBeLessThan(30_000);
    const other = { packId: randomUUID(), caseId, text: "{}", signature, at: now() };
    await recordSeal(db, vault, other);
    expect(await findClockOff(db, now())).toBe(off);
    centre.pass({ hours: 25 });
    expect(await findClockOff(db, now())).toBeNull();
  });

  test("is stamped later when the authority is away, and says why meanwhile", async () => {
    server.behave("silent");
    await stampSeal(centre.jikim, packId);
    expect(await findSeal(centre.jikim.db, packId)).toMatchObject({ stamp: null, stampTrouble: "unreachable" });
    expect(await findDueStamps(centre.jikim.db, centre.jikim.now(), 10)).toEqual([]);
    server.behave("replay");
    centre.pass({ minutes: 2 });
    expect(await findDueStamps(centre.jikim.db, centre.jikim.now(), 10)).toEqual([packId]);
    server.behave("honest");
    // The real clock is what the authority stamps with: ours may be ahead, never behind.
    await stampSeal(centre.jikim, packId);
    expect(await findSeal(centre.jikim.db, packId)).toMatchObject({ stampTrouble: null, stampNextAt: null });
  });

  test("is told to the desk: waiting while there is no line, stamped later, and only to who is signed in", async () => {
    const reading = { method: "GET", url: "/api/desk/timestamps" } as const;
    expect((await ask(centre.app, reading)).statusCode).toBe(401);
    const read = () => did(ask(centre.app, { ...reading, headers: seeded.staff.headers }));
    const authority = new URL(server.url).host;
    server.behave("silent");
    await stampSeal(centre.jikim, packId);
    expect(await read()).toEqual({ authority, waiting: 1 });
    server.behave("honest");
    centre.pass({ minutes: 2 });
    await stampSeal(centre.jikim, packId);
    expect(await read()).toEqual({ authority, waiting: 0 });
  });

  test("without an authority set, the desk is told that none is, and how many wait", async () => {
    const bare = await openTestJikim({ timestamps: null });
    const { staff } = await seedCentre(bare.jikim);
    const read = () => did(ask(bare.app, { method: "GET", url: "/api/desk/timestamps", headers: staff.headers }));
    expect(await read()).toEqual({ authority: null, waiting: 0 });
    await bare.close();
  });

  test("without an authority waits and asks nobody", async () => {
    const before = server.asked();
    await stampSeal({ ...centre.jikim, config: { ...centre.jikim.config, timestamps: null } }, packId);
    expect(server.asked()).toBe(before);
    expect(await findSeal(centre.jikim.db, packId)).toMatchObject({ stamp: null, stampTries: 0 });
  });
});

test("the settings name an authority and its root together, and a root that is one", () => {
  const path = join(server.authority.folder, "root.pem");
  const set = { JIKIM_TIMESTAMP_URL: server.url, JIKIM_TIMESTAMP_ROOTS: path };
  expect(readConfig(set).timestamps).toEqual({ url: server.url, roots: server.authority.root, policy: null });
  expect(readConfig({}).timestamps).toBeNull();
  expect(() => readConfig({ JIKIM_TIMESTAMP_URL: server.url })).toThrow("together");
  const empty = join(server.authority.folder, "empty.pem");
  writeFileSync(empty, "no certificate");
  expect(() => readConfig({ ...set, JIKIM_TIMESTAMP_ROOTS: empty })).toThrow("PEM");
});
