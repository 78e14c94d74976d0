import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import type { packs } from "../src/contract.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { tellUnit } from "../src/packs/tell.ts";
import { did, openCase, post } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type Mailbox, openMailbox } from "./mailbox.ts";
import { ask, codeOf } from "./openapi.ts";
import { makeCapture, newUnit, orderOf, packUp, refer, take, takeExhibit } from "./pack-work.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";
import type { Survivor } from "./survivor.ts";

const unprinted = { print: async () => null, close: async () => undefined };
let base: TestJikim;
let server: TestJikim;
let centre: SeededCentre;
let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await openMailbox();
  base = await openTestJikim({ smtp: mailbox.url, mailFrom: "notices@centre.example" });
  const jikim = { ...base.jikim, printer: unprinted };
  server = { ...base, jikim, app: await createApp(jikim) };
  centre = await seedCentre(server.jikim);
  // The clock is moved by days here, and nobody signs in anew.
  const expiresAt = server.jikim.now().add({ hours: 10_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(() => mailbox.behave("accept"));
afterAll(async () => {
  await server.app.close();
  await base.close();
  await mailbox.close();
});

const refers = { consents: { remove: true, share: true, police: true, statistics: true } };

/** A pack whose ciphertext lies here. */
async function seal(
  told: Parameters<typeof openCase>[2] = refers,
  unitChanges: Partial<packs.Unit> = {},
  changes: Partial<packs.PackOrder> = {},
) {
  const { caseId, survivor } = await openCase(server, centre, told);
  const captureId = await makeCapture(server, centre, caseId);
  const exhibit = await takeExhibit(server, centre, { caseId, packId: captureId });
  const { unit } = await newUnit(unitChanges);
  const order = await orderOf(server, { packId: captureId, ...exhibit }, { unit, ...changes });
  const { pack } = await packUp(server, centre, { caseId, order, parts: exhibit.parts });
  return { caseId, survivor, packId: order.packId, pack };
}

const consent = (survivor: Survivor, change: "give" | "withdraw") => {
  const body = { act: "police", change };
  return did(ask(server.app, { method: "POST", url: "/api/my/consents", headers: survivor.headers, body }));
};
const rowOf = async (caseId: string) => {
  const url = `/api/desk/cases/${caseId}/packs`;
  return (await did<{ packs: packs.PackRow[] }>(ask(server.app, { url, headers: centre.staff.headers }))).packs[0];
};
const custodyOf = async (caseId: string, packId: string) => {
  const url = `/api/desk/cases/${caseId}/custody?packId=${packId}`;
  const { custody } = await did<{ custody: packs.Custody[] }>(ask(server.app, { url, headers: centre.staff.headers }));
  return custody.map(({ did: act }) => act);
};
const filesOf = async (caseId: string) => {
  const { db } = server.jikim;
  const files = await db.selectFrom("sealedFile").select("id").where("caseId", "=", caseId).execute();
  return files.length;
};
const receipt = (token: string, body: object) =>
  ask(server.app, {
    ...{ method: "POST", url: "/api/take/receipt", body },
    headers: { authorization: `Take ${token}` },
  });

test("a withdrawal before a unit came kills the link and erases the pack; the capture stays", async () => {
  const { caseId, survivor, packId } = await seal();
  const token = await refer(server, centre, packId);
  expect(await filesOf(caseId)).toBe(2);
  await consent(survivor, "withdraw");
  for (const path of ["", "/sealed"] as const) expect(codeOf(await take(server, token, path))).toBe("LINK_EXPIRED");
  expect(await filesOf(caseId)).toBe(1);
  expect(await rowOf(caseId)).toMatchObject({ state: "withdrawn", sealed: null, referrals: [{ state: "withdrawn" }] });
  expect((await custodyOf(caseId, packId))[0]).toBe("withdrawn");
  await consent(survivor, "give");
  expect(codeOf(await take(server, token))).toBe("LINK_EXPIRED");
  expect(codeOf(await post(server.app, centre.staff, `/api/desk/packs/${packId}/referrals`, {}))).toBe("PACK_ENDED");
});

test("while a withdrawal waits no link opens; taken back it opens again, in effect everything is erased", async () => {
  const { caseId, survivor, packId } = await seal({ ...refers, withdrawalPlan: "after-24-hours" });
  const token = await refer(server, centre, packId);
  await consent(survivor, "withdraw");
  expect(codeOf(await take(server, token, "/sealed"))).toBe("LINK_EXPIRED");
  expect(codeOf(await post(server.app, centre.staff, `/api/desk/packs/${packId}/referrals`, {}))).toBe(
    "CONSENT_MISSING",
  );
  await consent(survivor, "give");
  expect((await take(server, token)).statusCode).toBe(200);
  await consent(survivor, "withdraw");
  expect(await filesOf(caseId)).toBe(2);
  server.pass({ hours: 25 });
  await sweep(server.jikim);
  expect((await rowOf(caseId))?.state).toBe("withdrawn");
  expect(await filesOf(caseId)).toBe(1);
});

test("a unit that took it is told by mail once, and where mail does not reach it, staff have the words", async () => {
  const taken = async (mail: string | null) => {
    const sealed = await seal(refers, { mail });
    const token = await refer(server, centre, sealed.packId);
    expect((await take(server, token, "/sealed")).rawPayload.equals(Buffer.from(sealed.pack))).toBe(true);
    await consent(sealed.survivor, "withdraw");
    expect(codeOf(await take(server, token, "/sealed"))).toBe("LINK_EXPIRED");
    const [referral] = (await rowOf(sealed.caseId))?.referrals ?? [];
    if (referral === undefined) throw new Error("no referral");
    return { ...sealed, referral };
  };
  const byMail = await taken("cyber@police.example");
  expect(byMail.referral).toMatchObject({ state: "taken", told: "waiting" });
  await Promise.all([tellUnit(server.jikim, byMail.referral.id), tellUnit(server.jikim, byMail.referral.id)]);
  expect((await rowOf(byMail.caseId))?.referrals[0]?.told).toBe("told");
  const mails = mailbox.mails.filter(({ to }) => JSON.stringify(to).includes("cyber@police.example"));
  expect(mails).toHaveLength(1);
  const byHand = await taken(null);
  expect(byHand.referral.told).toBe("by-hand");
  expect(byHand.referral.text?.ko).toContain(byHand.packId);
  await did(post(server.app, centre.staff, `/api/desk/referrals/${byHand.referral.id}/told`));
  expect((await rowOf(byHand.caseId))?.referrals[0]?.told).toBe("told");
  mailbox.behave("refuse");
  const refused = await taken("gone@police.example");
  await tellUnit(server.jikim, refused.referral.id);
  expect((await rowOf(refused.caseId))?.referrals[0]?.told).toBe("by-hand");
});

test("what a law demands is not called back by her, but by staff", async () => {
  const codes = { danger: false, threat: false, ageBand: "14-17" as const, harms: [] };
  const ground = { kind: "law", id: "kr-duty-to-report", reference: null } as const;
  const { caseId, survivor, packId } = await seal({ ...refers, codes }, {}, { ground });
  const token = await refer(server, centre, packId);
  await consent(survivor, "withdraw");
  expect((await take(server, token)).statusCode).toBe(200);
  const withdrawn = await did(post(server.app, centre.staff, `/api/desk/packs/${packId}/withdraw`));
  expect(withdrawn).toEqual({ erased: true, taken: [] });
  expect(codeOf(await take(server, token))).toBe("LINK_EXPIRED");
  expect((await custodyOf(caseId, packId))[0]).toBe("withdrawn");
});

test("a link ends when its days are over, and after five fetches", async () => {
  const { packId } = await seal();
  const often = await refer(server, centre, packId);
  for (let at = 0; at < 5; at++) expect((await take(server, often, "/sealed")).statusCode).toBe(200);
  expect(codeOf(await take(server, often, "/sealed"))).toBe("LINK_EXPIRED");
  const short = await refer(server, centre, packId, 1);
  expect((await take(server, short)).statusCode).toBe(200);
  server.pass({ hours: 24 });
  expect(codeOf(await take(server, short))).toBe("LINK_EXPIRED");
});

test("a receipt is given once, after the fetch, and lies sealed; given by staff it counts as taken", async () => {
  const { caseId, packId } = await seal();
  const token = await refer(server, centre, packId);
  const words = { number: "2026-지어낸-12", who: "지어낸 경위" };
  expect(codeOf(await receipt(token, words))).toBe("PACK_NOT_SEALED");
  await take(server, token, "/sealed");
  expect((await receipt(token, words)).statusCode).toBe(200);
  expect(codeOf(await receipt(token, { ...words, who: "다른 사람" }))).toBe("RECEIPT_GIVEN");
  expect((await take(server, token)).json()).toMatchObject({ receipt: words });
  await refer(server, centre, packId);
  const [open] = (await rowOf(caseId))?.referrals ?? [];
  await did(post(server.app, centre.staff, `/api/desk/referrals/${open?.id}/receipt`, words));
  expect((await rowOf(caseId))?.referrals[0]).toMatchObject({ state: "taken", receipt: words, fetches: 0 });
  expect(await custodyOf(caseId, packId)).toEqual(["taken", "sent", "taken", "sent", "sealed"]);
  const row = await server.jikim.db.selectFrom("referral").selectAll().where("packId", "=", packId).execute();
  const bytes = row.flatMap(({ receiptSealed, tokenHash }) => [receiptSealed ?? Buffer.alloc(0), tokenHash]);
  for (const secret of ["지어낸 경위", token]) expect(bytes.some((each) => each.includes(secret))).toBe(false);
});

test("a wrong token learns nothing, and whoever goes on trying is stopped", async () => {
  const ask = (token: string) =>
    server.app.inject({
      url: "/api/take",
      headers: { authorization: `Take ${token}` },
      remoteAddress: "192.0.2.77",
    });
  const wrong = await Promise.all(["A".repeat(22), "B".repeat(22), "short", ""].map(ask));
  expect(new Set(wrong.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
  expect(wrong[0]?.statusCode).toBe(404);
  let last = 404;
  for (let at = 0; at < 10; at++) last = (await ask("C".repeat(22))).statusCode;
  expect(last).toBe(429);
});
