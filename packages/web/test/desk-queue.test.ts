import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareReport, sendReport } from "../../server/src/demo/survivor.ts";
import { type SeededCentre, seedCentre } from "../../server/test/seed.ts";
import { newPerson } from "./desk-browser.ts";
import { inventedReport } from "./desk-report.ts";
import { openWorld, signInByPassphrase, type World } from "./desk-world.ts";

const CASES = 55;
let world: World;
let seeded: SeededCentre;

beforeAll(async () => {
  world = await openWorld();
  seeded = await seedCentre(world.running.jikim);
  const centre = await (await fetch(`${world.running.origin}/api/centre`)).json();
  for (let sent = 0; sent < CASES; sent++)
    await sendReport(world.running.origin, await prepareReport(centre, inventedReport()));
  const overdue = new Date(Date.now() - 3 * 3_600_000).toISOString();
  await world.running.jikim.db.updateTable("cases").set({ nextDueAt: overdue }).where("number", "=", 7).execute();
}, 60_000);
afterAll(() => world.close());

test("the queue shows what is overdue by words and shape, adds a page, and comes back to the same row after a case", async () => {
  const { page, complaints } = await newPerson(world.browser);
  await signInByPassphrase(page, world.running.origin, seeded.staff);
  await page.getByText("50건, 더 있음").waitFor();
  await page.getByText("▲ 기한 지남 1").waitFor();
  await page.locator("[role=row]").nth(1).getByText("▲ 3시간 지남").waitFor();
  await page.getByRole("button", { name: "더 보기" }).click();
  await page.getByText(`${CASES}건`, { exact: false }).waitFor();
  expect(await page.locator("[data-row]").count()).toBe(CASES);
  const reached = () => page.evaluate(() => document.activeElement?.getAttribute("href"));
  expect(await reached()).toBe(await page.locator("[data-row]").nth(50).getAttribute("href"));
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const opened = await reached();
  await page.keyboard.press("Enter");
  await page.locator("#contact").waitFor();
  await page.getByRole("link", { name: "← 사건" }).click();
  await expect.poll(() => page.locator("[data-row]").count()).toBe(CASES);
  await expect.poll(reached).toBe(opened);
  expect(complaints).toEqual([]);
}, 60_000);

test("without the server the desk says so in words, and works again after", async () => {
  const { page, context } = await newPerson(world.browser);
  await signInByPassphrase(page, world.running.origin, seeded.staff);
  await page.locator("[data-row]").first().waitFor();
  await context.setOffline(true);
  await page.getByRole("button", { name: "내 사건" }).click();
  await page.getByText("서버에서 답이 없습니다").waitFor();
  await context.setOffline(false);
  await page.getByRole("button", { name: "할 일" }).click();
  await page.locator("[data-row]").first().waitFor();
  expect(await page.getByText("서버에서 답이 없습니다").count()).toBe(0);
}, 60_000);
