import { randomUUID } from "node:crypto";
import {
  decryptText,
  encryptText,
  keysOfReturnCode,
  newFileKey,
  newReturnCode,
  recipientOf,
  seal,
  unwrapCaseKey,
  unwrapFileKey,
  wrapFileKey,
} from "@jikim/evidence";
import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { chats } from "../src/contract.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { forgetExpired } from "../src/store/forget.ts";
import { insertPack } from "../src/store/pack.ts";
import { recordSeal } from "../src/store/seal.ts";
import { did, makeRekey, openCase, post, readCase, receiveCase } from "./desk-work.ts";
import { dumpDatabase } from "./dump.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { readBody } from "./log-body.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { readMyCase, type Survivor } from "./survivor.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
});
afterAll(() => server.close());

const PLANTED = "빨간우산아래서만나요";

async function sealFile(text: string, caseRecipient: string) {
  const key = await newFileKey();
  const stream = await encryptText(new Blob([text]).stream(), key.recipient);
  const bytes = Buffer.from(await new Response(stream).arrayBuffer());
  const wrapped = Buffer.from(await wrapFileKey(key, caseRecipient)).toString("base64url");
  return { bytes, told: { id: randomUUID(), key: wrapped } };
}

type Ready = { readonly told: chats.ChatPost; readonly part: Buffer; readonly original: Buffer };

/** A chat as the portal seals it to the case as it is now. */
async function readyChat(survivor: Survivor, words = PLANTED): Promise<Ready> {
  const my = await readMyCase(server.app, survivor);
  const [part, original] = [
    await sealFile(JSON.stringify({ words }), my.caseRecipient),
    await sealFile("{}", my.caseRecipient),
  ];
  const told = {
    ...{ id: randomUUID(), keyVersion: my.keyVersion, shown: 2, digest: "ab".repeat(32) },
    commitment: { size: 7, root: "cd".repeat(32) },
    hers: Buffer.from(await seal({ secret: "00" }, [survivor.key.survivorRecipient])).toString("base64url"),
    ...{ part: part.told, original: original.told },
  };
  return { told, part: part.bytes, original: original.bytes };
}

const announce = ({ headers }: Survivor, told: chats.ChatPost) =>
  ask(server.app, { method: "POST", url: "/api/my/chats", headers, body: told });

const put = ({ headers }: Survivor, id: string, file: chats.ChatFileName, bytes: Buffer) =>
  ask(server.app, {
    ...{ method: "PUT", url: `/api/my/chats/${id}/files/${file}`, payload: bytes },
    headers: { ...headers, "content-type": "application/octet-stream" },
  });

async function sendChat(survivor: Survivor, ready?: Ready): Promise<Ready> {
  const chat = ready ?? (await readyChat(survivor));
  await did(announce(survivor, chat.told));
  await did(put(survivor, chat.told.id, "original", chat.original));
  await did(put(survivor, chat.told.id, "part", chat.part));
  return chat;
}

const change = ({ headers }: Survivor, id: string, to: "leave" | "keep") =>
  ask(server.app, { method: "POST", url: `/api/my/chats/${id}/${to}`, headers, body: {} });

const mine = async ({ headers }: Survivor) => did<chats.MyChats>(ask(server.app, { url: "/api/my/chats", headers }));

const atDesk = (caseId: string, rest = "") => ({
  url: `/api/desk/cases/${caseId}/chats${rest}`,
  headers: centre.staff.headers,
});

/** Bytes of a file; `ask` reads JSON only. */
const fetchFile = (asked: InjectOptions) => server.app.inject(asked);

async function openAtDesk(caseId: string, id: string): Promise<string> {
  const held = await readCase(server.app, centre.staff, caseId);
  const { identity } = await unwrapCaseKey(Buffer.from(held.wrapped, "base64url"), centre.staff.key.identity);
  const [chat] = (await did<chats.Chats>(ask(server.app, atDesk(caseId)))).chats.filter((one) => one.id === id);
  const key = held.fileKeys.find((one) => one.id === chat?.part.id);
  const fetched = await fetchFile(atDesk(caseId, `/${id}/part`));
  expect([fetched.statusCode, fetched.headers["content-type"]]).toEqual([200, "application/octet-stream"]);
  const fileIdentity = await unwrapFileKey(Buffer.from(key?.sealed ?? "", "base64url"), identity);
  return decryptText(new Blob([Uint8Array.from(fetched.rawPayload)]).stream(), fileIdentity);
}

test("a chat comes in two sealed files, is in the log, and opens at the desk; each opening is told to her", async () => {
  const { caseId, survivor } = await openCase(server, centre);
  const { told } = await sendChat(survivor);
  expect(await mine(survivor)).toMatchObject({
    chats: [{ id: told.id, commitment: told.commitment, shown: 2, digest: told.digest, leavesAt: null }],
  });
  expect(await openAtDesk(caseId, told.id)).toBe(JSON.stringify({ words: PLANTED }));
  const { releases } = await readMyCase(server.app, survivor);
  expect(releases.map(({ role, what }) => `${role} ${what}`)).toEqual(
    expect.arrayContaining(["survivor pack-sealed", expect.stringMatching(/pack-opened$/)]),
  );
  const entries = await server.jikim.db.selectFrom("logEntry").selectAll().where("packId", "=", told.id).execute();
  expect(entries.map(({ what }) => what)).toEqual(["pack", "custody", "custody"]);
  expect(readBody(server.jikim.vault, entries[0])).toMatchObject({ packId: told.id, chat: told.commitment });
});

test("the database never holds the words, and the log of the server neither", async () => {
  const { survivor } = await openCase(server, centre);
  await sendChat(survivor);
  expect(`${await dumpDatabase(server.database)} ${server.log.join()}`).not.toContain(PLANTED);
});

async function countOf({ id, part, original }: chats.ChatPost): Promise<number[]> {
  const { db } = server.jikim;
  const rows = await db.selectFrom("chat").select("id").where("id", "=", id).execute();
  const files = await db.selectFrom("sealedFile").select("id").where("id", "in", [part.id, original.id]).execute();
  return [rows.length, files.length];
}

test("a file sent twice is one file, and a chat announced again begins anew until it is there", async () => {
  const { survivor } = await openCase(server, centre);
  const first = await readyChat(survivor);
  await did(announce(survivor, first.told));
  const answers = [];
  for (let times = 0; times < 2; times++) answers.push(await did(put(survivor, first.told.id, "part", first.part)));
  expect(answers[0]).toEqual(answers[1]);
  const again = await readyChat(survivor);
  const told = { ...again.told, id: first.told.id };
  await sendChat(survivor, { ...again, told });
  expect(await countOf(first.told)).toEqual([1, 0]);
  expect(codeOf(await announce(survivor, told))).toBe("ID_TAKEN");
});

test("only age files are taken, sealed to the case as it is, into her own case", async () => {
  const { caseId, survivor } = await openCase(server, centre);
  const { survivor: other } = await openCase(server, centre);
  const ready = await readyChat(survivor);
  expect(codeOf(await announce(survivor, { ...ready.told, keyVersion: 1 }))).toBe("KEY_CHANGED");
  await did(announce(survivor, ready.told));
  expect(codeOf(await put(survivor, ready.told.id, "part", Buffer.from(PLANTED)))).toBe("NOT_SEALED");
  expect(codeOf(await put(other, ready.told.id, "part", ready.part))).toBe("NOT_FOUND");
  expect(codeOf(await announce(other, ready.told))).toBe("ID_TAKEN");
  await sendChat(survivor, ready);
  const stranger = { url: `/api/my/chats/${ready.told.id}/files/part`, headers: other.headers };
  expect(codeOf(await fetchFile(stranger))).toBe("NOT_FOUND");
  const thief = await readyChat(other);
  const stolen = { ...thief.told, part: { ...thief.told.part, id: ready.told.part.id } };
  expect(codeOf(await announce(other, stolen))).toBe("ID_TAKEN");
  expect(codeOf(await announce(other, { ...thief.told, id: ready.told.part.id }))).toBe("ID_TAKEN");
  expect((await did<chats.Chats>(ask(server.app, atDesk(caseId)))).chats).toHaveLength(1);
});

test("before a case is taken up there is little room, and no more than fifty chats ever", async () => {
  const { caseId, survivor } = await receiveCase(server);
  expect((await mine(survivor)).mostFileBytes).toBe(16 * 1024 * 1024);
  const big = await readyChat(survivor);
  await did(announce(survivor, big.told));
  const tooMuch = Buffer.concat([big.part.subarray(0, 200), Buffer.alloc(16 * 1024 * 1024)]);
  expect(codeOf(await put(survivor, big.told.id, "part", tooMuch))).toBe("TOO_LARGE");
  for (let coming = 1; coming < 3; coming++) await did(announce(survivor, (await readyChat(survivor)).told));
  expect(codeOf(await announce(survivor, (await readyChat(survivor)).told))).toBe("TOO_MANY_CHATS");
  const row = await server.jikim.db
    .selectFrom("chat")
    .selectAll()
    .where("id", "=", big.told.id)
    .executeTakeFirstOrThrow();
  const old = Array.from({ length: 47 }, () => ({
    ...{ ...row, id: randomUUID(), partId: randomUUID(), originalId: randomUUID(), caseId },
    ...{ announcedAt: row.announcedAt.toString(), receivedAt: row.announcedAt.toString(), leavesAt: null },
    ...{ keyVersion: null, partKey: null, originalKey: null },
  }));
  await server.jikim.db.deleteFrom("chat").where("caseId", "=", caseId).execute();
  await server.jikim.db
    .insertInto("chat")
    .values([
      ...old,
      ...old.slice(0, 3).map((one) => ({ ...one, id: randomUUID(), partId: randomUUID(), originalId: randomUUID() })),
    ])
    .execute();
  expect(codeOf(await announce(survivor, (await readyChat(survivor)).told))).toBe("TOO_MANY_CHATS");
});

test("a case that was set aside in a flood has no room for chats until somebody takes it up", async () => {
  const { caseId, survivor } = await receiveCase(server);
  await server.jikim.db.updateTable("cases").set({ state: "set-aside" }).where("id", "=", caseId).execute();
  expect((await mine(survivor)).mostFileBytes).toBe(0);
  expect(codeOf(await announce(survivor, (await readyChat(survivor)).told))).toBe("TOO_MANY_CHATS");
});

test("a new case key carries the chats along, and drops one that was on its way", async () => {
  const { caseId, survivor } = await openCase(server, centre);
  const { told } = await sendChat(survivor);
  const coming = await readyChat(survivor);
  await did(announce(survivor, coming.told));
  await did(put(survivor, coming.told.id, "part", coming.part));
  const held = await readCase(server.app, centre.staff, caseId);
  const rekey = await makeRekey(held, centre.staff, [centre.staff], centre.recovery.recipient);
  await did(
    post(server.app, centre.staff, `/api/desk/cases/${caseId}/rekey`, { assignTo: centre.staff.staffId, rekey }),
  );
  expect(await openAtDesk(caseId, told.id)).toBe(JSON.stringify({ words: PLANTED }));
  expect(await countOf(coming.told)).toEqual([0, 0]);
});

test("a new code takes along what only her code opens, and is refused when it would leave one behind", async () => {
  const { survivor } = await openCase(server, centre);
  const { told } = await sendChat(survivor);
  const body = await replacement(survivor);
  const send = (chats: object[]) =>
    ask(server.app, { method: "POST", url: "/api/my/code", headers: survivor.headers, body: { ...body, chats } });
  expect(codeOf(await send([]))).toBe("DOCUMENTS_CHANGED");
  const hers = Buffer.from(await seal({ secret: "11" }, [body.survivorRecipient])).toString("base64url");
  await did(send([{ id: told.id, sealed: hers }]));
  const headers = { authorization: `Return ${body.token}` };
  expect((await mine({ ...survivor, headers })).chats[0]?.hers).toBe(hers);
});

/** A new code and case key for a case that only the recovery key, she and one of the staff hold. */
async function replacement(survivor: Survivor) {
  const { token, identity } = keysOfReturnCode(newReturnCode());
  const survivorRecipient = await recipientOf(identity);
  const { id } = await readMyCase(server.app, survivor);
  const held = await readCase(server.app, centre.staff, id);
  const rekey = await makeRekey(held, centre.staff, [centre.staff], centre.recovery.recipient);
  return { token, survivorRecipient, rekey };
}

test("she takes a chat back at once, and nothing of it stays but that it was", async () => {
  const { caseId, survivor } = await openCase(server, centre);
  const { told } = await sendChat(survivor);
  expect((await did<chats.MyChats>(change(survivor, told.id, "leave"))).chats).toEqual([]);
  expect(await countOf(told)).toEqual([0, 0]);
  expect(codeOf(await fetchFile(atDesk(caseId, `/${told.id}/part`)))).toBe("NOT_FOUND");
  const { releases } = await readMyCase(server.app, survivor);
  expect(releases.map(({ what }) => what)).toEqual(expect.arrayContaining(["pack-withdrawn", "pack-deleted"]));
});

test("packs for units that hold a chat are withdrawn when she takes it back, but none that a law demands", async () => {
  const { caseId, survivor } = await openCase(server, centre);
  const [taken, kept] = [await sendChat(survivor), await sendChat(survivor)];
  const law = { kind: "law", id: "kr-duty-to-report", reference: null } as const;
  const ids = {
    withdrawn: await orderPack(caseId, taken.told.id, { kind: "consent" }),
    demanded: await orderPack(caseId, taken.told.id, law),
    other: await orderPack(caseId, kept.told.id, { kind: "consent" }),
  };
  await did(change(survivor, taken.told.id, "leave"));
  const rows = await server.jikim.db.selectFrom("pack").select(["id", "state"]).where("caseId", "=", caseId).execute();
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  expect(Object.values(ids).map((id) => states.get(id))).toEqual(["withdrawn", "ordered", "ordered"]);
});

/** A pack for a unit, as far as withdrawing looks at it. */
async function orderPack(caseId: string, chatId: string, ground: object): Promise<string> {
  const { db, vault } = server.jikim;
  const packId = randomUUID();
  const unit = { kind: "police", name: "지어낸경찰서", recipient: null, mail: null };
  const order = {
    packId,
    exhibit: "1",
    unit,
    ground,
    legalBasis: "",
    authorityId: null,
    exhibits: [{ packId: chatId }],
    ...{ files: [], leftOut: [] },
  };
  const pack = { caseId, order, answer: {}, staffId: centre.staff.staffId, at: server.jikim.now() };
  await recordSeal(db, server.jikim.vault, {
    packId,
    caseId,
    text: "{}",
    signature: new Uint8Array(64),
    at: server.jikim.now(),
  });
  await db.transaction().execute((tx) => insertPack(tx, vault, pack as unknown as Parameters<typeof insertPack>[2]));
  return packId;
}

test("where she chose 24 hours, nobody opens it meanwhile, her safe contact is to be told, and she may keep it", async () => {
  const { caseId, survivor } = await openCase(server, centre, { withdrawalPlan: "after-24-hours" });
  const { told } = await sendChat(survivor);
  const safeContactWaits = async () => (await readCase(server.app, centre.staff, caseId)).safeContactWaiting;
  await did(change(survivor, told.id, "leave"));
  expect(codeOf(await fetchFile(atDesk(caseId, `/${told.id}/part`)))).toBe("CHAT_LEAVING");
  expect(await safeContactWaits()).toBe(true);
  await did(change(survivor, told.id, "keep"));
  expect(await safeContactWaits()).toBe(false);
  await openAtDesk(caseId, told.id);
  await did(change(survivor, told.id, "leave"));
  await sweep({ ...server.jikim, now: () => server.jikim.now().add({ hours: 25 }) });
  expect(await countOf(told)).toEqual([0, 0]);
});

test("a consent given again does not call off the word to her safe contact while a chat still leaves", async () => {
  const { caseId, survivor } = await openCase(server, centre, { withdrawalPlan: "after-24-hours" });
  const { told } = await sendChat(survivor);
  const safeContactWaits = async () => (await readCase(server.app, centre.staff, caseId)).safeContactWaiting;
  const consent = (payload: object) =>
    did(ask(server.app, { method: "POST", url: "/api/my/consents", payload, headers: survivor.headers }));
  await did(change(survivor, told.id, "leave"));
  await consent({ act: "remove", change: "withdraw" });
  await consent({ act: "remove", change: "give" });
  expect(await safeContactWaits()).toBe(true);
  await did(change(survivor, told.id, "keep"));
  expect(await safeContactWaits()).toBe(false);
});

test("staff see nothing of a chat before both files are there, and half of one is dropped after a day", async () => {
  const { caseId, survivor } = await openCase(server, centre);
  const { told, part } = await readyChat(survivor);
  await did(announce(survivor, told));
  await did(put(survivor, told.id, "part", part));
  expect((await did<chats.Chats>(ask(server.app, atDesk(caseId)))).chats).toEqual([]);
  expect(codeOf(await fetchFile(atDesk(caseId, `/${told.id}/part`)))).toBe("NOT_FOUND");
  await forgetExpired(server.jikim.db, server.jikim.now().add({ hours: 25 }));
  expect(await countOf(told)).toEqual([0, 0]);
});
