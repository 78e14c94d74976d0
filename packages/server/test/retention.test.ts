import { randomUUID } from "node:crypto";
import { appendLeaf, bundlePath, readBundle, readCheckpoint, readNote, rootHash, tilesOf } from "@jikim/casework";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import type { packs } from "../src/contract.ts";
import { eraseDue } from "../src/erasure/due.ts";
import { prepareLog, sequenceLog } from "../src/log/sequence.ts";
import { recordAuthority } from "../src/store/authority.ts";
import { findEntriesOf, sha256 } from "../src/store/log.ts";
import { did, openCase, post } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { makeCapture, newUnit, orderOf, packUp, refer, take, takeExhibit } from "./pack-work.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { readMyCase } from "./survivor.ts";

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
  await setStatus(centre.admin, { status: "kr-public", source: "지어낸 지정서", ownDays: 365 });
});
afterAll(async () => {
  await server.app.close();
  await base.close();
});

function setStatus(by: { readonly headers: SeededCentre["admin"]["headers"] }, body: packs.RetentionSetting) {
  return ask(server.app, { method: "PUT", url: "/api/desk/retention", headers: by.headers, body });
}

const CODES = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
const refers = { consents: { remove: true, share: true, police: true, statistics: true } };

/** A case with a capture and a pack that a unit was given a link to. */
async function evidence(ageBand: (typeof CODES)["ageBand"] | "14-17" | "unknown" = "20s") {
  const { caseId, survivor } = await openCase(server, centre, { ...refers, codes: { ...CODES, ageBand } as never });
  const captureId = await makeCapture(server, centre, caseId, { minor: ageBand !== "20s" });
  const exhibit = await takeExhibit(server, centre, { caseId, packId: captureId });
  const { unit } = await newUnit();
  const order = await orderOf(server, { packId: captureId, ...exhibit }, { unit });
  await packUp(server, centre, { caseId, order, parts: exhibit.parts });
  return { caseId, survivor, packId: order.packId, token: await refer(server, centre, order.packId, 30) };
}

const retentionOf = (caseId: string) =>
  did<packs.CaseRetention>(
    ask(server.app, { url: `/api/desk/cases/${caseId}/retention`, headers: centre.staff.headers }),
  );
const erase = (caseId: string, statedAdult = false) =>
  post(server.app, centre.staff, `/api/desk/cases/${caseId}/erase`, { what: "evidence", statedAdult });
const later = (span: Temporal.DurationLike) => server.jikim.now().add(span);
const close = (caseId: string) => did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/close`));

/** Rows of a case's evidence, wherever they lie. */
async function countEvidence(caseId: string): Promise<number> {
  const { db } = server.jikim;
  const tables = ["seal", "pack", "sealedFile", "capture", "chat"] as const;
  let count = 0;
  for (const table of tables)
    count += (await db.selectFrom(table).select("caseId").where("caseId", "=", caseId).execute()).length;
  return count;
}

/** The root worked out anew from the leaves that the server gives out, and the one that it signed. */
async function rebuildLog() {
  const text = (await server.app.inject("/log/checkpoint")).body;
  const signed = readCheckpoint(readNote(text)?.text ?? "");
  if (signed === null) throw new Error("no checkpoint");
  const stored = new Map<string, Uint8Array>();
  const readHash = (level: number, index: number) => stored.get(`${level}/${index}`) ?? new Uint8Array();
  let size = 0;
  for (const tile of tilesOf(signed.size).filter(({ level }) => level === 0)) {
    const { rawPayload } = await server.app.inject(`/log/${bundlePath(tile)}`);
    for (const leaf of readBundle(rawPayload) ?? [])
      for (const { level, index, hash } of appendLeaf(sha256, readHash, size++, leaf))
        stored.set(`${level}/${index}`, hash);
  }
  return { size, signed, root: rootHash(sha256, readHash, size) };
}

test("what investigators asked for is kept ten years, by whichever power, and also what a warrant had handed over", async () => {
  const { db, vault } = server.jikim;
  const now = server.jikim.now();
  const staffId = centre.staff.staffId;
  for (const kind of ["police-request", "emergency", "court-permit"] as const) {
    const { caseId } = await openCase(server, centre, { ...refers, codes: { ...CODES } as never });
    const scope = { addresses: ["board.example"], placeIds: [], words: "" };
    const paper = { id: randomUUID(), number: "2026-지어낸-1", office: "지어낸경찰청", scope, approvedBy: null };
    const post = { ...paper, kind, from: now.toString(), until: now.add({ hours: 1 }).toString() };
    await db.transaction().execute((tx) => recordAuthority(tx, vault, { caseId, staffId, post, now }));
    expect((await retentionOf(caseId)).rule?.keep).toEqual({ years: 10 });
  }
  const { caseId, packId } = await evidence();
  expect((await retentionOf(caseId)).rule?.keep).toEqual({ years: 5 });
  await db.updateTable("pack").set({ basis: "law", groundId: "kr-warrant" }).where("id", "=", packId).execute();
  expect((await retentionOf(caseId)).rule?.keep).toEqual({ years: 10 });
});

test("five years after closing everything goes, on the day and not before; the log holds, and she reads that it went", async () => {
  const { caseId, survivor, token } = await evidence();
  expect(await retentionOf(caseId)).toMatchObject({ rule: { keep: { years: 5 }, mark: "read" }, eraseAt: null });
  await close(caseId);
  await sequenceLog(server.jikim);
  const before = await rebuildLog();
  const { eraseAt } = await retentionOf(caseId);
  const due = Temporal.Instant.from(eraseAt ?? "");
  await eraseDue(server.jikim, due.subtract({ seconds: 1 }));
  expect(await countEvidence(caseId)).toBeGreaterThan(3);
  await eraseDue(server.jikim, due);
  expect(await countEvidence(caseId)).toBe(0);
  const bodies = (await findEntriesOf(server.jikim.db, server.jikim.vault, caseId)).entries.map(({ body }) =>
    JSON.parse(body),
  );
  expect(bodies).toMatchObject([{ what: "release", did: "erased", role: "server" }]);
  expect((await take(server, token)).statusCode).toBe(404);
  await sequenceLog(server.jikim);
  const after = await rebuildLog();
  expect(Buffer.from(after.root).equals(Buffer.from(after.signed.root))).toBe(true);
  expect(after.size).toBeGreaterThan(before.size);
  const { releases, erasure } = await readMyCase(server.app, survivor);
  expect(erasure?.done).toBe(true);
  expect(releases).toContainEqual(expect.objectContaining({ what: "erased", role: "server" }));
});

test("at her request it goes at once, what a unit took is called back, and the unit is still to be told", async () => {
  const { caseId, token } = await evidence();
  await take(server, token, "/sealed");
  expect((await erase(caseId)).statusCode).toBe(200);
  const { db } = server.jikim;
  expect(await db.selectFrom("sealedFile").select("id").where("caseId", "=", caseId).execute()).toEqual([]);
  expect(await db.selectFrom("capture").select("id").where("caseId", "=", caseId).execute()).toEqual([]);
  const url = `/api/desk/cases/${caseId}/packs`;
  const { packs: rows } = await did<{ packs: packs.PackRow[] }>(
    ask(server.app, { url, headers: centre.staff.headers }),
  );
  expect(rows).toMatchObject([
    { state: "withdrawn", referrals: [{ told: "by-hand", text: { ko: expect.any(String) } }] },
  ]);
  await did(post(server.app, centre.staff, `/api/desk/referrals/${rows[0]?.referrals[0]?.id}/told`));
  expect(await countEvidence(caseId)).toBe(0);
});

test("a child's records are kept for good: not erased by time, nor at a request, and it is said why", async () => {
  const { caseId } = await evidence("14-17");
  expect(codeOf(await erase(caseId))).toBe("RETENTION_FORBIDS");
  expect(codeOf(await erase(caseId, true))).toBe("RETENTION_FORBIDS");
  await close(caseId);
  const shown = await retentionOf(caseId);
  expect(shown).toMatchObject({ rule: { keep: "permanent" }, eraseAt: null, onRequest: { allowed: false } });
  await eraseDue(server.jikim, later({ hours: 24 * 365 * 20 }));
  expect(await countEvidence(caseId)).toBeGreaterThan(3);
});

test("where the age is not known her word that she is an adult lets it be destroyed", async () => {
  const { caseId } = await evidence("unknown");
  expect(await retentionOf(caseId)).toMatchObject({ ageUnknown: true, onRequest: { allowed: false } });
  expect(codeOf(await erase(caseId))).toBe("RETENTION_FORBIDS");
  expect((await erase(caseId, true)).statusCode).toBe(200);
  expect(await countEvidence(caseId)).toBe(0);
});

test("only the admin says what the centre is; one without a statute keeps as long as it said", async () => {
  const own = { status: "other", source: "내부 규칙", ownDays: 30 } as const;
  expect(codeOf(await setStatus(centre.staff, own))).toBe("ROLE_MISSING");
  expect((await setStatus(centre.admin, own)).statusCode).toBe(200);
  const { caseId } = await evidence("14-17");
  await close(caseId);
  expect(await retentionOf(caseId)).toMatchObject({ rule: { id: "own", mark: "general", keep: { days: 30 } } });
  await eraseDue(server.jikim, later({ hours: 24 * 30 - 1 }));
  expect(await countEvidence(caseId)).toBeGreaterThan(3);
  await eraseDue(server.jikim, later({ hours: 24 * 30 + 1 }));
  expect(await countEvidence(caseId)).toBe(0);
  await setStatus(centre.admin, { ...own, status: null });
  const open = await evidence();
  await close(open.caseId);
  await eraseDue(server.jikim, later({ hours: 24 * 365 * 20 }));
  expect(await countEvidence(open.caseId)).toBeGreaterThan(3);
});
