import { randomBytes } from "node:crypto";
import { keysOfReturnCode, openSealed, readDocument, unwrapCaseKey } from "@jikim/evidence";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Colleague, takeCase } from "../../server/src/demo/staff.ts";
import { type Prepared, prepareReport, sendReport } from "../../server/src/demo/survivor.ts";
import { type SeededCentre, type SeededStaff, seedCentre, seedStaff } from "../../server/test/seed.ts";
import type { Centre } from "../src/desk/contract.ts";
import { axeFindings, axeFindingsAsIs } from "./axe.ts";
import { newPerson } from "./desk-browser.ts";
import { inventedReport } from "./desk-report.ts";
import { openWorld, recordSent, signInByPassphrase, type World } from "./desk-world.ts";

let world: World;
let seeded: SeededCentre;
let second: SeededStaff;
let centre: Centre;

beforeAll(async () => {
  world = await openWorld();
  seeded = await seedCentre(world.running.jikim);
  second = await seedStaff(world.running.jikim, { pseudonym: "상담 2", roles: ["caseworker"], root: seeded.root });
  centre = await (await fetch(`${world.running.origin}/api/centre`)).json();
  const headers = { ...seeded.admin.headers, "content-type": "application/json" };
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const platform = { name: "가상 게시판", hosts: ["board.example"], mail: null, language: "ko", api: { expiresAt } };
  const made = { method: "POST", headers, body: JSON.stringify(platform) };
  expect((await fetch(`${world.running.origin}/api/desk/platforms`, made)).status).toBe(200);
});
afterAll(() => world.close());

/** A new report, its case's id, and the case opened by the intake person in a browser. */
async function openNewCase(codes: Parameters<typeof inventedReport>[0] = {}) {
  const prepared = await prepareReport(centre, inventedReport(codes));
  await sendReport(world.running.origin, prepared);
  const { id } = await world.running.jikim.db
    .selectFrom("cases")
    .select("id")
    .orderBy("number", "desc")
    .executeTakeFirstOrThrow();
  const { page, complaints } = await newPerson(world.browser);
  await signInByPassphrase(page, world.running.origin, seeded.staff);
  await page.goto(`${world.running.origin}/desk/#/case/${id}`);
  await page.locator("#contact").waitFor();
  return { page, complaints, id, prepared };
}

async function assignTo(page: Page, pseudonym: RegExp, keepsMe: boolean): Promise<void> {
  await page.getByRole("button", { name: /^담당자 (정하기|바꾸기)$/ }).click();
  const dialog = page.getByRole("dialog");
  const option = await dialog.locator("option", { hasText: pseudonym }).getAttribute("value");
  expect(await axeFindingsAsIs(page)).toEqual([]);
  await dialog.getByRole("combobox").selectOption(option);
  const keep = dialog.getByLabel("나도 계속 열 수 있게");
  if ((await keep.count()) > 0) await keep.setChecked(keepsMe);
  await dialog.getByRole("button", { name: "맡기기" }).click();
}

async function recordMandate(page: Page): Promise<void> {
  await page.getByLabel("본인이 찍힌 사람이다").check();
  await page.getByLabel("동의하지 않았다").check();
  await page.getByLabel("당사자가 한 말").fill("심어 둔 위임의 말");
  await page.getByRole("button", { name: "위임 기록하기" }).click();
  await page.getByText("대화로 확인한 위임").waitFor();
}

/** What she reads with her return code. */
async function readAsSurvivor({ code }: Prepared) {
  const { token, identity } = keysOfReturnCode(code);
  const headers = { authorization: `Return ${token}` };
  const held = await (await fetch(`${world.running.origin}/api/my/case`, { headers })).json();
  const key = await unwrapCaseKey(Buffer.from(held.wrapped, "base64url"), identity);
  const messages = held.documents.filter((document: { kind: string }) => document.kind === "message");
  const binding = { caseId: held.id, kind: "message" };
  return Promise.all(
    messages.map(async ({ sealed }: { sealed: string }) =>
      readDocument(await openSealed(Buffer.from(sealed, "base64url"), key.identity), binding, seeded.root.public),
    ),
  );
}

test("a caseworker moves by j and k, opens by Enter, and sees where she may be reached before she can write", async () => {
  const { page, complaints } = await openNewCase({ danger: true });
  await page.getByRole("link", { name: "사건", exact: true }).click();
  await page.locator("[data-row]").first().waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const first = await page.locator("[data-row]").first().getAttribute("href");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("href"))).toBe(first);
  await page.keyboard.press("Enter");
  await page.locator("#contact").waitFor();
  const order = await page.evaluate(() => {
    const contact = document.querySelector("#contact");
    const writing = document.querySelector("#messages textarea");
    return contact && writing && contact.compareDocumentPosition(writing) === Node.DOCUMENT_POSITION_FOLLOWING;
  });
  expect(order).toBe(true);
  await page.locator("#contact").getByText("주문 안내라고만").waitFor();
  await page.locator("#messages").getByText("주문 안내라고만").waitFor();
  expect(await page.locator("img, video, canvas, picture").count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
}, 60_000);

test("from report to sent notice: assign, write, mandate, list, draft, confirm who gets what, send", async () => {
  const { page, complaints, prepared } = await openNewCase();
  const sent = recordSent(page);
  await page.locator("#notices").getByText("위임이 기록되지 않았습니다").waitFor();
  await assignTo(page, /상담 1/, true);
  await page.getByText("담당: 상담 1").waitFor();

  await page.getByLabel("당사자에게 쓰기").fill("심어 둔 답장의 말");
  await page.getByRole("button", { name: "보내기", exact: true }).click();
  await page.locator("[data-document=message]").getByText("심어 둔 답장의 말").waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest("section")?.id)).toBe("messages");
  await page
    .getByLabel("메모 (당사자 화면에는 보이지 않지만, 당사자의 코드로 열 수 있습니다)")
    .fill("심어 둔 메모의 말");
  await page.getByRole("button", { name: "메모 남기기" }).click();
  await page.locator("[data-document=note]").waitFor();
  await recordMandate(page);
  const said = await readAsSurvivor(prepared);
  expect(said[0]?.content).toEqual({ text: "심어 둔 답장의 말" });
  expect(said[0]?.author?.staffId).toBe(seeded.staff.staffId);

  await page.getByRole("radio", { name: /경찰 요청/ }).check();
  await page
    .locator("#items")
    .getByRole("button", { name: /모두 고르기/ })
    .click();
  await page.getByLabel("문서 번호").fill("2026-0000");
  await page.getByRole("button", { name: "목록에 올리기 (2)" }).click();
  await page.locator("[data-item='1']").getByText("■ 차단").waitFor();
  await page.getByRole("button", { name: "사진 1: 이의 표시" }).click();
  await page.locator("[data-item='1']").getByText("◧ 보류 후 검토").waitFor();
  await page.getByRole("button", { name: "사진 2: 목록에서 내리기" }).click();
  await page.locator("[data-item='2'] input").waitFor();

  await draftComes(page);
  await page.getByRole("button", { name: /읽고 보내기/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^위치 1 \(1곳\)$/).click();
  await dialog.getByText("https://board.example/p/1").first().waitFor();
  expect(await dialog.getByText("@invented_room").count()).toBe(0);
  expect(await page.locator("[data-notice=draft]").count()).toBe(1);
  expect(await axeFindingsAsIs(page)).toEqual([]);
  await dialog.getByRole("checkbox", { name: /가상 게시판/ }).uncheck();
  expect(await dialog.getByRole("button", { name: /^보내기/ }).isDisabled()).toBe(true);
  await dialog.getByRole("checkbox", { name: /가상 게시판/ }).check();
  await dialog.getByRole("button", { name: "보내기: 가상 게시판" }).click();
  await dialog.waitFor({ state: "hidden" });
  expect(await page.locator("[data-notice=draft]").count()).toBe(0);
  await expect
    .poll(
      async () => {
        await page.getByRole("button", { name: "새로 열기" }).click();
        return page.locator("[data-notice=sent]").count();
      },
      { timeout: 15_000, interval: 500 },
    )
    .toBe(1);
  await page.locator("[data-place='1']").getByText(/^기록/).click();
  await page.locator("[data-place='1']").getByText("가상 게시판에 요청서 보냄").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
  for (const word of ["심어 둔", "가상인물", "주문 안내"]) expect(sent()).not.toContain(word);
}, 120_000);

/** After the mandate a draft is written by itself; the page shows it when the case is opened again. */
async function draftComes(page: Page): Promise<void> {
  const drafts = async () => {
    await page.getByRole("button", { name: "새로 열기" }).click();
    return page.locator("[data-notice=draft]").count();
  };
  await expect.poll(drafts, { timeout: 15_000, interval: 500 }).toBe(1);
}

test("a threat stops sending at the desk too, and lifting it is a person's act", async () => {
  const { page } = await openNewCase({ threat: true });
  await assignTo(page, /상담 1/, true);
  await page.getByText("담당: 상담 1").waitFor();
  await recordMandate(page);
  await page.locator("#notices").getByText("협박이 진행 중이라 아무것도 보내지 않습니다").waitFor();
  await draftComes(page);
  expect(await page.getByRole("button", { name: /읽고 보내기/ }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "표시", exact: true }).click();
  expect(await axeFindingsAsIs(page)).toEqual([]);
  await page.getByRole("button", { name: "협박: 풀기" }).click();
  await page.getByRole("button", { name: "협박: 켜기" }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "닫기" }).click();
  expect(await page.getByRole("button", { name: /읽고 보내기/ }).isDisabled()).toBe(false);
}, 60_000);

test("when the case key changed meanwhile, the message is sealed again to the new one and arrives once", async () => {
  const { page, id, prepared } = await openNewCase();
  const { staffId, key, certificate, headers } = seeded.staff;
  const elsewhere: Colleague = { origin: world.running.origin, cookie: headers.cookie, staffId, key, certificate };
  await takeCase(elsewhere, id, centre);
  await page.getByLabel("당사자에게 쓰기").fill("열쇠가 바뀐 뒤의 말");
  await page.getByRole("button", { name: "보내기", exact: true }).click();
  await page.locator("[data-document=message]").waitFor();
  expect((await readAsSurvivor(prepared)).map((read) => read?.content)).toEqual([{ text: "열쇠가 바뀐 뒤의 말" }]);
}, 60_000);

test("what cannot be verified is marked, and a case with such a text can still be given to someone else, who opens it", async () => {
  const { page, id, prepared } = await openNewCase();
  const forged = { id: crypto.randomUUID(), caseId: id, kind: "message", author: "survivor" } as const;
  const values = { ...forged, sealed: randomBytes(1500), writtenAt: new Date().toISOString(), staffId: null };
  await world.running.jikim.db.insertInto("document").values(values).execute();
  await page.getByRole("button", { name: "새로 열기" }).click();
  await page.getByText("확인되지 않은 글입니다").waitFor();
  await assignTo(page, /상담 2/, false);
  await page.locator("[data-row]").first().waitFor();
  await page.goto(`${world.running.origin}/desk/#/case/${id}`);
  await page.getByText("이 사건의 열쇠를 갖고 있지 않습니다").waitFor();

  const taker = await newPerson(world.browser);
  await signInByPassphrase(taker.page, world.running.origin, second);
  await taker.page.getByRole("button", { name: "내 사건" }).click();
  await taker.page.locator("[data-row]").first().click();
  await taker.page.getByText("가상인물 하나").waitFor();
  await taker.page.getByText("확인되지 않은 글입니다").waitFor();
  await taker.page.getByText(/^기록 \d+개$/).click();
  await taker.page.locator("#releases").getByText("담당 상담 1 · 담당자를 바꿈").waitFor();
  expect(await readAsSurvivor(prepared)).toEqual([null]);
  expect(taker.complaints).toEqual([]);
}, 90_000);

test("places that staff add are cleaned, known ones left out, and unreadable ones said", async () => {
  const { page } = await openNewCase();
  await page.getByText("위치 더하기").click();
  await page
    .getByLabel("주소나 대화방 이름을 붙여 넣으세요")
    .fill("https://board.example/p/1?utm_source=x https://other.example/a ht!tp://");
  await page.getByText("이미 있는 위치 1곳은 빼고 더합니다").waitFor();
  await page.getByText("주소로 읽을 수 없음").waitFor();
  await page.getByRole("button", { name: "더하기 (1)" }).click();
  await page.locator("[data-place='3']").getByText("직원이 찾음").waitFor();
}, 60_000);

test("a supervisor closes the gate, sets a flood aside in one step, and brings it back", async () => {
  const { page } = await openNewCase();
  await page.getByRole("link", { name: "접수문" }).click();
  await page.getByRole("button", { name: "닫기" }).click();
  await page.getByText("■ 닫혀 있음").waitFor();
  await page.getByRole("button", { name: "열기", exact: true }).click();
  await page.getByText("○ 열려 있음").waitFor();
  await page.getByRole("radio", { name: /따로 두기/ }).check();
  await page.getByLabel("이 시각부터 접수된").fill("2026-01-01T00:00");
  await page.getByLabel("이 시각까지 접수된").fill("2099-01-01T00:00");
  await page.getByRole("button", { name: "바꾸기" }).click();
  await page.getByText(/^[1-9]\d*건을 바꾸었습니다$/).waitFor();
  await page.getByRole("radio", { name: /되돌리기/ }).check();
  await page.getByRole("button", { name: "바꾸기" }).click();
  await page.getByText(/^[1-9]\d*건을 바꾸었습니다$/).waitFor();
  expect(await axeFindings(page)).toEqual([]);
}, 60_000);
