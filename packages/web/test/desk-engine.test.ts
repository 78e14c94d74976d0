import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { receiveCase } from "../../server/test/desk-work.ts";
import { fillLedger, inventRecipient } from "../../server/test/ledger.ts";
import { type SeededCentre, seedCentre } from "../../server/test/seed.ts";
import { axeFindings } from "./axe.ts";
import { newPerson, type Person } from "./desk-browser.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";

/** As many as make a published count that is not small. */
const CASES = 12;

let world: World;
let centre: SeededCentre;
let wide: Person;
let narrow: Person;

beforeAll(async () => {
  world = await openWorld();
  const { jikim, app } = world.running;
  centre = await seedCentre(jikim);
  const recipientId = await inventRecipient(jikim, "platform", "board");
  const { staffId } = centre.staff;
  for (let at = 0; at < CASES; at++) {
    const { caseId } = await receiveCase({ app, jikim });
    const share = (count: number) => Math.floor((count + at) / CASES);
    const counts = { removed: share(31), there: share(24) };
    await fillLedger(jikim, { caseId, staffId, recipientId, month: "2026-06", ...counts });
  }
  [wide, narrow] = [await newPerson(world.browser), await newPerson(world.browser, { width: 360 })];
  for (const { page } of [wide, narrow]) await signInByPassphrase(page, world.running.origin, centre.staff);
}, 120_000);
afterAll(() => world.close());

/** At both widths: nothing is wider than the page, axe finds nothing, and the console has no complaint. */
async function look(hash: string, ready: string): Promise<Page> {
  for (const { page, complaints } of [narrow, wide]) {
    // By another page: one that is open already would show what it read before.
    await page.goto(`${world.running.origin}/desk/#/policies`);
    await page.getByRole("heading", { level: 1, name: "상시 승인" }).waitFor();
    await page.goto(`${world.running.origin}/desk/${hash}`);
    await page.getByText(ready).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    const folder = process.env.JIKIM_SCREENSHOTS;
    const name = `${hash.replace(/\W/g, "")}-${page.viewportSize()?.width}.png`;
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}`, fullPage: true });
  }
  return wide.page;
}

test("lawyers see every row with source, mark and day, and a target is not called law", async () => {
  const page = await look("#/laws", "전기통신사업법");
  const row = page.getByRole("region", { name: /전기통신사업법 22-5/ });
  expect(await row.innerText()).toMatch(/지체 없이.*법이 시간을 정하지 않았습니다/);
  expect(await row.innerText()).toMatch(/출처 law\.go\.kr.*원문 확인 · 2026-06-08에 확인/);
  expect(await page.getByText("법이 아닌 목표: 24시간").isVisible()).toBe(true);
  await page.getByLabel("어느 법").selectOption({ label: "미국" });
  expect(await page.getByRole("region", { name: /223a/ }).innerText()).toMatch(/48시간/);
});

test("the day of the act picks the text of an offence", async () => {
  const page = await look("#/laws", "전기통신사업법");
  await page.getByRole("button", { name: "처벌 조항" }).click();
  const texts = () => page.getByRole("region", { name: /14-2\(1\)/ }).allInnerTexts();
  expect((await texts()).length).toBeGreaterThan(1);
  await page.getByLabel("행위가 있던 날").fill("2024-10-15");
  const before = await texts();
  await page.getByLabel("행위가 있던 날").fill("2024-10-16");
  const after = await texts();
  expect([before.length, after.length]).toEqual([1, 1]);
  expect(before).not.toEqual(after);
});

test("whoever leads records that she looked at the source of a row again, and what she found stands beside it", async () => {
  const page = await look("#/laws", "전기통신사업법");
  const row = page.getByRole("region", { name: /전기통신사업법 22-5/ });
  await row.getByText("원문을 다시 확인했다고 기록").click();
  await row.getByLabel("어디에서 읽었고").fill("가상 자문: 국가법령정보센터");
  await row.getByRole("button", { name: "기록하기" }).click();
  await row.locator("[data-reading=stands]").waitFor();
  expect(await row.innerText()).toMatch(/센터가 다시 확인함: 그대로 · 가상 자문: 국가법령정보센터 · 상담 1/);
  expect(await row.innerText()).toMatch(/✓ 요청서에 들 수 있음 · \d{4}-\d\d-\d\d까지/);
  await row.getByLabel("달라졌습니다").check();
  await row.getByLabel("어디에서 읽었고").fill("가상 자문: 개정됨");
  await row.getByRole("button", { name: "기록하기" }).click();
  await row.locator("[data-reading=changed]").waitFor();
  expect(await row.innerText()).toContain("요청서에 들지 않음");
  await look("#/laws", "달라져서");
});

test("results say how many are gone and by when, with a curve, and figures for the public hide small numbers", async () => {
  const page = await look("#/results", "지어낸 board");
  const card = page.getByRole("region", { name: "지어낸 board" });
  expect(await card.innerText()).toMatch(/사건 12건 · 위치 55곳/);
  expect(await card.innerText()).toMatch(/24시간 안에 삭제\s+56% \(95% 구간 \d+–\d+%\)/);
  expect(await card.getByRole("img").getAttribute("aria-label")).toContain("아직 남아 있는 비율");
  await page.getByLabel("처음 달").fill("2026-06");
  await page.getByLabel("마지막 달").fill("2026-06");
  await page.getByRole("button", { name: "표 만들기" }).click();
  const table = page.getByRole("table");
  await table.waitFor();
  // All of them are of one recipient: its own line would say that the others have none.
  expect(await table.getByRole("row", { name: /모두/ }).last().innerText()).toMatch(/55$/);
  expect(await table.getByRole("row", { name: /호스팅/ }).innerText()).toMatch(/가림\s+가림\s+가림/);
  await look("#/results", "CSV로 받기");
});

test("a supervisor adds what the centre is authorised to watch, and ends it", async () => {
  const page = await look("#/sources", "보고 있는 곳 0");
  await page.getByLabel("주소").fill("http://127.0.0.1:9/list");
  await page.getByLabel("볼 권한").fill("지어낸 계약 제3조에 따른 허락");
  await page.getByRole("button", { name: "볼 곳 더하기" }).click();
  await page.getByText("보고 있는 곳 1").waitFor();
  await look("#/sources", "지어낸 계약");
  await page.getByRole("button", { name: /그만 보기/ }).click();
  await page.getByText("보고 있는 곳 0").waitFor();
});

test("a way to look from that is down is said where sources are, with since when", async () => {
  const { db } = world.running.jikim;
  await look("#/sources", "보고 있는 곳");
  expect(await wide.page.getByText("지금 쓸 수 없는 것").count()).toBe(0);
  const at = "2026-06-01T03:00:00Z";
  await db.insertInto("vantageDown").values({ name: "direct", since: at, lastTriedAt: at }).execute();
  const page = await look("#/sources", "지금 쓸 수 없는 것");
  expect(await page.locator("[data-vantage=direct]").innerText()).toMatch(
    /direct 경로의 프록시가 6월 1일 12:00부터 응답하지 않습니다/,
  );
  await db.deleteFrom("vantageDown").execute();
});
