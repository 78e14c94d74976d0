import type { Page } from "@playwright/test";
import { NEUTRAL_PAGE } from "../people.ts";
import { HER_WORDS } from "../planted.ts";
import { must, type Step, within } from "../step.ts";
import { button, said, titled } from "../words.ts";
import type { World } from "../world.ts";
import { comeBack } from "./report.ts";

/** Exit, by the button and by Shift three times, each in a visit of its own. */
export async function leaveAtOnce(world: World, step: Step, code: string): Promise<void> {
  await step("exit: the page says honestly what exit cannot do", async () => {
    const page = await world.phone.open();
    await page.goto(world.origin);
    await page.getByRole("contentinfo").getByText(said("limits_link")).tap();
    await titled(page, said("limits_title"));
    await world.look(page, "portal-limits");
    await page.close();
  });
  await step("exit: the button leaves a half-written report at once, and Back does not show it", async () => {
    const page = await writing(world);
    await leave(world, page, () => page.getByRole("button", { name: new RegExp(`^${said("exit")}`) }).tap());
  });
  await step("exit: Shift three times leaves an open case at once, and Back does not show it", async () => {
    const page = await world.phone.open();
    await comeBack(world, page, code);
    await titled(page, said("case_title"));
    await leave(world, page, async () => {
      for (let press = 0; press < 3; press++) await page.keyboard.press("Shift");
    });
  });
}

async function writing(world: World): Promise<Page> {
  const page = await world.phone.open();
  await page.goto(world.origin);
  await button(page, said("welcome_start")).tap();
  for (let at = 0; at < 2; at++) await button(page, said("no")).tap();
  await page.getByLabel(said("age_30s")).check();
  for (const way of ["next", "skip", "skip", "skip"] as const) await button(page, said(way)).tap();
  await page.getByLabel(said("story_label")).fill(HER_WORDS.story);
  return page;
}

/** Leaves, and looks at what is left behind: on the page, in history, and in storage. */
async function leave(world: World, page: Page, go: () => Promise<void>): Promise<void> {
  const happened: string[] = [];
  page.on("console", (message) => {
    if (message.text().startsWith("page ")) happened.push(message.text());
  });
  page.on("request", (request) => happened.push(`asked ${request.url()}`));
  await page.evaluate(() => {
    const tell = () => console.debug(`page ${document.title}: ${document.body.textContent}`);
    new MutationObserver(tell).observe(document.body, { childList: true });
  });
  await go();
  await page.waitForURL(`${NEUTRAL_PAGE}**`);
  const [blank] = happened.filter((each) => each.startsWith("page "));
  must(blank === `page ${said("page_title")}: `, "the page is not blank when she leaves");
  // What the browser asks and what the page says come by two ways, so that their order here proves nothing: portal-exit.test.ts does.
  const others = happened.filter((each) => each.startsWith("asked ") && !isOwnFile(each.slice(6), world.origin));
  must(others[0] === `asked ${NEUTRAL_PAGE}`, `something else is fetched on the way out: ${others[0]?.slice(0, 60)}`);
  await goBack(page);
  must((await keptBy(page, world.origin)) === "[[],[],0]", "something is kept in the browser");
  await page.close();
}

/** A file of the page itself, which may still be on its way. */
function isOwnFile(url: string, origin: string): boolean {
  return url.startsWith(`${origin}/assets/`);
}

/** Back as far as it goes; pages that lead away again are waited for. */
async function goBack(page: Page): Promise<void> {
  for (let at = 0; at < 3; at++) {
    await page.evaluate(() => history.back()).catch(() => undefined);
    await page.waitForTimeout(500);
    const portal = async () => (await page.getByRole("main").count()) > 0;
    await within(10, "Back leads somewhere", async () => page.url().startsWith(NEUTRAL_PAGE) || (await portal()));
    must(!(await portal()), "Back shows the portal");
  }
}

/** Names of databases and caches, and how much else is stored, for this site in this profile. */
async function keptBy(page: Page, origin: string): Promise<string> {
  const beside = await page.context().newPage();
  await beside.goto(`${origin}/api/centre`);
  const kept = await beside.evaluate(async () => [
    (await indexedDB.databases()).map(({ name }) => name),
    "caches" in globalThis ? await caches.keys() : [],
    localStorage.length,
  ]);
  await beside.close();
  return JSON.stringify(kept);
}
