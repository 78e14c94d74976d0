import type { Page } from "@playwright/test";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axeFindings } from "./axe.ts";
import { openWorld, type World } from "./desk-world.ts";
import { PLANTED } from "./portal-answers.ts";
import { answerAll, arrive, openCentre, press, titled, type Visit, visit, word } from "./portal-visit.ts";

let world: World;
beforeAll(async () => {
  world = await openCentre();
}, 120_000);
afterAll(() => world?.close());

/** Controls that lie under the bar with the way out when they get the focus, or are smaller than 24 pixels. */
function hardToReach(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const bar = document.querySelector(".bar");
    for (const control of document.querySelectorAll<HTMLElement>(
      "main button, main input:not(.unseen), main textarea, main a, main summary, footer button",
    )) {
      control.focus();
      const box = control.getBoundingClientRect();
      if (box.width === 0) continue;
      const top = bar?.getBoundingClientRect().top ?? 0;
      const name = `${control.tagName} ${control.textContent?.trim().slice(0, 20)}`;
      if (top > 100 && box.top + 8 > top) found.push(`covered: ${name}`);
      if (box.height < 24 || box.width < 24)
        found.push(`small: ${name} ${Math.round(box.width)}x${Math.round(box.height)}`);
    }
    return found;
  });
}

/** Looks at the page that is shown: axe in both languages, reach of every control, no sideways scrolling. */
async function inspect({ page }: Visit, name: string): Promise<void> {
  expect(await axeFindings(page), name).toEqual([]);
  expect(await hardToReach(page), name).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} fits`).toBe(true);
}

/** From the start page to the read-back by the minor's path, which has every question; `look` is called on each page. */
async function walk(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  await look("welcome");
  await press(page, "welcome_start", "yes");
  await look("danger");
  await press(page, "next", "yes");
  await look("threat");
  await press(page, "next");
  await look("age");
  await page.getByLabel(word("age_14_17")).check();
  await press(page, "next");
  await look("child");
  await press(page, "next", "yes");
  await look("guardian");
  await press(page, "next");
  for (const name of ["adult", "harms", "pictures"]) {
    await look(name);
    await press(page, "skip");
  }
  await page.getByLabel(word("places_label")).fill("https://board.example/1 http://[x");
  await press(page, "places_add");
  await look("places");
  await press(page, "next");
  for (const name of ["story", "names", "contact"]) {
    await look(name);
    await press(page, "skip");
  }
  await look("remove");
  await press(page, "yes", "yes");
  await look("police");
  await press(page, "next", "yes");
  await page.getByLabel(word("withdrawal_later")).check();
  await look("withdrawal");
  await press(page, "next");
  await page.getByLabel(word("notify_on")).check();
  await look("notify");
  await page.getByLabel(word("notify_on")).uncheck();
  await press(page, "next");
  await look("review");
}

test("every page of a report passes axe in both languages, and nothing hides under the way out", {
  timeout: 480_000,
}, async () => {
  const her = await visit(world.browser, { width: 360, height: 640 });
  await arrive(her.page, world.running.origin);
  await walk(her.page, (name) => inspect(her, name));
  await press(her.page, "limits_link");
  await inspect(her, "limits");
  await press(her.page, "back", "send");
  await titled(her.page, "sent_title");
  await inspect(her, "sent");
  await press(her.page, "sent_open");
  await titled(her.page, "case_title");
  for (const summary of await her.page.locator("main summary").all()) await summary.click();
  await inspect(her, "case");
  await press(her.page, "case_close", "welcome_return");
  await inspect(her, "return");
  await press(her.page, "back", "welcome_start", "save_for_later");
  await inspect(her, "save");
  await press(her.page, "save");
  await titled(her.page, "saved_title");
  await inspect(her, "saved");
  expect(her.complaints).toEqual([]);
  await her.context.close();
});

test("a minor is told what must be passed on before any question, and has no choice about the police", {
  timeout: 90_000,
}, async () => {
  const { page, context } = await visit(world.browser);
  const duty = (await (await fetch(`${world.running.origin}/api/centre`)).json()) as { duty: { ko: string } };
  await arrive(page, world.running.origin);
  const opening = await page.locator("main").innerText();
  expect(opening).toContain(duty.duty.ko.split("\n")[0]);
  expect(await page.locator("main input, main textarea").count()).toBe(0);
  await walk(page, async (name) => {
    if (name !== "police") return;
    await titled(page, "police_child_title");
    expect(await page.getByRole("button", { name: word("yes"), exact: true }).count()).toBe(0);
  });
  await context.close();
});

test("Back and Forward of the browser lose nothing, nor does the other language", { timeout: 90_000 }, async () => {
  const { page, context } = await visit(world.browser);
  await arrive(page, world.running.origin);
  const entries = await page.evaluate(() => history.length);
  await press(page, "welcome_start", "no", "no");
  await page.getByLabel(word("age_20s")).check();
  await press(page, "next", "skip", "skip", "skip");
  await page.getByLabel(word("story_label")).fill(PLANTED.story);
  for (const title of ["places_title", "pictures_title", "harms_title"]) {
    await page.evaluate(() => history.back());
    await titled(page, title);
  }
  await page.evaluate(() => history.forward());
  await titled(page, "pictures_title");
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("button", { name: "한국어" }).click();
  await press(page, "skip", "skip");
  expect(await page.getByLabel(word("story_label")).inputValue()).toBe(PLANTED.story);
  await press(page, "back", "back", "back", "back");
  expect(await page.getByLabel(word("age_20s")).isChecked()).toBe(true);
  expect((await page.evaluate(() => history.length)) - entries).toBeLessThanOrEqual(5);
  await context.close();
});

test("the keyboard alone is enough to send a report", { timeout: 90_000 }, async () => {
  const { page, context } = await visit(world.browser, { width: 1280, height: 800 });
  await arrive(page, world.running.origin);
  const reach = async (key: string) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      const text = await page.evaluate(() => {
        const active = document.activeElement;
        const labels = active instanceof HTMLInputElement ? [...(active.labels ?? [])] : [];
        return [active?.textContent ?? "", ...labels.map((label) => label.textContent ?? "")].map((each) =>
          each.trim(),
        );
      });
      if (text.includes(word(key))) return;
    }
    throw new Error(`Tab never reaches ${key}`);
  };
  await reach("welcome_start");
  await page.keyboard.press("Enter");
  await titled(page, "danger_title");
  await reach("no");
  await page.keyboard.press("Enter");
  await titled(page, "threat_title");
  await reach("no");
  await page.keyboard.press(" ");
  await titled(page, "age_title");
  await page.keyboard.press("Tab");
  await page.keyboard.press(" ");
  for (let band = 0; band < 6; band++) await page.keyboard.press("ArrowDown");
  expect(await page.locator("input:checked").getAttribute("value")).toBe("30s");
  await reach("next");
  await page.keyboard.press("Enter");
  await titled(page, "harms_title");
  await reach("to_review");
  await page.keyboard.press("Enter");
  await titled(page, "review_title");
  await reach("send");
  await page.keyboard.press("Enter");
  await titled(page, "sent_title");
  await context.close();
});

test("a phone of 2021, whose browser lacks newer functions, can name places and send", {
  timeout: 90_000,
}, async () => {
  const { page, context, complaints } = await visit(world.browser);
  await context.addInitScript(() => {
    Reflect.deleteProperty(URL, "canParse");
    Reflect.deleteProperty(Crypto.prototype, "randomUUID");
    Reflect.deleteProperty(AbortSignal.prototype, "throwIfAborted");
    for (const name of ["findLast", "at"]) Reflect.deleteProperty(Array.prototype, name);
  });
  await arrive(page, world.running.origin);
  await answerAll(page);
  expect(await page.getByText("https://board.example/post/1").count()).toBe(1);
  await press(page, "send");
  await titled(page, "sent_title");
  expect(complaints).toEqual([]);
  await context.close();
});

test("until the centre is open the portal says so and asks nothing", { timeout: 120_000 }, async () => {
  const closed = await openWorld();
  const her = await visit(closed.browser);
  await her.page.goto(`${closed.running.origin}/`);
  await titled(her.page, "closed_title");
  await inspect(her, "closed");
  expect(await her.page.getByRole("button", { name: word("welcome_start") }).count()).toBe(0);
  await closed.close();
});
