import { createHash, randomUUID } from "node:crypto";
import { type LeftOut, openPack, type PackPart, packMarks, sayMarks, verifyPack } from "@jikim/evidence/pack";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import type { packs } from "../src/contract.ts";
import { prepareLog, sequenceLog } from "../src/log/sequence.ts";
import { did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { makeCapture, newUnit, orderOf, packUp, partOf, takeExhibit } from "./pack-work.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { readMyCase } from "./survivor.ts";

/** Stands for the ciphertext of a body that was kept. */
const BODY = "지어낸 봉인된 것";
const IN_PACK = "data/exhibits/1/kept/1.age";
const ADULT = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
const REFERS = { codes: ADULT, consents: { remove: true, share: true, police: true, statistics: true } };
const unprinted = { print: async () => null, close: async () => undefined };

let base: TestJikim;
let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  base = await openTestJikim();
  const jikim = { ...base.jikim, printer: unprinted };
  server = { ...base, jikim, app: await createApp(jikim) };
  await prepareLog(server.jikim);
  centre = await seedCentre(server.jikim);
});
afterAll(async () => {
  await server.app.close();
  await base.close();
});

/** A case whose capture kept one body, opened as the browser opens it: what may be packed, and what is left out. */
async function prepare() {
  const { caseId, survivor } = await openCase(server, centre, REFERS);
  const packId = await makeCapture(server, centre, caseId, { kept: BODY });
  await sequenceLog(server.jikim);
  const { parts: all, ...exhibit } = await takeExhibit(server, centre, { caseId, packId });
  const sha256 = createHash("sha256").update(BODY).digest("hex");
  const leftOut: LeftOut[] = [{ exhibit: 1, path: "data/kept/1.age", bytes: Buffer.byteLength(BODY), sha256 }];
  const key = partOf("data/kept-keys/1.txt", `${exhibit.fileIdentity}\n`);
  const parts = all.filter(({ path }) => path !== IN_PACK);
  const { unit, identity } = await newUnit();
  const ordering = (some: readonly PackPart[], changes: Partial<packs.PackOrder>) =>
    orderOf(server, { packId, ...exhibit, parts: some }, { unit, mode: "keep-matching", ...changes });
  return { caseId, survivor, packId, parts, along: [...all, key], leftOut, unit, identity, ordering };
}

const ordered = (caseId: string, order: packs.PackOrder) =>
  post(server.app, centre.staff, `/api/desk/cases/${caseId}/packs`, order);
async function pathsIn(pack: Uint8Array, identity: string): Promise<readonly string[]> {
  const opened = await openPack(new Blob([pack.slice()]).stream(), identity, () => undefined);
  if ("trouble" in opened) throw new Error(opened.trouble);
  return opened.order;
}
const get = <T>(url: string) => did<T>(ask(server.app, { url, headers: centre.staff.headers }));
const custodyOf = async (caseId: string) =>
  (await get<{ custody: packs.Custody[] }>(`/api/desk/cases/${caseId}/custody`)).custody;

test("a delivery pack leaves out what a capture kept, says so in its signed list, and holds", async () => {
  const { caseId, parts, leftOut, identity, ordering } = await prepare();
  const order = await ordering(parts, { leftOut });
  const { pack, sealed } = await packUp(server, centre, { caseId, order, parts });
  expect(JSON.parse(sealed.text)).toMatchObject({ leftOut });
  const report = sealed.added.find(({ path }) => path === "data/report/report-en.html")?.content ?? "";
  expect(Buffer.from(report, "base64").toString()).toMatch(/1 files that captures kept .* were left out of this pack/);
  expect(await pathsIn(pack, identity)).not.toContain(IN_PACK);
  const trust = { root: centre.root.public, authorities: [], witnesses: [], now: Temporal.Now.instant() };
  const { findings } = await verifyPack(new Blob([pack.slice()]).stream(), identity, trust);
  expect(findings.filter(({ state }) => state === "fails")).toEqual([]);
  expect(findings.find(({ check }) => check === "kept-apart")).toMatchObject({ state: "holds", part: IN_PACK });
  const { packs: rows } = await get<{ packs: packs.PackRow[] }>(`/api/desk/cases/${caseId}/packs`);
  expect(rows[0]?.kept).toEqual({ leftOut: 1, handed: 0 });
  expect((await custodyOf(caseId)).map((entry) => entry.did)).not.toContain("kept-handed");
});

test("it goes along to police by a choice of its own alone, which the log and the survivor's own record tell", async () => {
  const { caseId, survivor, packId, along, unit, identity, ordering } = await prepare();
  const kept = { under: "지어낸 영장 2026-7" };
  const order = await ordering(along, { kept });
  const { pack, sealed } = await packUp(server, centre, { caseId, order, parts: along });
  expect(JSON.parse(sealed.text)).toMatchObject({ keptUnder: kept.under });
  expect(await pathsIn(pack, identity)).toEqual(expect.arrayContaining([IN_PACK, "data/kept-keys/1.txt"]));
  const note = `${order.packId}: 1, consent`;
  expect(await custodyOf(caseId)).toContainEqual(
    expect.objectContaining({ packId, did: "kept-handed", role: "caseworker", note }),
  );
  const { releases } = await readMyCase(server.app, survivor);
  expect(releases.map(({ what }) => what)).toContain("pack-kept-handed");
  const court = await ordering(along, { kept, unit: { ...unit, kind: "court" } });
  expect(codeOf(await ordered(caseId, court))).toBe("KEPT_FOR_POLICE_ONLY");
});

test("without the choice no body and no key goes along, and none is left out in silence or said to be that was not kept", async () => {
  const { caseId, parts, along, leftOut, ordering } = await prepare();
  const refusedOf = async (some: readonly PackPart[], changes: Partial<packs.PackOrder>) =>
    codeOf(await ordered(caseId, await ordering(some, changes)));
  const kept = { under: "지어낸 영장 2026-7" };
  const key = along.filter(({ path }) => path.startsWith("data/kept-keys/"));
  expect(await refusedOf(along, {})).toBe("BAD_REQUEST");
  const keyless = [...parts, ...along.filter(({ path }) => path === IN_PACK)];
  expect(await refusedOf(keyless, {})).toBe("BAD_REQUEST");
  expect(await refusedOf([...parts, ...key], { leftOut })).toBe("BAD_REQUEST");
  expect(await refusedOf(parts, {})).toBe("EXHIBIT_CHANGED");
  expect(await refusedOf(parts, { kept })).toBe("BAD_REQUEST");
  expect(await refusedOf(along, { kept, leftOut })).toBe("BAD_REQUEST");
  expect(await refusedOf(keyless, { kept })).toBe("BAD_REQUEST");
  const more = leftOut.map((each) => ({ ...each, path: "data/kept/2.age" }));
  expect(await refusedOf(parts, { leftOut: [...leftOut, ...more] })).toBe("EXHIBIT_CHANGED");
  expect(await refusedOf(parts, { leftOut: [...leftOut, ...leftOut] })).toBe("BAD_REQUEST");
  expect(await refusedOf(parts, { leftOut: leftOut.map((each) => ({ ...each, exhibit: 2 })) })).toBe("BAD_REQUEST");
});

test("marks that she sent go along where they are chosen: signed, told in the report, and nothing else under their name", async () => {
  const { caseId, survivor, parts, leftOut, identity, ordering } = await prepare();
  const marks = [{ documentId: randomUUID(), item: 1 }];
  const sealed = Buffer.from("지어낸 봉인").toString("base64url");
  const { keyVersion } = await readCase(server.app, centre.staff, caseId);
  const body = { id: marks[0]?.documentId, keyVersion, sealed };
  await did(ask(server.app, { method: "POST", url: "/api/my/provenance", headers: survivor.headers, body }));
  const report = { marks: [], contentCredentials: null, camera: null, notChecked: [] };
  const at = server.jikim.now().toString();
  const told = packMarks({ item: 1, sentAt: at, readAt: at, sha256: "ab".repeat(32), bytes: 9, report });
  const files = [
    partOf("data/marks/1.json", JSON.stringify(told), "application/json"),
    partOf("data/marks/1.txt", sayMarks(told)),
  ];
  const all = [...parts, ...files];
  const refusedOf = async (some: readonly PackPart[], changes: Partial<packs.PackOrder>) =>
    codeOf(await ordered(caseId, await ordering(some, { leftOut, ...changes })));
  expect(await refusedOf(all, {})).toBe("BAD_REQUEST");
  expect(await refusedOf([...parts, ...files.slice(1)], { marks })).toBe("BAD_REQUEST");
  const { documents } = await readCase(server.app, centre.staff, caseId);
  const story = documents.find(({ kind }) => kind !== "provenance")?.id ?? "";
  expect(await refusedOf(all, { marks: [{ documentId: story, item: 1 }] })).toBe("NOT_FOUND");
  const order = await ordering(all, { leftOut, marks });
  const { pack, sealed: signed } = await packUp(server, centre, { caseId, order, parts: all });
  const page = signed.added.find(({ path }) => path === "data/report/report-ko.html")?.content ?? "";
  expect(Buffer.from(page, "base64").toString()).toContain("data/marks/1.txt");
  const trust = { root: centre.root.public, authorities: [], witnesses: [], now: Temporal.Now.instant() };
  const { findings } = await verifyPack(new Blob([pack.slice()]).stream(), identity, trust);
  expect(findings.filter(({ state }) => state === "fails")).toEqual([]);
  expect(findings.find(({ check }) => check === "marks")).toMatchObject({ state: "holds" });
});

test("what happened outside is written down with who says so and when, and stands in the log", async () => {
  const { caseId, packId } = await prepare();
  const url = `/api/desk/packs/${packId}/custody`;
  const at = server.jikim.now().subtract({ hours: 3 }).toString();
  const outside = { unit: "police", at } as const;
  await did(post(server.app, centre.staff, url, { did: "destroyed", note: null, outside }));
  const later = { unit: "police", at: server.jikim.now().add({ hours: 1 }).toString() };
  expect(codeOf(await post(server.app, centre.staff, url, { did: "copied", note: null, outside: later }))).toBe(
    "BAD_REQUEST",
  );
  const ours = { did: "destroyed", note: null };
  expect(codeOf(await post(server.app, centre.staff, url, ours))).toBe("BAD_REQUEST");
  await sequenceLog(server.jikim);
  const [newest] = await custodyOf(caseId);
  expect(newest).toMatchObject({ packId, did: "destroyed", role: "caseworker", outside, entry: expect.any(Number) });
});

test("an entry of the custody that was altered is named by its place, at the desk and in the pack, and hides no other", async () => {
  const { caseId, packId, parts, leftOut, ordering } = await prepare();
  const { db } = server.jikim;
  const entry = await db
    .selectFrom("logEntry")
    .select(["id", "position", "sealed"])
    .where("packId", "=", packId)
    .where("what", "=", "custody")
    .orderBy("id")
    .executeTakeFirstOrThrow();
  const before = await custodyOf(caseId);
  const sealed = Buffer.from(entry.sealed ?? Buffer.alloc(0));
  sealed.writeUInt8(sealed.readUInt8(40) ^ 1, 40);
  await db.updateTable("logEntry").set({ sealed }).where("id", "=", entry.id).execute();
  const after = await get<packs.CustodyList>(`/api/desk/cases/${caseId}/custody`);
  expect(after.damaged).toEqual([entry.position]);
  expect(after.custody).toEqual(before.filter((one) => one.entry !== entry.position));
  const { added } = await did<packs.SealedPack>(ordered(caseId, await ordering(parts, { leftOut })));
  const textOf = (path: string) =>
    Buffer.from(added.find((file) => file.path === path)?.content ?? "", "base64").toString();
  expect(textOf("data/custody.jsonl").split("\n")[0]).toBe(
    JSON.stringify({ what: "unreadable", v: 1, entry: entry.position }),
  );
  expect(textOf("data/report/report-en.html")).toContain("cannot be read: 1.");
});
