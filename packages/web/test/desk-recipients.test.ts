import { afterAll, beforeAll, expect, test } from "vitest";
import { markDead } from "../../server/src/store/dead-address.ts";
import { tellRecipient } from "../../server/test/asking.ts";
import { openCase } from "../../server/test/desk-work.ts";
import { type SeededCentre, type SeededStaff, seedCentre, seedStaff } from "../../server/test/seed.ts";
import { axeFindings } from "./axe.ts";
import { newPerson, openAnew, type Person } from "./desk-browser.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";

let world: World;
let centre: SeededCentre;
let colleague: SeededStaff;
let wide: Person;
let narrow: Person;

beforeAll(async () => {
  world = await openWorld();
  const { jikim, app } = world.running;
  centre = await seedCentre(jikim);
  colleague = await seedStaff(jikim, { pseudonym: "담당 1", roles: ["caseworker"], root: centre.root });
  const { id } = await tellRecipient(app, centre.staff, {
    ...{ name: { ko: "지어낸 게시판", en: "Invented board" }, mail: "abuse@invented-board.example" },
    hosts: ["invented-board.example"],
  });
  const dead = { recipientId: id, mail: "abuse@invented-board.example", status: "5.1.1" };
  await jikim.db.transaction().execute((tx) => markDead(tx, jikim.vault, dead, jikim.now()));
  [wide, narrow] = [await newPerson(world.browser), await newPerson(world.browser, { width: 360 })];
  for (const { page } of [wide, narrow]) await signInByPassphrase(page, world.running.origin, centre.staff);
}, 120_000);
afterAll(() => world.close());

async function holds({ page, complaints }: Person, name: string): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  const folder = process.env.JIKIM_SCREENSHOTS;
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/${name}-${page.viewportSize()?.width}.png`, fullPage: true });
  expect(await axeFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
}

async function open({ page }: Person): Promise<void> {
  await openAnew(page, world.running.origin, "#/recipients");
  await page.getByLabel("이름이나 주소로 찾기").fill("invented board");
  await page.getByText("아는 곳 1", { exact: true }).waitFor();
}

test("a supervisor corrects a dead address by the keyboard alone, and who changed it stands beside it", async () => {
  const { page } = wide;
  await open(wide);
  expect(await page.getByText("이 메일 주소는 받지 않습니다").isVisible()).toBe(true);
  await page.locator("summary", { hasText: "고치기" }).focus();
  await page.keyboard.press("Enter");
  const form = page.getByRole("form", { name: "지어낸 게시판 고치기" });
  await form.getByLabel("웹 양식 주소").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("reports@invented-board.example");
  await page.keyboard.press("Enter");
  await form.getByText("저장했습니다.").waitFor();
  expect(await page.getByText("이 메일 주소는 받지 않습니다").count()).toBe(0);
  await page.locator("summary", { hasText: "고친 기록" }).focus();
  await page.keyboard.press("Enter");
  const line = page.locator("[data-change=mail]");
  await line.waitFor();
  expect(await line.innerText()).toMatch(/상담 1.*\s.*abuse@invented-board\.example → reports@invented-board\.example/);
  await holds(wide, "recipients");
  await form.locator("input[type=email]").fill("");
  await form.getByRole("button", { name: "고친 것 저장" }).click();
  await form.getByText("메일 주소나 웹 양식 가운데 하나는 있어야 합니다.").waitFor();
}, 60_000);

test("on a small screen the form and the record stay within the page", async () => {
  const { page } = narrow;
  await open(narrow);
  await page.locator("summary", { hasText: "고치기" }).click();
  await page.locator("summary", { hasText: "고친 기록" }).click();
  await page.locator("[data-change=mail]").waitFor();
  await holds(narrow, "recipients");
}, 60_000);

test("a caseworker reads what was changed, and is not offered to correct it", async () => {
  const other = await newPerson(world.browser);
  await signInByPassphrase(other.page, world.running.origin, colleague);
  await open(other);
  expect(await other.page.locator("summary", { hasText: "고치기" }).count()).toBe(0);
  await other.page.locator("summary", { hasText: "고친 기록" }).click();
  await other.page.locator("[data-change=mail]").waitFor();
}, 60_000);

test("what a recipient's own form demands is asked of her and recorded, and where no address is known the desk says what to do", async () => {
  const { app, jikim } = world.running;
  const texts = ["https://discord.com/channels/1/2", "https://www.threads.net/@nobody/post/1"];
  const { caseId } = await openCase({ app, jikim } as Parameters<typeof openCase>[0], centre, {
    places: texts.map((text) => ({ kind: "url" as const, text })),
  });
  const { page } = narrow;
  await openAnew(page, world.running.origin, `#/case/${caseId}`);
  const asksName = page.getByText("이곳의 양식은 당사자의 법적 이름을 묻습니다", { exact: false });
  await asksName.waitFor();
  await page.getByText("그곳에서 지울 수 있는 곳의 주소를 모릅니다", { exact: false }).waitFor();
  await page.locator("summary", { hasText: "당사자가 더 말한 것 적기" }).click();
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await holds(narrow, "needs");
  }
  await page.getByLabel("이름을 적어도 된다").check();
  await page.getByLabel("요청서에 적어도 되는 법적 이름").fill("지어낸 이름");
  await page.getByRole("button", { name: "적기", exact: true }).click();
  await page.getByText("적었습니다. 초안을 다시 썼습니다.").waitFor();
  expect(await asksName.count()).toBe(0);
  await page.getByRole("button", { name: "이름을 적어도 된다: 거두기" }).click();
  await asksName.waitFor();
  expect(await page.getByText("지어낸 이름").count()).toBe(0);
}, 60_000);
