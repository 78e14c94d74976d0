import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { seedCentre } from "../../server/test/seed.ts";
import { openWorld, type World } from "./desk-world.ts";
import { PLANTED } from "./portal-answers.ts";

/** The portal's own words, by key. */
export const ko = JSON.parse(readFileSync(new URL("../messages/portal/ko.json", import.meta.url), "utf8")) as Record<
  string,
  string
>;
export const word = (key: string): string => ko[key] ?? `no text ${key}`;

/** A page in a browser profile of its own, as on a phone. */
export type Visit = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Everything that left the browser: addresses, headers and bodies, one text for each request. */
  readonly sent: string[];
  /** What the console said that it should not. */
  readonly complaints: string[];
};

/** A server with an open, invented centre and the built pages. */
export async function openCentre(): Promise<World> {
  const world = await openWorld();
  await seedCentre(world.running.jikim);
  return world;
}

export async function visit(browser: Browser, { width = 360, height = 740 } = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height }, locale: "ko-KR", timezoneId: "Asia/Seoul" });
  await context.route("https://www.weather.go.kr/**", (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>weather</title><h1>sunny</h1>" }),
  );
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const sent: string[] = [];
  const complaints: string[] = [];
  context.on("request", (request) => {
    const body = request.postDataBuffer()?.toString("latin1") ?? "";
    sent.push(`${request.method()} ${request.url()}\n${JSON.stringify(request.headers())}\n${body}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy|Trusted/i.test(message.text()))
      complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(`${error.name}: ${error.message}`));
  return { context, page, sent, complaints };
}

/** Presses a button by its text's key. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.getByRole("button", { name: word(key), exact: true }).click();
}

export async function arrive(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/`);
  await page.getByRole("button", { name: word("welcome_start") }).waitFor();
}

/** Waits until a page with this title is shown. */
export function titled(page: Page, key: string): Promise<void> {
  return page.getByRole("heading", { level: 1, name: word(key), exact: true }).waitFor();
}

/** From the start page to the read-back, as an adult with the planted words; `files` are chosen on the way. */
export async function answerAll(page: Page, files: readonly string[] = []): Promise<void> {
  await press(page, "welcome_start", "no", "no");
  await page.getByLabel(word("age_20s")).check();
  await press(page, "next");
  await page.getByLabel(word("harm_synthesised")).check();
  await press(page, "next");
  if (files.length > 0) {
    await page.setInputFiles("#files", [...files]);
    await page.getByText(word("pictures_count").replace("{count}", String(files.length))).waitFor({ timeout: 60_000 });
    await press(page, "next");
  } else await press(page, "skip");
  await page.getByLabel(word("places_label")).fill("https://board.example/post/1 https://board.example/post/1 @room");
  await press(page, "places_add", "next");
  await page.getByLabel(word("story_label")).fill(PLANTED.story);
  await press(page, "next");
  await page.getByLabel(word("names_label")).fill(PLANTED.names);
  await press(page, "next");
  await page.getByLabel(word("contact_ways"), { exact: true }).fill(PLANTED.ways);
  await page.getByLabel(word("contact_words"), { exact: true }).fill(PLANTED.words);
  await press(page, "next", "yes", "yes", "no", "no");
  await page.getByLabel(word("withdrawal_later")).check();
  await page.getByLabel(word("withdrawal_contact"), { exact: true }).fill(PLANTED.safeContact);
  await press(page, "next", "next");
  await titled(page, "review_title");
}

/** Her return code as the page shows it, without spaces. */
export async function codeOn(page: Page): Promise<string> {
  const groups = await page.locator(".groups span").allTextContents();
  return groups.join("");
}

/** What lies in the browser's databases for this origin: names, and every record as text. */
export function storedOn(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: string[] = [JSON.stringify({ ...localStorage }), document.cookie];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
      });
      for (const store of database.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve) => {
          const request = database.transaction(store).objectStore(store).getAll();
          request.onsuccess = () => resolve(request.result);
        });
        const text = JSON.stringify(rows, (_, value) =>
          value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value,
        );
        found.push(`${name}/${store}: ${rows.length} ${text}`);
      }
      database.close();
    }
    return found.join("\n");
  });
}

/** How many cases there are. */
export async function countCases({ running }: World): Promise<number> {
  const { count } = await running.jikim.db
    .selectFrom("cases")
    .select((expression) => expression.fn.countAll<string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}
