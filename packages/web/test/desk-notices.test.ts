import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordMail } from "../../server/src/mail/intake.ts";
import { openMailReader } from "../../server/src/mail/read-mail.ts";
import { did, openCase, post } from "../../server/test/desk-work.ts";
import { type SeededCentre, seedCentre } from "../../server/test/seed.ts";
import { axeFindings, axeFindingsAsIs } from "./axe.ts";
import { newPerson, openAnew, type Person } from "./desk-browser.ts";
import { pressOn, tabTo } from "./desk-keys.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";

let world: World;
let centre: SeededCentre;
let wide: Person;
let narrow: Person;
let caseId: string;

const PLACES = 30;

beforeAll(async () => {
  world = await openWorld();
  const { jikim, app } = world.running;
  centre = await seedCentre(jikim);
  const recipient = (name: string, more: object) => ({
    ...{ kind: "platform", name: { ko: name, en: name }, jurisdiction: "kr", language: "ko" },
    ...{ mail: null, form: null, hosts: [], hostile: false, ...more },
  });
  const expiresAt = jikim.now().add({ hours: 240 }).toString();
  const board = { name: "가상 게시판", hosts: ["board.example"], mail: null, language: "ko", api: { expiresAt } };
  await did(post(app, centre.admin, "/api/desk/platforms", board));
  const form = recipient("가상 양식 사이트", { form: "https://forms.example/report", hosts: ["forms.example"] });
  await did(post(app, centre.staff, "/api/desk/recipients", form));
  const url = (text: string) => ({ kind: "url" as const, text });
  const places = [
    ...Array.from({ length: PLACES }, (_, at) => url(`https://board.example/p/${at + 1}`)),
    url("https://forms.example/v/1"),
    url("https://drive.google.com/file/d/invented0123456789/view"),
  ];
  ({ caseId } = await openCase({ app, jikim } as Parameters<typeof openCase>[0], centre, { places }));
  [wide, narrow] = [await newPerson(world.browser), await newPerson(world.browser, { width: 360 })];
  for (const { page } of [wide, narrow]) await signInByPassphrase(page, world.running.origin, centre.staff);
}, 120_000);
afterAll(() => world.close());

/** Nothing is wider than the page, axe finds nothing in either language, and the console has no complaint. */
async function holds({ page, complaints }: Person, name: string): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  const folder = process.env.JIKIM_SCREENSHOTS;
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/${name}-${page.viewportSize()?.width}.png`, fullPage: true });
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
}

async function go({ page }: Person, hash: string, ready: string): Promise<Page> {
  await openAnew(page, world.running.origin, hash);
  await page.getByText(ready).first().waitFor();
  return page;
}
async function look(hash: string, ready: string, name: string): Promise<void> {
  for (const person of [narrow, wide]) {
    await go(person, hash, ready);
    await holds(person, name);
  }
}

const focusOn = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element: HTMLElement) => element.focus());

const ofState = (page: Page, state: string) => page.locator(`[data-notice=${state}]`);

test("drafts come by themselves; what is left is chosen and drafted, and all of it approved, by keyboard in a few presses", async () => {
  const page = await go(wide, `#/case/${caseId}`, "지울 수 있는 곳 찾기");
  // Nobody asked for it: the mandate did. Who carries the other site is still being asked.
  const own = ofState(page, "draft").filter({ hasText: "가상 게시판" });
  await own.waitFor();
  expect(await own.innerText()).toContain(`위치 1–${PLACES}`);
  await focusOn(page, "#notices > h2");
  await tabTo(page, /^모두 고르기/);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("모두 고르기 (1)");
  const site = new RegExp(`위치 ${PLACES + 1} `);
  await pressOn(page, /^지울 수 있는 곳 보기/);
  const route = page.getByRole("region", { name: site });
  await route.waitFor();
  expect(await route.innerText()).toMatch(/가상 양식 사이트[\s\S]*바로[\s\S]*출처/);
  await holds(wide, "ladder");
  await go(narrow, `#/case/${caseId}`, "지울 수 있는 곳 찾기");
  await narrow.page.getByRole("button", { name: /^지울 수 있는 곳 보기/ }).click();
  await narrow.page.getByRole("region", { name: site }).waitFor();
  await holds(narrow, "ladder");

  await page.locator("#routes").focus();
  await pressOn(page, /^먼저 물을 곳 모두에 초안 만들기/);
  await ofState(page, "draft").filter({ hasText: "가상 양식 사이트" }).first().waitFor();
  const draft = ofState(page, "draft").filter({ hasText: "가상 게시판" }).first();
  await draft.getByText("요청서 읽기").click();
  expect(await draft.innerText()).toMatch(/당사자의 말: “/);
  await holds(wide, "notices");

  await focusOn(page, "#notices > h2");
  await pressOn(page, /^읽고 보내기/);
  await page.getByRole("dialog").waitFor();
  expect(await axeFindingsAsIs(page)).toEqual([]);
  if (process.env.JIKIM_SCREENSHOTS) await page.screenshot({ path: `${process.env.JIKIM_SCREENSHOTS}/approve.png` });
  const names = await page
    .getByRole("dialog")
    .getByRole("button", { name: /^보내기: / })
    .innerText();
  expect(names).toMatch(/가상 게시판/);
  expect(names).toMatch(/가상 양식 사이트/);
  await pressOn(page, /^보내기: /);
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  expect(await ofState(page, "draft").filter({ hasNotText: "빠진 것" }).count()).toBe(0);
}, 180_000);

test("a web form is a sheet to copy from, and is sent when she says so, with the time", async () => {
  await look("#/due", "준비된 다음 단계", "due");
  const { page } = wide;
  await page.getByRole("button", { name: "직접 적을 양식" }).click();
  const row = page.locator("[data-due=sheet]").filter({ hasText: "가상 양식 사이트" });
  await expect.poll(() => row.count(), { timeout: 20_000 }).toBe(1);
  await page.keyboard.press("j");
  expect(await page.evaluate(() => document.activeElement?.matches("[data-row]"))).toBe(true);
  await row.getByRole("button", { name: /읽기/ }).click();
  await row.getByText("웹 양식에 옮겨 적기").waitFor();
  expect(await row.getByRole("link", { name: /양식 열기/ }).getAttribute("href")).toBe("https://forms.example/report");
  await wide.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await row.getByRole("button", { name: /^주소.*복사/ }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("https://forms.example/v/1");
  await holds(wide, "sheet");
  await row.getByRole("button", { name: "보냈습니다" }).click();
  await expect.poll(() => row.count(), { timeout: 20_000 }).toBe(0);
}, 120_000);

test("all forms of a case stand together, on its page and among what is due, and one key says that they were sent", async () => {
  const sheets = /보내지 않은 웹 양식 \d+건/;
  for (const person of [narrow, wide]) {
    await go(person, `#/case/${caseId}`, "양식마다 아래에서");
    await holds(person, "together-case");
    await go(person, "#/due", "준비된 다음 단계");
    await person.page.getByRole("button", { name: "직접 적을 양식" }).click();
    await person.page.locator("[data-due=sheet]").first().waitFor();
    await person.page.keyboard.press("j");
    await person.page.keyboard.press("a");
    await person.page.keyboard.press("Enter");
    await person.page.getByRole("heading", { name: sheets }).waitFor();
    await holds(person, "together-due");
  }
  const { page } = wide;
  // Each has its own rows to copy, and its own time; one that she did not send is left out.
  await page.locator("[data-together] form summary").first().click();
  expect(await page.locator("[data-together] form textarea").count()).toBeGreaterThan(0);
  const count = await page.locator("[data-together] form input[type=checkbox]").count();
  await page.locator("[data-together] form input[type=checkbox]").last().uncheck();
  await page.getByRole("button", { name: `고른 ${count - 1}건 모두 보냈습니다` }).click();
  await expect.poll(() => page.locator("[data-due=sheet]").count(), { timeout: 20_000 }).toBe(1);
}, 120_000);

test("an answer is opened with the case's key, shown with the rule that matched, and confirmed with one key", async () => {
  const { jikim } = world.running;
  const [notice] = await jikim.db.selectFrom("notice").select("id").where("state", "=", "sent").limit(1).execute();
  const reader = openMailReader();
  let uid = 0;
  const arrive = async (text: string, to = "notices@centre.example") => {
    const source = `From: abuse@board.example\r\nTo: ${to}\r\nSubject: Re\r\nMessage-ID: <${randomBytes(6).toString("hex")}@board.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
    await recordMail(jikim, await reader.read(Buffer.from(source)), { mailboxKey: Buffer.alloc(32, 1), uid: ++uid });
  };
  await arrive(`요청하신 게시물은 삭제 처리되었습니다. ${notice?.id}`);
  await arrive("지어낸 광고입니다.");

  await look("#/answers", "짐작: 지웠다", "answers");
  const { page } = wide;
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByText("걸린 말:").waitFor();
  expect(await page.locator("[data-mail]").innerText()).toMatch(/ko-removed[\s\S]*삭제 처리되었습니다/);
  await holds(wide, "answer");
  await focusOn(page, "[data-row]");
  await page.keyboard.press("2");
  await page.getByText(/지웠다\(으\)로 기록했습니다/).waitFor();
  await page.getByText("확인할 답장이 없습니다.").waitFor();
  const { answer } = await jikim.db
    .selectFrom("notice")
    .select("answer")
    .where("id", "=", notice?.id ?? "")
    .executeTakeFirstOrThrow();
  expect(answer).toBe("removed");

  await page.getByRole("button", { name: "어느 요청서의 답인지 모름" }).click();
  await page.locator("[data-row]").first().click();
  await page.getByText("지어낸 광고입니다.").waitFor();
  await page.getByText("다른 요청서에 붙이기").click();
  await page.getByLabel("사건 번호").fill("1");
  await page.getByRole("button", { name: "요청서 찾기" }).click();
  await page.getByLabel(/^요청서 /).waitFor();
  await holds(wide, "attach");
  await page.getByRole("button", { name: "여기에 붙이기" }).click();
  await page.getByText("어느 요청서의 답인지 모르는 편지가 없습니다.").waitFor();

  // Plain answers of one class, line by line, with one key for all.
  const ways = await jikim.db.selectFrom("notice").select("id").where("state", "=", "sent").limit(2).execute();
  const [local, domain] = jikim.config.mailFrom.split("@");
  for (const { id } of ways) await arrive("검토 결과 삭제가 불가합니다.", `${local}+${id}@${domain}`);
  await reader.close();
  await look("#/answers", "짐작: 거절", "answers-together");
  await page.getByRole("button", { name: `${ways.length}건 모두` }).click();
  await page.getByText(/2건을 거절/).waitFor();
  // The advertisement that was attached above still waits for somebody to say what it is.
  await expect.poll(() => page.getByText("짐작: 거절").count()).toBe(0);
  const ids = ways.map(({ id }) => id);
  const answers = await jikim.db.selectFrom("notice").select("answer").where("id", "in", ids).execute();
  expect(answers).toEqual([{ answer: "refused" }, { answer: "refused" }]);
}, 120_000);

test("a supervisor signs a standing approval in her browser, and revokes it", async () => {
  await look("#/policies", "상시 승인 0", "policies");
  const { page } = wide;
  await page.getByLabel(/^받는 곳/).selectOption({ label: "가상 양식 사이트" });
  await page.getByLabel("법 근거").selectOption({ label: "법을 들지 않는 요청" });
  await page.getByRole("button", { name: "내 열쇠로 서명하기" }).click();
  await page.locator("[data-policy=live]").waitFor();
  await holds(wide, "policy");
  await page.getByRole("button", { name: /거두기/ }).click();
  await page.locator("[data-policy=dead]").waitFor();
}, 60_000);

test("a recipient is told by hand, found again, and marked as the threat", async () => {
  await look("#/recipients", "직접 등록", "recipients");
  const { page } = wide;
  await page.getByLabel("이름 (한국어)").fill("지어낸 호스팅");
  await page.getByLabel("이름 (영어)").fill("Invented hosting");
  await page.getByRole("textbox", { name: "웹 양식 주소" }).fill("https://host.example/abuse");
  await page.getByRole("button", { name: "등록하기" }).click();
  await page.getByText("등록했습니다: 지어낸 호스팅").waitFor();
  await page.getByLabel("이름이나 주소로 찾기").fill("invented hosting");
  await page.getByText("아는 곳 1", { exact: true }).waitFor();
  await page.getByText("가해 운영자로 표시…").click();
  await page.getByRole("button", { name: "지어낸 호스팅에게 알리지 않기" }).click();
  await page.getByRole("button", { name: /표시 풀기/ }).waitFor();
  await holds(wide, "hostile");
}, 60_000);

test("a link that may be hers alone is opened only after her yes, and the caseworker's", async () => {
  const page = await go(wide, `#/case/${caseId}`, "공유 드라이브 링크");
  const place = page.locator(`[data-place='${PLACES + 2}']`);
  expect(await place.getByRole("button", { name: /지금 확인/ }).count()).toBe(0);
  await place.getByRole("button", { name: /열어도 됨/ }).click();
  await place.getByText("담당자: ✓ 네").waitFor();
  expect(await place.getByText("당사자: ○ 아직 묻지 않음").count()).toBe(1);
  expect(await place.getByRole("button", { name: /지금 확인/ }).count()).toBe(0);
}, 60_000);
