import { randomUUID } from "node:crypto";
import { commitTo, isIncluded, leafHash, readCheckpoint, readLogProof, readNote, signatureBy } from "@jikim/casework";
import { keysOfReturnCode, newReturnCode, readCertificate, seal, verifyBytes } from "@jikim/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { portal } from "../src/contract.ts";
import { logKeyOf } from "../src/log/key.ts";
import { prepareLog, sequenceLog } from "../src/log/sequence.ts";
import { sha256 } from "../src/store/log.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { readMyCase, type Survivor, sendSurvivor } from "./survivor.ts";

let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
});
afterAll(() => server.close());

type Written = { readonly id: string; readonly keyVersion: number; readonly sealed: string };

async function message(survivor: Survivor, keyVersion = 1): Promise<Written> {
  const sealed = await seal({ by: "survivor", content: { text: "지어낸 말" } }, [survivor.key.recipient]);
  return { id: randomUUID(), keyVersion, sealed: Buffer.from(sealed).toString("base64url") };
}

const post = ({ headers }: Pick<Survivor, "headers">, url: string, body: object) =>
  ask(server.app, { method: "POST", url: `/api/my/${url}`, headers, body });

const withdraw = (survivor: Survivor, act: string) => post(survivor, "consents", { act, change: "withdraw" });
const give = (survivor: Survivor, act: string) => post(survivor, "consents", { act, change: "give" });

test("a wrong code, a draft's token and no code at all get the same answer, which holds nothing", async () => {
  const { code } = await sendSurvivor(server.app);
  const wrong = keysOfReturnCode(newReturnCode()).token;
  const answers = [];
  for (const authorization of [
    `Return ${wrong}`,
    `Return ${keysOfReturnCode(code).draftToken}`,
    "Return x",
    "",
    "Draft y",
  ])
    answers.push(await ask(server.app, { url: "/api/my/case", headers: { authorization } }));
  expect(new Set(answers.map((answer) => `${answer.statusCode} ${answer.body}`)).size).toBe(1);
  expect([answers[0]?.statusCode, answers[0] && codeOf(answers[0])]).toEqual([404, "CODE_UNKNOWN"]);
});

test("an address that tries codes is stopped, while another goes on", async () => {
  const survivor = await sendSurvivor(server.app);
  const authorization = `Return ${keysOfReturnCode(newReturnCode()).token}`;
  const answers: number[] = [];
  for (let tried = 0; tried < 12; tried++)
    answers.push(
      (await ask(server.app, { url: "/api/my/case", headers: { authorization }, remoteAddress: "192.0.2.9" }))
        .statusCode,
    );
  expect(answers).toEqual([...Array(10).fill(404), 429, 429]);
  expect((await readMyCase(server.app, survivor)).state).toBe("received");
});

test("each of her routes wants the code", async () => {
  const survivor = await sendSurvivor(server.app);
  const bodies = {
    messages: await message(survivor),
    provenance: await message(survivor),
    places: { places: [] },
    consents: { act: "share", change: "withdraw" },
    code: {},
  };
  for (const [url, body] of Object.entries(bodies)) {
    const headers = { authorization: `Return ${keysOfReturnCode(newReturnCode()).token}` };
    const asked = { method: "POST" as const, url: `/api/my/${url}`, headers, body };
    expect(codeOf(await ask(server.app, { ...asked, remoteAddress: `192.0.2.${url.length}` }))).toBe("CODE_UNKNOWN");
  }
});

test("her case names who holds its key, by certificates of the root", async () => {
  const my = await readMyCase(server.app, await sendSurvivor(server.app));
  const holders = my.holders.map((holder) => readCertificate(holder, "staff", centre.root.public, Date.now()));
  expect(holders.map((holder) => holder?.staffId)).toEqual([centre.staff.staffId]);
});

test("a message sent twice is one message, waits for an answer, and is not noted as a release", async () => {
  const survivor = await sendSurvivor(server.app);
  const written = await message(survivor);
  for (let times = 0; times < 2; times++) expect((await post(survivor, "messages", written)).statusCode).toBe(200);
  const my = await readMyCase(server.app, survivor);
  expect(my.documents.filter((document) => document.kind === "message")).toMatchObject([
    { id: written.id, by: "survivor" },
  ]);
  const row = await server.jikim.db
    .selectFrom("cases")
    .select("unansweredSince")
    .where("id", "=", my.id)
    .executeTakeFirstOrThrow();
  expect(row.unansweredSince).not.toBeNull();
});

test("a message's id cannot be taken by another case", async () => {
  const [first, second] = [await sendSurvivor(server.app), await sendSurvivor(server.app)];
  const written = await message(first);
  await post(first, "messages", written);
  expect(codeOf(await post(second, "messages", written))).toBe("ID_TAKEN");
});

test("a message sealed to an old case key is refused, so that it can be sealed again", async () => {
  const survivor = await sendSurvivor(server.app);
  const response = await post(survivor, "messages", await message(survivor, 2));
  expect([response.statusCode, codeOf(response)]).toEqual([409, "KEY_CHANGED"]);
});

test("the 301st message of a day is refused and not kept, and tomorrow there is room again", async () => {
  const survivor = await sendSurvivor(server.app);
  const { id: caseId } = await readMyCase(server.app, survivor);
  const rows = Array.from({ length: 300 }, () => ({
    ...{ id: randomUUID(), caseId, kind: "message" as const, author: "survivor" as const, staffId: null },
    writtenAt: server.jikim.now().toString(),
    sealed: Buffer.of(1),
  }));
  await server.jikim.db.insertInto("document").values(rows).execute();
  const written = await message(survivor);
  expect(codeOf(await post(survivor, "messages", written))).toBe("TOO_MANY_TODAY");
  server.pass({ hours: 24, minutes: 1 });
  expect((await post(survivor, "messages", written)).statusCode).toBe(200);
});

test("what a file says of itself is kept once as her document and waits for nobody, at most a hundred a day", async () => {
  const survivor = await sendSurvivor(server.app);
  const written = await message(survivor);
  for (let times = 0; times < 2; times++) expect((await post(survivor, "provenance", written)).statusCode).toBe(200);
  const { id: caseId, documents } = await readMyCase(server.app, survivor);
  expect(documents.filter(({ kind }) => kind === "provenance")).toMatchObject([{ id: written.id, by: "survivor" }]);
  const row = await server.jikim.db.selectFrom("cases").select("unansweredSince").where("id", "=", caseId).execute();
  expect(row).toEqual([{ unansweredSince: null }]);
  expect(codeOf(await post(survivor, "messages", written))).toBe("ID_TAKEN");
  expect(codeOf(await post(survivor, "provenance", await message(survivor, 2)))).toBe("KEY_CHANGED");
  const rows = Array.from({ length: 99 }, () => ({
    ...{ id: randomUUID(), caseId, kind: "provenance" as const, author: "survivor" as const, staffId: null },
    ...{ writtenAt: server.jikim.now().toString(), sealed: Buffer.of(1) },
  }));
  await server.jikim.db.insertInto("document").values(rows).execute();
  expect(codeOf(await post(survivor, "provenance", await message(survivor)))).toBe("TOO_MANY_TODAY");
});

test("what she writes opens a closed case again", async () => {
  const survivor = await sendSurvivor(server.app);
  const { id } = await readMyCase(server.app, survivor);
  const closed = { state: "closed" as const, closedAt: server.jikim.now().toString() };
  await server.jikim.db.updateTable("cases").set(closed).where("id", "=", id).execute();
  await post(survivor, "messages", await message(survivor));
  expect((await readMyCase(server.app, survivor)).state).toBe("open");
});

test("places are added once each, numbered on, and named by her", async () => {
  const survivor = await sendSurvivor(server.app);
  const places = ["https://board.example/p/1", "https://board.example/p/2#top", "board.example/p/2"];
  const body = { places: places.map((text) => ({ kind: "url", text })) };
  expect((await post(survivor, "places", body)).statusCode).toBe(200);
  const my = await readMyCase(server.app, survivor);
  expect(my.places.map(({ number, address }) => [number, address.text])).toEqual([
    [1, "https://board.example/p/1"],
    [2, "https://board.example/p/2"],
  ]);
});

test("a withdrawal at once is in effect at once, noted, and there is then nothing to withdraw", async () => {
  const survivor = await sendSurvivor(server.app);
  const response = await withdraw(survivor, "share");
  expect(consent(response.json(), "share")).toMatchObject({ state: "withdrawn" });
  const my = await readMyCase(server.app, survivor);
  expect(my.releases.map(({ role, what }) => [role, what])).toContainEqual(["survivor", "withdrew"]);
  expect(codeOf(await withdraw(survivor, "share"))).toBe("CONSENT_NOT_GIVEN");
});

test("a delayed withdrawal waits 24 hours, asks that her safe contact be told, and giving again stops it", async () => {
  const survivor = await sendSurvivor(server.app, { withdrawalPlan: "after-24-hours" });
  const asked = server.jikim.now();
  const waiting = consent((await withdraw(survivor, "share")).json(), "share");
  if (waiting?.state !== "withdrawing") throw new Error("the withdrawal does not wait");
  expect(asked.until(waiting.effectiveAt, { largestUnit: "hour", smallestUnit: "hour" }).hours).toBe(24);
  const { id } = await readMyCase(server.app, survivor);
  const told = () =>
    server.jikim.db
      .selectFrom("cases")
      .select("safeContactWaitingSince as since")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
  expect((await told()).since).not.toBeNull();
  expect(consent((await give(survivor, "share")).json(), "share")).toMatchObject({ state: "given" });
  expect((await told()).since).toBeNull();
});

test("giving one consent again leaves another's withdrawal, and the telling of her safe contact, alone", async () => {
  const survivor = await sendSurvivor(server.app, { withdrawalPlan: "after-24-hours" });
  await withdraw(survivor, "share");
  await withdraw(survivor, "remove");
  const { consents } = (await give(survivor, "share")).json<{ consents: portal.MyCase["consents"] }>();
  expect(consent({ consents }, "remove")?.state).toBe("withdrawing");
  const { id } = await readMyCase(server.app, survivor);
  const row = await server.jikim.db
    .selectFrom("cases")
    .select("safeContactWaitingSince")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  expect(row.safeContactWaitingSince).not.toBeNull();
});

test("giving a consent that is given changes nothing", async () => {
  const survivor = await sendSurvivor(server.app);
  const before = (await readMyCase(server.app, survivor)).consents;
  server.pass({ hours: 1 });
  await give(survivor, "share");
  expect((await readMyCase(server.app, survivor)).consents).toEqual(before);
});

test("consents cannot be turned back and forth without end", async () => {
  const survivor = await sendSurvivor(server.app);
  for (let times = 0; times < 20; times++) {
    expect((await withdraw(survivor, "share")).statusCode).toBe(200);
    await give(survivor, "share");
  }
  expect(codeOf(await withdraw(survivor, "share"))).toBe("TOO_MANY_TODAY");
});

test("her own visits are noted, once for each visit", async () => {
  const survivor = await sendSurvivor(server.app);
  await readMyCase(server.app, survivor);
  await readMyCase(server.app, survivor);
  server.pass({ hours: 1 });
  const { releases } = await readMyCase(server.app, survivor);
  expect(releases.map(({ role, what }) => [role, what])).toEqual([
    ["survivor", "opened"],
    ["survivor", "opened"],
  ]);
});

function consent(said: { consents: portal.MyCase["consents"] }, act: string) {
  return said.consents.find((each) => each.act === act);
}

test("what is done in her case is sealed in the log, and she can check each entry against the signed checkpoint", async () => {
  const survivor = await sendSurvivor(server.app);
  await withdraw(survivor, "share");
  const read = async () => {
    const answer = await ask(server.app, { url: "/api/my/log", headers: survivor.headers });
    return (answer.json() as portal.MyLog).entries;
  };
  expect((await read()).every(({ proof }) => proof === null)).toBe(true);
  await prepareLog(server.jikim);
  await sequenceLog(server.jikim);
  const entries = await read();
  const said = entries.map(({ body }) => JSON.parse(body));
  expect(said.map(({ what, did }) => did ?? what)).toEqual(["key-grant", "withdrew"]);
  for (const { body, salt, proof } of entries) {
    const { index, hashes, checkpoint } = readLogProof(proof ?? "") ?? { index: -1, hashes: [], checkpoint: "" };
    const note = readNote(checkpoint);
    const signed = note && readCheckpoint(note.text);
    const key = signed && logKeyOf(server.jikim.service.public, signed.origin);
    const signature = note && key && signatureBy(note, key);
    const text = new TextEncoder().encode(note?.text);
    expect(signature && verifyBytes(signature, text, server.jikim.service.public)).toBe(true);
    const leaf = leafHash(sha256, commitTo(sha256, new Uint8Array(Buffer.from(salt, "hex")), body));
    expect(signed && isIncluded(sha256, { ...signed, index, leaf }, hashes)).toBe(true);
  }
});
