import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { newAgeIdentity, recipientOf, seal } from "@jikim/evidence";
import { verifyPack } from "@jikim/evidence/pack";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { did, openCase, readCase } from "../../server/test/desk-work.ts";
import { ask } from "../../server/test/openapi.ts";
import { makeCapture } from "../../server/test/pack-work.ts";
import { type SeededCentre, seedCentre } from "../../server/test/seed.ts";
import { axeFindings, axeFindingsAsIs } from "./axe.ts";
import { newPerson, openAnew, type Person } from "./desk-browser.ts";
import { openWorld, recordSent, signInByPassphrase, type World } from "./desk-world.ts";

let world: World;
let centre: SeededCentre;
let site: Server;
let origin: string;
let wide: Person;
let narrow: Person;
let caseId: string;
let identity: string;
let recipient: string;
let link: string;

/** Eight orange pixels: what a page shows and nobody keeps. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAIAAADwyuo0AAAAEUlEQVR4nGP4z8AARwxIHABX1gf5nzHjCwAAAABJRU5ErkJggg==",
  "base64",
);

beforeAll(async () => {
  site = createServer((request, response) => {
    if (request.url?.endsWith(".png")) return response.writeHead(200, { "content-type": "image/png" }).end(PICTURE);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    return response.end("<title>방</title><p>지어낸 방의 말</p><img src=/a.png>");
  });
  await new Promise<void>((ready) => site.listen(0, "127.0.0.1", ready));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  world = await openWorld();
  const { jikim, app } = world.running;
  centre = await seedCentre(jikim);
  ({ caseId } = await openCase({ app, jikim } as Parameters<typeof openCase>[0], centre, {
    places: [
      { kind: "url", text: `${origin}/room/1` },
      { kind: "url", text: `${origin}/room/2` },
    ],
    codes: { danger: false, threat: false, ageBand: "20s", harms: [] },
    consents: { remove: true, share: true, police: true, statistics: true },
  }));
  identity = newAgeIdentity();
  recipient = await recipientOf(identity);
  [wide, narrow] = [await newPerson(world.browser), await newPerson(world.browser, { width: 360 })];
  for (const { page } of [wide, narrow]) await signInByPassphrase(page, world.running.origin, centre.staff);
}, 120_000);
afterAll(async () => {
  await world.close();
  site.closeAllConnections();
  site.close();
});

/** Nothing is wider than the page, axe finds nothing in either language, and the console has no complaint. */
async function holds({ page, complaints }: Person, name: string): Promise<void> {
  const folder = process.env.JIKIM_SCREENSHOTS;
  const width = page.viewportSize()?.width;
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(await axeFindings(page)).toEqual([]);
  if (folder !== undefined) {
    await page.getByRole("button", { name: "English", exact: true }).click();
    await page.screenshot({ path: `${folder}/${name}-${width}-en.png`, fullPage: true });
    await page.getByRole("button", { name: "한국어", exact: true }).click();
  }
  expect(complaints).toEqual([]);
}

async function openEvidence({ page }: Person, id = caseId): Promise<Page> {
  await openAnew(page, world.running.origin, `#/evidence/${id}`);
  await page.locator("#captures").waitFor();
  return page;
}

/** The case as one in which nobody used a power of investigators. */
async function forgetAuthorities(): Promise<void> {
  const { db } = world.running.jikim;
  await db.updateTable("capture").set({ authorityId: null }).where("caseId", "=", caseId).execute();
  await db.deleteFrom("authority").where("caseId", "=", caseId).execute();
}

/** Somebody outside, in a browser of her own. */
async function visit(url: string, width = 1280): Promise<Person> {
  const person = await newPerson(world.browser, { width });
  await person.page.goto(url);
  return person;
}

test("a case's page says what is sealed of it, and leads to its evidence", async () => {
  const { page } = narrow;
  await page.goto(`${world.running.origin}/desk/#/case/${caseId}`);
  await page.locator("#evidence").getByRole("button", { name: "아직 봉인하지 않은 2곳 지금 봉인" }).waitFor();
  await page.locator("#evidence").getByRole("link").click();
  await page.locator("#captures").waitFor();
}, 60_000);

test("a place is sealed by one key without a picture on screen, and its pack is told in words", async () => {
  const page = await openEvidence(wide);
  await page.locator("#captures [data-place]").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("s");
  const sealed = page.locator("#captures [data-place='1'] [data-capture=sealed]");
  await sealed.waitFor({ timeout: 40_000 });
  expect(await sealed.innerText()).toMatch(/저장하지 않고 지문만 남긴 사진·영상 등 1개/);
  await sealed.getByText(/기록에 올림/).waitFor({ timeout: 20_000 });
  expect(await page.locator("img, video, canvas, picture").count()).toBe(0);
}, 90_000);

test("what is chosen goes to one unit: packed in the browser, handed over by a link, taken, checked, received", async () => {
  const page = await openEvidence(wide);
  const sent = recordSent(page);
  const section = page.locator("#hand-over");
  await section.getByRole("checkbox").first().check();
  await section.getByLabel("이름 (기관과 부서)").fill("지어낸경찰서 사이버팀");
  await section.getByLabel("공개 열쇠", { exact: true }).fill("AGE-SECRET-KEY-1WRONG");
  await section.getByText("age1로 시작하는 공개 열쇠가 아닙니다").waitFor();
  expect(await section.getByRole("button", { name: "꾸러미 만들기" }).isDisabled()).toBe(true);
  await section.getByLabel("공개 열쇠", { exact: true }).fill(recipient);
  expect(await section.getByText("당사자가 수사기관 제공에 동의함").innerText()).toMatch(/✓ 동의/);
  await section.getByRole("button", { name: "꾸러미 만들기" }).click();
  await section.locator("[data-handed]").waitFor({ timeout: 40_000 });
  expect(sent()).not.toContain("지어낸 방의 말");
  const digest = (await section.locator("[data-handed] .digest").innerText()).replace(/\s/g, "");

  const row = page.locator("[data-pack=sealed]").first();
  await row.getByRole("button", { name: /링크 만들기/ }).click();
  link = await row.getByRole("textbox", { name: "한 번 보여 주는 링크" }).inputValue();
  await holds(wide, "evidence");

  const unit = await visit(link);
  await unit.page.getByText("지어낸경찰서 사이버팀").waitFor();
  expect(unit.page.url()).not.toContain("#");
  expect((await unit.page.locator("dl").innerText()).replace(/\s/g, "")).toContain(digest);
  const [download] = await Promise.all([
    unit.page.waitForEvent("download"),
    unit.page.getByRole("button", { name: "파일 받기" }).click(),
  ]);
  const file = await readFile(await download.path());
  await unit.page.getByText(/SHA-256이 위와 같습니다/).waitFor();
  const trust = { root: centre.root.public, authorities: [], witnesses: [], now: world.running.jikim.now() };
  const { findings, manifest } = await verifyPack(new Response(file).body ?? new ReadableStream(), identity, trust);
  expect(findings.filter(({ state }) => state === "fails")).toEqual([]);
  const held = findings.filter(({ state }) => state === "holds").map(({ check }) => check);
  expect(held).toEqual(expect.arrayContaining(["opened", "whole", "unchanged", "signed", "vouched", "logged"]));
  expect(manifest?.files.map(({ path }) => path)).toContain("data/exhibits/1/seal/log-proof.txt");

  await unit.page.getByLabel("접수 번호").fill("2026-지어낸-7");
  await unit.page.getByLabel("받은 사람 (직위와 이름)").fill("경위 가나다");
  await unit.page.getByRole("button", { name: "받았습니다" }).click();
  await unit.page.getByText(/수령 기록: 2026-지어낸-7/).waitFor();
  await unit.page.setViewportSize({ width: 360, height: 800 });
  await holds(unit, "take");
  await openEvidence(wide);
  const taken = page.locator("[data-referral=taken]");
  await taken.waitFor();
  expect(await taken.innerText()).toContain("2026-지어낸-7");
  expect(await page.locator("#custody tr[data-did=taken]").count()).toBe(1);
}, 120_000);

test("calling a pack back kills its link, and who took it must be told in the words that are ready", async () => {
  const page = await openEvidence(wide);
  const row = page.locator("[data-pack]").first();
  await row.getByRole("button", { name: /철회하기/ }).click();
  expect(await axeFindingsAsIs(page)).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "철회하기" }).click();
  await row.getByText(/철회를 알려 주세요/).waitFor();
  const { page: outside } = await visit(link, 360);
  await outside.locator(".trouble").waitFor();
  expect(await outside.locator("dl").count()).toBe(0);
  await row.getByRole("button", { name: /알렸습니다/ }).click();
  await row.getByText("철회를 알림").waitFor();
}, 60_000);

test("a unit without a key gets one made here, shown once; a wrong link is said in words", async () => {
  const page = await openEvidence(wide);
  const section = page.locator("#hand-over");
  await section.getByRole("checkbox").first().check();
  await section.getByLabel("이름 (기관과 부서)").fill("지어낸학교");
  await section.getByLabel("종류").selectOption("school");
  await section.getByText("열쇠가 없습니다").click();
  await section.getByText("당사자가 이 기관에 주는 것에 동의함").click();
  await section.getByLabel(/언제 어떻게/).fill("오늘 전화로");
  await section.getByRole("button", { name: "꾸러미 만들기" }).click();
  const made = await section.getByRole("textbox", { name: "여는 열쇠" }).inputValue({ timeout: 40_000 });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("[data-pack=sealed]").getByRole("button", { name: /USB/ }).click(),
  ]);
  const file = await readFile(await download.path());
  const trust = { root: centre.root.public, authorities: [], witnesses: [], now: world.running.jikim.now() };
  const { findings } = await verifyPack(new Response(file).body ?? new ReadableStream(), made, trust);
  expect(findings.filter(({ state }) => state === "fails")).toEqual([]);
  const outside = await visit(`${world.running.origin}/take/`, 360);
  await outside.page.getByLabel("링크").fill("https://centre.example/take/#short");
  await outside.page.getByRole("button", { name: "보기" }).click();
  await outside.page.getByText("그런 링크가 없습니다").waitFor();
  await holds(outside, "take-empty");
}, 90_000);

/** A case of hers whose capture kept a body, and for which she sent the marks of a file. */
async function openKeptCase(): Promise<string> {
  const { jikim, app } = world.running;
  const server = { app, jikim } as Parameters<typeof openCase>[0];
  const { caseId: id, survivor } = await openCase(server, centre, {
    codes: { danger: false, threat: false, ageBand: "20s", harms: [] },
    consents: { remove: true, share: true, police: true, statistics: true },
  });
  await makeCapture(server, centre, id, { kept: "지어낸 봉인된 것" });
  const { caseRecipient, keyVersion } = await readCase(app, centre.staff, id);
  const report = { marks: [], contentCredentials: null, camera: null, notChecked: [] };
  const content = { sha256: "ab".repeat(32), bytes: 9, shortName: null, readAt: jikim.now().toString(), report };
  const sealed = Buffer.from(await seal({ by: "survivor", content }, [caseRecipient])).toString("base64url");
  const body = { id: crypto.randomUUID(), keyVersion, sealed };
  await did(ask(app, { method: "POST", url: "/api/my/provenance", headers: survivor.headers, body }));
  return id;
}

test("what was kept stays unless it is chosen for police, marks go along, and what happens afterwards is written down", async () => {
  const id = await openKeptCase();
  const { page } = wide;
  await openEvidence(wide, id);
  const section = page.locator("#hand-over");
  await section.getByRole("checkbox").first().check();
  await section.getByLabel("이름 (기관과 부서)").fill("지어낸경찰서 사이버팀");
  await section.getByLabel("공개 열쇠", { exact: true }).fill(recipient);
  const kept = section.locator("[data-kept]");
  expect(await kept.getByLabel(/담지 않고 센터에/).isChecked()).toBe(true);
  const make = section.getByRole("button", { name: "꾸러미 만들기" });
  await kept.getByLabel(/경찰·검찰에 함께/).check();
  expect(await make.isDisabled()).toBe(true);
  await kept.getByLabel(/법적 근거나 권한/).fill("지어낸 영장 2026-7");
  await holds(wide, "evidence-kept");
  await section.getByLabel("종류").selectOption("school");
  await kept.getByText("경찰·검찰이 아닌 곳에는 건넬 수 없습니다").waitFor();
  await section.getByLabel("종류").selectOption("police");
  expect(await kept.getByLabel(/담지 않고 센터에/).isChecked()).toBe(true);
  await section.locator("[data-marks]").getByRole("checkbox").check();
  await make.click();
  await section.locator("[data-handed]").waitFor({ timeout: 40_000 });
  const row = page.locator("[data-pack=sealed]").first();
  await row.getByText("봉인해 남긴 것 1개는 담지 않았습니다").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    row.getByRole("button", { name: /USB/ }).click(),
  ]);
  const file = await readFile(await download.path());
  const trust = { root: centre.root.public, authorities: [], witnesses: [], now: world.running.jikim.now() };
  const { findings } = await verifyPack(new Response(file).body ?? new ReadableStream(), identity, trust);
  expect(findings.filter(({ state }) => state === "fails")).toEqual([]);
  const held = findings.filter(({ state }) => state === "holds").map(({ check }) => check);
  expect(held).toEqual(expect.arrayContaining(["kept-apart", "marks"]));

  await row.getByText(/이 꾸러미에 한 일/).click();
  await row.getByText("밖에서 있었던 일 적기").click();
  await row.getByLabel("무엇을").selectOption("destroyed");
  await row.getByLabel(/덧붙일 말/).fill("사본 하나");
  await row.getByRole("button", { name: "로그에 적기" }).click();
  const act = row.locator("[data-act=destroyed]");
  await act.getByText("“사본 하나”").waitFor();
  await row.getByText("증거 하나를 복사해 담음").waitFor();
  await holds(wide, "evidence-after");
  expect(await act.innerText()).toMatch(/없앴다고 함[\s\S]*경찰·검찰의 말 · 적은 사람 담당 상담 1/);
  await act.getByText(/로그 \d+번/).waitFor();
  await openEvidence(narrow, id);
  await narrow.page.locator("[data-pack-custody] > summary").click();
  await narrow.page
    .locator("[data-act=destroyed]")
    .getByText(/로그 \d+번/)
    .waitFor();
  await narrow.page.locator("[data-outside] > summary").click();
  await holds(narrow, "evidence-after");
  expect(await page.locator("img, video, canvas, picture").count()).toBe(0);
}, 120_000);

test("an emergency shows its 48 hours, and locks what was sealed under it when they run out", async () => {
  const page = await openEvidence(wide);
  const section = page.locator("#authorities");
  await section.getByText("근거 적기").click();
  await section.getByLabel("긴급 처분 (승인 전)").check();
  await section.getByLabel("문서 번호").fill("2026-긴급-1");
  await section.getByLabel("기관·부서").fill("지어낸경찰청");
  await section.getByLabel(/room\/2/).check();
  await section.getByRole("button", { name: "기록하기" }).click();
  expect(await section.locator("[data-authority=unapproved] [data-clock]").innerText()).toMatch(/1일 23시간 남음/);
  await narrow.page.goto(`${world.running.origin}/desk/#/due`);
  await narrow.page
    .getByRole("region", { name: "승인을 기다리는 긴급 처분" })
    .getByText(/1일 23시간 남음/)
    .waitFor();
  await holds(narrow, "due");

  await page.getByText("다르게 봉인하기").click();
  const form = page.locator("#captures details form");
  await form.getByLabel("무엇을").selectOption({ label: `2. ${origin}/room/2` });
  await form.getByLabel("어느 법적 근거로").selectOption({ index: 1 });
  await form.getByRole("button", { name: "지금 봉인" }).click();
  await page.locator("#captures [data-place='2'] [data-capture=sealed]").waitFor({ timeout: 40_000 });

  const { db } = world.running.jikim;
  const before = (hours: number) => Temporal.Now.instant().subtract({ hours }).toString();
  await db
    .updateTable("authority")
    .set({ fromAt: before(49), approveBy: before(1) })
    .execute();
  await openEvidence(wide);
  await page.locator("#captures [data-capture=locked]").waitFor();
  expect(await section.locator("[data-authority=lapsed]").innerText()).toMatch(/기한이 .* 지남/);
  expect(await page.locator("#hand-over").innerText()).toMatch(/잠긴 봉인 1건/);
  expect(
    await page
      .locator("#hand-over")
      .getByText(/room\/2/)
      .count(),
  ).toBe(0);
  await holds(wide, "evidence-locked");
  await openEvidence(narrow);
  await narrow.page.locator("#captures [data-capture=locked]").waitFor();
  await holds(narrow, "evidence-locked");
}, 90_000);

test("the centre's status decides how long records stay; destroying them on request takes a typed word", async () => {
  const admin = await newPerson(world.browser, { width: 360 });
  await signInByPassphrase(admin.page, world.running.origin, centre.admin);
  await admin.page.goto(`${world.running.origin}/desk/#/centre`);
  await admin.page.getByLabel(/공공 센터/).check();
  await admin.page.getByLabel("근거 문서").fill("지정서 2026-1");
  await admin.page.locator("#record-keeping").getByRole("button", { name: "저장" }).click();
  await admin.page.locator("#record-keeping").getByText("저장했습니다").waitFor();
  await admin.page.getByText("설정되어 있지 않습니다").waitFor();
  await holds(admin, "centre");

  const page = await openEvidence(wide);
  const section = page.locator("#retention");
  // An emergency stood above: what investigators had power over is kept longer, and not destroyed on request.
  await section.getByText("종결한 날부터 10년").waitFor();
  expect(await section.getByRole("button", { name: "없애기" }).count()).toBe(0);
  await forgetAuthorities();
  await openEvidence(wide);
  await section.getByText("종결한 날부터 5년").waitFor();
  await section.getByRole("button", { name: "없애기" }).click();
  const dialog = page.getByRole("dialog");
  const go = dialog.getByRole("button", { name: "없애기" });
  expect(await go.isDisabled()).toBe(true);
  await dialog.getByLabel(/라고 적어/).fill("없앱니다");
  expect(await axeFindingsAsIs(page)).toEqual([]);
  await go.click();
  await section.getByText(/에 없앴습니다/).waitFor();
  expect(await page.locator("[data-capture]").count()).toBe(0);
  // The evidence is gone; the rest goes at another wish.
  await section.getByRole("button", { name: "없애기" }).click();
  expect(await dialog.getByLabel(/증거만/).isDisabled()).toBe(true);
  expect(await dialog.getByLabel(/사건 전체/).isChecked()).toBe(true);
  await dialog.getByLabel(/라고 적어/).fill("없앱니다");
  expect(await axeFindingsAsIs(page)).toEqual([]);
  await go.click();
  await section.getByText("사건 전체를 없애는 중입니다", { exact: false }).waitFor();
  expect(await section.getByRole("button", { name: "없애기" }).count()).toBe(0);
  expect(wide.complaints).toEqual([]);
}, 60_000);
