import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyPack } from "@jikim/evidence/pack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import type { AuthorityPost } from "../src/contract/captures.ts";
import type { packs } from "../src/contract.ts";
import { prepareLog, sequenceLog } from "../src/log/sequence.ts";
import { giveUpHalfPacks } from "../src/packs/give-up.ts";
import { recordAuthority } from "../src/store/authority.ts";
import { stampSeal } from "../src/timestamps/stamp.ts";
import { did, openCase, post } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import {
  makeCapture,
  makeChat,
  newUnit,
  orderOf,
  packUp,
  partOf,
  refer,
  take,
  takeExhibit,
  upload,
  vouchingOf,
} from "./pack-work.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import { readMyCase } from "./survivor.ts";
import { openTimestampServer, type TimestampServer } from "./timestamp-server.ts";

const folder = mkdtempSync(join(tmpdir(), "jikim-packs-"));
/** Prints nothing, so that the page goes in as it is; one test prints with Chromium. */
const unprinted = { print: async () => null, close: async () => undefined };
let authority: TimestampServer;
let printing: TestJikim;
let server: TestJikim;
let centre: SeededCentre;

beforeAll(async () => {
  authority = await openTimestampServer();
  const timestamps = { url: authority.url, roots: authority.authority.root, policy: null };
  printing = await openTestJikim({ timestamps });
  const jikim = { ...printing.jikim, printer: unprinted };
  server = { ...printing, jikim, app: await createApp(jikim) };
  await prepareLog(server.jikim);
  centre = await seedCentre(server.jikim);
});
afterAll(async () => {
  await server.app.close();
  await printing.close();
  await authority.close();
  rmSync(folder, { recursive: true });
});

const refers = { consents: { remove: true, share: true, police: true, statistics: true } };

/** Places what waits in the log, and has a pack stamped. */
async function settle(packId: string): Promise<void> {
  await stampSeal(server.jikim, packId);
  await sequenceLog(server.jikim);
}

/** A case with one capture, opened in the browser, and an order for a unit. */
async function prepare(changes: Partial<packs.PackOrder> = {}, told: Parameters<typeof openCase>[2] = refers) {
  const { caseId, survivor } = await openCase(server, centre, told);
  const packId = await makeCapture(server, centre, caseId);
  await settle(packId);
  const exhibit = await takeExhibit(server, centre, { caseId, packId });
  const { unit, identity } = await newUnit();
  const order = await orderOf(server, { packId, ...exhibit }, { unit, ...changes });
  return { caseId, survivor, order, identity, parts: exhibit.parts, captureId: packId };
}

const ordered = (caseId: string, order: object) =>
  post(server.app, centre.staff, `/api/desk/cases/${caseId}/packs`, order);
const listed = (caseId: string) =>
  did<{ packs: packs.PackRow[] }>(
    ask(server.app, { url: `/api/desk/cases/${caseId}/packs`, headers: centre.staff.headers }),
  );

test("a capture goes into a pack, by a link to a unit, and holds there by age, sha256sum, openssl and our verifier", async () => {
  const { caseId, survivor, order, identity, parts, captureId } = await prepare();
  const { pack, sealed, sha256 } = await packUp(printing, centre, { caseId, order, parts }, () => settle(order.packId));
  expect(sealed.added.map(({ path }) => path)).toEqual([
    "data/custody.jsonl",
    "data/report/report-ko.pdf",
    "data/report/report-en.pdf",
    "data/case.jsonld",
  ]);
  expect(sha256).toBe(createHash("sha256").update(pack).digest("hex"));

  const token = await refer(server, centre, order.packId);
  const shown = await take(server, token);
  expect(shown.json()).toMatchObject({ packId: order.packId, sha256, takenAt: null, unit: { kind: "police" } });
  const fetched = await take(server, token, "/sealed");
  expect(fetched.rawPayload.equals(Buffer.from(pack))).toBe(true);

  writeFileSync(join(folder, "key"), `${identity}\n`);
  writeFileSync(join(folder, "pack"), fetched.rawPayload);
  writeFileSync(join(folder, "roots.pem"), authority.authority.root);
  const shell = (script: string) => execFileSync("bash", ["-ec", script], { cwd: folder, encoding: "utf8" });
  shell("set -o pipefail; age -d -i key pack | tar x");
  const inside = `cd jikim-pack-${order.packId}`;
  expect(shell(`${inside}; sha256sum --strict -c manifest-sha256.txt tagmanifest-sha256.txt`)).not.toMatch(/FAILED/);
  const stamp = "openssl ts -verify -data seal/manifest.sig -in seal/timestamp.tsr -CAfile ../roots.pem 2>&1";
  expect(shell(`${inside}; ${stamp}; cd data/exhibits/1; ${stamp.replace("../", "../../../../")}`)).toMatch(
    /OK[\s\S]*OK/,
  );
  expect(shell(`${inside}; head -c 5 data/report/report-ko.pdf`)).toBe("%PDF-");
  const custody = readFileSync(join(folder, `jikim-pack-${order.packId}`, "data", "custody.jsonl"), "utf8");
  const acts = custody
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(acts.map(({ did, packId }) => [did, packId === captureId])).toEqual([
    ["captured", true],
    ["stamped", true],
  ]);
  expect(JSON.parse(sealed.text).files.map(({ path }: { path: string }) => path)).toContain("data/custody.jsonl");

  const trust = {
    ...{ root: centre.root.public, authorities: [authority.authority.root], witnesses: [] },
    now: Temporal.Now.instant(),
  };
  const { findings } = await verifyPack(new Blob([pack.slice()]).stream(), identity, trust);
  const not = findings.filter(({ state }) => state !== "holds");
  expect(not.map(({ check, why }) => [check, why])).toEqual([
    ["witnessed", "NO_WITNESS_GIVEN"],
    ["witnessed", "NO_WITNESS_GIVEN"],
  ]);
  expect(findings.filter(({ check, state }) => check === "logged" && state === "holds")).toHaveLength(2);

  const { releases } = await readMyCase(server.app, survivor);
  const hers = releases.filter(({ what }) => what.startsWith("pack-")).map(({ what, role, who }) => [what, role, who]);
  expect(hers).toContainEqual(["pack-sent", "caseworker", centre.staff.pseudonym]);
  expect(hers).toContainEqual(["pack-taken", "unit", "police"]);
  expect(JSON.stringify(releases)).not.toContain("지어낸경찰서");
}, 60_000);

describe("an order", () => {
  test("without her consent, or for a school on her consent to the police, is refused; so is one without a mandate", async () => {
    const unwilling = await prepare({}, { consents: { ...refers.consents, police: false } });
    expect(codeOf(await ordered(unwilling.caseId, unwilling.order))).toBe("CONSENT_MISSING");
    const willing = await prepare();
    const school = { ...willing.order, unit: { ...willing.order.unit, kind: "school" } };
    expect(codeOf(await ordered(willing.caseId, school))).toBe("CONSENT_MISSING");
    await server.jikim.db.deleteFrom("mandate").where("caseId", "=", willing.caseId).execute();
    expect(codeOf(await ordered(willing.caseId, willing.order))).toBe("MANDATE_MISSING");
  });

  test("on a named ground goes where that ground reaches: the duty to report covers a child, and the police alone", async () => {
    const ground = { kind: "law", id: "kr-duty-to-report", reference: null } as const;
    const told = { consents: { ...refers.consents, police: false } };
    const adult = await prepare({ ground }, told);
    expect(codeOf(await ordered(adult.caseId, adult.order))).toBe("GROUND_NOT_OPEN");
    const codes = { danger: false, threat: false, ageBand: "14-17" as const, harms: [] };
    const child = await prepare({ ground }, { ...told, codes });
    const school = { ...child.order, unit: { ...child.order.unit, kind: "school" } };
    expect(codeOf(await ordered(child.caseId, school))).toBe("GROUND_NOT_OPEN");
    expect(codeOf(await ordered(child.caseId, { ...child.order, mode: "keep-matching" }))).toBe("KEEPING_REFUSED");
    const sealed = await did<packs.SealedPack>(ordered(child.caseId, child.order));
    expect(JSON.parse(sealed.text)).toMatchObject({ minor: true, consent: null });
    const warrant = {
      ...child.order,
      packId: randomUUID(),
      ground: { kind: "law", id: "kr-warrant", reference: null },
    };
    expect(codeOf(await ordered(child.caseId, warrant))).toBe("GROUND_NOT_OPEN");
  });

  test("that says otherwise of what its captures kept is sealed as they were made", async () => {
    const { caseId, order, captureId } = await prepare();
    const said = await did<packs.SealedPack>(ordered(caseId, { ...order, mode: "export" }));
    expect(JSON.parse(said.text).mode).toBe("hash-and-discard");
    await server.jikim.db
      .updateTable("capture")
      .set({ mode: "keep-matching" })
      .where("packId", "=", captureId)
      .execute();
    const kept = await did<packs.SealedPack>(ordered(caseId, { ...order, packId: randomUUID() }));
    expect(JSON.parse(kept.text).mode).toBe("keep-matching");
  });

  test("twice is one pack; another order under its id is refused, and what is no exhibit of this case as well", async () => {
    const { caseId, order } = await prepare();
    const [one, two] = await Promise.all([ordered(caseId, order), ordered(caseId, order)]);
    expect(one.body).toBe(two.body);
    expect((await listed(caseId)).packs).toHaveLength(1);
    expect(codeOf(await ordered(caseId, { ...order, exhibit: "B-2" }))).toBe("ID_TAKEN");
    const other = await prepare();
    expect(codeOf(await ordered(caseId, { ...other.order, packId: order.exhibits[0]?.packId }))).toBe("ID_TAKEN");
    expect(codeOf(await ordered(caseId, other.order))).toBe("NOT_FOUND");
    const [exhibit] = order.exhibits;
    const changed = { ...order, packId: randomUUID(), exhibits: [{ ...exhibit, digest: "0".repeat(64) }] };
    expect(codeOf(await ordered(caseId, changed))).toBe("EXHIBIT_CHANGED");
    const stray = order.files.map((file) => ({ ...file, path: file.path.replace("/1/", "/2/") }));
    expect(codeOf(await ordered(caseId, { ...order, packId: randomUUID(), files: stray }))).toBe("BAD_REQUEST");
  });

  test("names the pack before it for the same unit, and what she agreed to by its digest", async () => {
    const { caseId, order } = await prepare();
    const manifestOf = async (changes: object) => {
      const answer = await did<packs.SealedPack>(ordered(caseId, { ...order, packId: randomUUID(), ...changes }));
      return JSON.parse(answer.text) as { packId: string; previous: string | null; consent: string | null };
    };
    const first = await manifestOf({});
    expect(first).toMatchObject({ previous: null, consent: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await manifestOf({})).toMatchObject({ previous: first.packId, consent: first.consent });
    const elsewhere = await manifestOf({ unit: { ...order.unit, name: "지어낸 다른 서" } });
    expect(elsewhere.previous).toBeNull();
    const other = await prepare();
    const hers = await did<packs.SealedPack>(ordered(other.caseId, other.order));
    expect(JSON.parse(hers.text).consent).not.toBe(first.consent);
  });

  test("by somebody who does not hold the case is refused", async () => {
    const { caseId, order } = await prepare();
    expect(codeOf(await post(server.app, centre.admin, `/api/desk/cases/${caseId}/packs`, order))).toBe("ROLE_MISSING");
    await server.jikim.db
      .deleteFrom("caseWrap")
      .where("caseId", "=", caseId)
      .where("holder", "=", centre.staff.staffId)
      .execute();
    expect(codeOf(await ordered(caseId, order))).toBe("CASE_NOT_HELD");
  });
});

describe("the ciphertext of a pack", () => {
  test("is taken once, the same bytes again are answered the same, and others are not taken", async () => {
    const { caseId, order, parts } = await prepare();
    const { pack, sha256 } = await packUp(server, centre, { caseId, order, parts });
    expect((await upload(server, centre, { packId: order.packId, pack })).json()).toMatchObject({ sha256 });
    const other = pack.slice();
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    expect(codeOf(await upload(server, centre, { packId: order.packId, pack: other }))).toBe("PACK_SEALED");
    expect(codeOf(await ordered(caseId, order))).toBe("PACK_SEALED");
  });

  test("must be an age file, and without it there is nothing to hand over; one that never comes is given up", async () => {
    const { caseId, order } = await prepare();
    await did(ordered(caseId, order));
    const zip = new TextEncoder().encode("PK invented");
    expect(codeOf(await upload(server, centre, { packId: order.packId, pack: zip }))).toBe("NOT_SEALED");
    expect(codeOf(await post(server.app, centre.staff, `/api/desk/packs/${order.packId}/referrals`, {}))).toBe(
      "PACK_NOT_SEALED",
    );
    await giveUpHalfPacks(server.jikim, server.jikim.now().add({ hours: 23 }));
    expect((await listed(caseId)).packs[0]?.state).toBe("ordered");
    await giveUpHalfPacks(server.jikim, server.jikim.now().add({ hours: 25 }));
    const row = await server.jikim.db.selectFrom("pack").selectAll().where("id", "=", order.packId).executeTakeFirst();
    expect(row).toMatchObject({ state: "erased", answerSealed: null });
    expect(codeOf(await ordered(caseId, order))).toBe("PACK_ENDED");
  });
});

const record = async (caseId: string, changes: object) => {
  const { db, vault } = server.jikim;
  const id = randomUUID();
  const scope = { addresses: ["board.example"], placeIds: [], words: "지어낸 방 하나" };
  const said = { id, number: "2026-지어낸-1", office: "지어낸경찰청", scope, approvedBy: "지어낸 과장", ...changes };
  const from = server.jikim.now().subtract({ hours: 60 }).toString();
  const post = { kind: "police-request", from, until: null, ...said } as AuthorityPost;
  const { staffId } = centre.staff;
  await db
    .transaction()
    .execute((tx) => recordAuthority(tx, vault, { caseId, staffId, post, now: server.jikim.now() }));
  return id;
};

describe("what police authority stands behind", () => {
  test("is in the manifest while it covers the time of the evidence, and refused outside of it", async () => {
    const { caseId, order } = await prepare();
    const authorityId = await record(caseId, {});
    const later = { ...order, startedAt: server.jikim.now().subtract({ hours: 70 }).toString(), authorityId };
    expect(codeOf(await ordered(caseId, later))).toBe("AUTHORITY_OUT_OF_TIME");
    const sealed = await did<packs.SealedPack>(ordered(caseId, { ...order, authorityId }));
    expect(JSON.parse(sealed.text).authority).toMatchObject({ kind: "police-request", scope: "지어낸 방 하나" });
    const other = await prepare();
    expect(codeOf(await ordered(other.caseId, { ...other.order, authorityId }))).toBe("NOT_FOUND");
  });

  test("locks what was taken in an emergency that nobody approved in time", async () => {
    const { caseId, order, captureId } = await prepare();
    const authorityId = await record(caseId, { kind: "emergency" });
    expect(codeOf(await ordered(caseId, { ...order, authorityId }))).toBe("AUTHORITY_LAPSED");
    await server.jikim.db.updateTable("capture").set({ authorityId }).where("packId", "=", captureId).execute();
    expect(codeOf(await ordered(caseId, order))).toBe("CAPTURE_LOCKED");
  });
});

test("an emergency that nobody approved in time holds back packs that were already made, and links that lead to them", async () => {
  for (const lapses of ["capture", "pack"] as const) {
    const { caseId, order, parts, captureId } = await prepare();
    await packUp(server, centre, { caseId, order, parts });
    const token = await refer(server, centre, order.packId);
    const { db } = server.jikim;
    const authorityId = await record(caseId, { kind: "emergency" });
    if (lapses === "capture")
      await db.updateTable("capture").set({ authorityId }).where("packId", "=", captureId).execute();
    else await db.updateTable("pack").set({ authorityId }).where("id", "=", order.packId).execute();
    expect([codeOf(await take(server, token)), codeOf(await take(server, token, "/sealed"))]).toEqual([
      "LINK_EXPIRED",
      "LINK_EXPIRED",
    ]);
    const held = lapses === "capture" ? "CAPTURE_LOCKED" : "AUTHORITY_LAPSED";
    const again = await post(server.app, centre.staff, `/api/desk/packs/${order.packId}/referrals`, { days: 7 });
    expect(codeOf(again)).toBe(held);
    const { headers } = centre.staff;
    const bytes = await ask(server.app, { url: `/api/desk/packs/${order.packId}/sealed`, headers });
    expect(codeOf(bytes)).toBe(held);
  }
});

test("a chat is sealed by the digest that she sent it with, once, and goes into a pack like a capture", async () => {
  const { caseId } = await openCase(server, centre, refers);
  const text = Buffer.from('{"invented":"chat"}');
  const digest = (name: string) => createHash(name).update(text).digest("hex");
  const chatId = await makeChat(server, caseId, digest("sha256"));
  const url = `/api/desk/cases/${caseId}/chats/${chatId}/seal`;
  const said = { exhibit: "chat 1", bytes: text.length, sha256: digest("sha256"), sha512: digest("sha512") };
  const changed = { ...said, sha256: "0".repeat(64) };
  expect(codeOf(await post(server.app, centre.staff, url, changed))).toBe("EXHIBIT_CHANGED");
  const sealed = await did<{ text: string }>(post(server.app, centre.staff, url, said));
  expect(await did(post(server.app, centre.staff, url, said))).toEqual(sealed);
  await settle(chatId);
  const vouching = await vouchingOf(server, centre, chatId);
  const manifest = createHash("sha256").update(sealed.text).digest("hex");
  expect(JSON.parse(vouching.log?.body ?? "")).toMatchObject({ what: "pack", packId: chatId, manifest });
  expect(vouching.stamp.state).toBe("stamped");
  const { unit } = await newUnit();
  const parts = [partOf("data/exhibits/1/chat.json", text), partOf("data/exhibits/1/seal/manifest.json", sealed.text)];
  const order = await orderOf(server, { packId: chatId, digest: manifest, parts }, { unit, mode: "export" });
  const exhibits = order.exhibits.map((exhibit) => ({ ...exhibit, kind: "chat" }));
  expect(codeOf(await ordered(caseId, order))).toBe("NOT_FOUND");
  expect((await ordered(caseId, { ...order, exhibits })).statusCode).toBe(200);
  const leavesAt = server.jikim.now().add({ hours: 1 }).toString();
  await server.jikim.db.updateTable("chat").set({ leavesAt }).where("id", "=", chatId).execute();
  const again = { ...order, exhibits, packId: randomUUID() };
  expect(codeOf(await ordered(caseId, again))).toBe("CHAT_LEAVING");
});
