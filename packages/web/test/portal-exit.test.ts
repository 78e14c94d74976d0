import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { World } from "./desk-world.ts";
import { PLANTED } from "./portal-answers.ts";
import { answerAll, arrive, openCentre, press, storedOn, titled, visit, word } from "./portal-visit.ts";

const AWAY = "https://www.weather.go.kr/";
let world: World;
beforeAll(async () => {
  world = await openCentre();
}, 120_000);
afterAll(() => world?.close());

/** Leaves by the button, and tells what the page was like in that very moment, before anything else could run. */
function leaveAndLook(page: Page): Promise<{ left: string; shown: string }> {
  return page.evaluate(() => {
    document.querySelector<HTMLButtonElement>(".exit")?.click();
    return { left: document.body.innerHTML, shown: getComputedStyle(document.documentElement).display };
  });
}

test("the way out blanks the page in the same moment and calls no one first", { timeout: 60_000 }, async () => {
  const { page, context, sent } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await press(page, "welcome_start", "no", "no", "skip", "next", "skip", "skip", "skip", "skip", "skip");
  await page.getByLabel(word("story_label")).fill(PLANTED.story);
  await page.waitForLoadState("networkidle");
  const before = sent.length;
  expect(await leaveAndLook(page)).toEqual({ left: "", shown: "none" });
  await page.waitForURL(AWAY);
  expect(sent.slice(before).map((request) => request.split("\n")[0])).toEqual([`GET ${AWAY}`]);
  await context.close();
});

test("after leaving, Back and Forward never show the portal again", { timeout: 60_000 }, async () => {
  const { page, context } = await visit(world.browser);
  await page.goto("about:blank");
  await arrive(page, world.running.origin);
  await press(page, "welcome_start", "no", "no", "back");
  await leaveAndLook(page);
  await page.waitForURL(AWAY);
  for (let back = 0; back < 8; back++) {
    await page.evaluate(() => void setTimeout(() => history.back(), 0));
    await page.waitForTimeout(500);
    if (page.url() === "about:blank") break;
    await page.waitForURL(AWAY);
    expect(await page.locator("button").count()).toBe(0);
  }
  expect(await page.title()).not.toBe(word("page_title"));
  await context.close();
});

test("whoever comes by the address itself gets the portal again", { timeout: 60_000 }, async () => {
  const { page, context } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await press(page, "welcome_start");
  await leaveAndLook(page);
  await page.waitForURL(AWAY);
  await arrive(page, world.running.origin);
  await context.close();
});

test("Shift three times leaves, also while she types; capitals do not", { timeout: 60_000 }, async () => {
  const { page, context } = await visit(world.browser, { width: 1280, height: 800 });
  await arrive(page, world.running.origin);
  await press(page, "welcome_start", "no", "no", "skip", "next", "skip");
  const field = page.getByLabel(word("adult_label"));
  await field.focus();
  for (const letter of "ABC") await page.keyboard.press(`Shift+${letter}`);
  expect(await field.inputValue()).toBe("ABC");
  for (let at = 0; at < 3; at++) await page.keyboard.press("Shift");
  await page.waitForURL(AWAY);
  await context.close();
});

test("what she wrote and did not send is nowhere afterwards; a report that waits to be sent stays sealed", {
  timeout: 90_000,
}, async () => {
  const { page, context } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await answerAll(page);
  expect(await storedOn(page)).not.toContain("/");
  await context.setOffline(true);
  await press(page, "send");
  await titled(page, "waiting_title");
  const stored = await storedOn(page);
  expect(stored).toContain("notes/pages: 1");
  await leaveAndLook(page);
  await context.setOffline(false);
  await page.goto(`${world.running.origin}/icon.svg`);
  expect(await storedOn(page)).toBe(stored);
  for (const text of [...Object.values(PLANTED), "board.example", "AGE-SECRET-KEY"]) expect(stored).not.toContain(text);
  await context.close();
});

test("a picture she looked at is taken back when she leaves", { timeout: 60_000 }, async () => {
  const { page, context } = await visit(world.browser);
  await arrive(page, world.running.origin);
  await press(page, "welcome_start", "no", "no");
  await page.getByLabel(word("age_30s")).check();
  await press(page, "next", "skip");
  await page.setInputFiles("#files", { name: "x.png", mimeType: "image/png", buffer: await patterned(page) });
  await page.getByText(word("pictures_count").replace("{count}", "1")).waitFor({ timeout: 30_000 });
  expect(await page.locator("img").count()).toBe(0);
  await page.getByRole("button", { name: word("pictures_show") }).click();
  const url = (await page.locator("img").getAttribute("src")) ?? "";
  expect(url).toMatch(/^blob:/);
  await page.getByRole("button", { name: word("pictures_hide") }).click();
  expect(
    await page.evaluate(
      (blob) =>
        fetch(blob).then(
          () => "there",
          () => "gone",
        ),
      url,
    ),
  ).toBe("gone");
  await context.close();
});

/** A picture with enough in it to be recognised, painted in the browser itself. */
async function patterned(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 320, height: 240 });
    const context = canvas.getContext("2d");
    for (let at = 0; context && at < 60; at++) {
      context.fillStyle = `hsl(${(at * 47) % 360} 60% ${20 + ((at * 29) % 60)}%)`;
      context.beginPath();
      context.arc((at * 97) % 320, (at * 131) % 240, 8 + ((at * 13) % 40), 0, 7);
      context.fill();
    }
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });
  return Buffer.from(base64, "base64");
}
