import type { Browser, HTTPRequest, Page } from "puppeteer-core";
import { VIEW } from "./browser.ts";
import type { Ledger } from "./ledger.ts";

/** What a page showed, its pictures greyed. */
export type Look = {
  readonly final: string;
  readonly title: string;
  readonly redirects: readonly string[];
  /** The page and its frames as they stood at the end, with their scripts' doings. */
  readonly pages: readonly { readonly url: string; readonly html: string }[];
  readonly text: string;
  readonly screenshot: Uint8Array | null;
};

/** Milliseconds that are waited for all that a page names. */
const MOST_LOAD_MS = 8000;
const QUIET_MS = 500;
const MOST_QUIET_MS = 2500;
const SCROLLS = 3;
const MOST_FRAMES = 50;
/** Pixels; higher pages are cut, and that is listed: Chromium holds several copies of a whole picture. */
const MOST_HEIGHT = 8_000;

/** Where looking stops, for the record. */
export const LOOK_LIMITS = {
  screenshotHeight: MOST_HEIGHT,
  frames: MOST_FRAMES,
  loadMs: MOST_LOAD_MS,
  scrolls: SCROLLS,
} as const;

type Way = { readonly username: string; readonly password: string };

/** Opens an address, lets it load and scroll, and looks at it once. What failed is listed; null when nothing came. */
export async function look(
  browser: Browser,
  url: string,
  { ledger, way, until }: { readonly ledger: Ledger; readonly way: Way; readonly until: number },
): Promise<Look | null> {
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  await page.authenticate({ username: way.username, password: way.password });
  await page.evaluateOnNewDocument(openEveryShadow);
  page.on("requestfailed", (request: HTTPRequest) =>
    ledger.addGap(request.url(), request.failure()?.errorText ?? "FAILED"),
  );
  await refuseDownloads(page, ledger);
  page.on("dialog", (dialog) => void dialog.dismiss().catch(() => undefined));
  const left = () => Math.max(1000, until - Date.now());
  const answer = await page.goto(url, { waitUntil: "domcontentloaded", timeout: left() }).catch(() => null);
  const isWhole = answer !== null && (await waitForAll(page, Math.min(MOST_LOAD_MS, left())));
  if (!isWhole) ledger.addGap(url, "NOT_WHOLLY_LOADED");
  if (page.url() === "about:blank" || page.url().startsWith("chrome-error:")) return null;
  await settle(page, left);
  const redirects =
    answer
      ?.request()
      .redirectChain()
      .map((each) => each.url()) ?? [];
  const pages = await pagesOf(page, ledger);
  const title = await page.title().catch(() => "");
  const text = await page.evaluate(() => document.body?.innerText ?? "").catch(() => "");
  return { final: page.url(), title, redirects, pages, text, screenshot: await shoot(page, ledger) };
}

/** What a page made out of anything, and hands over to be saved, would lie on the disk for the length of a capture. */
async function refuseDownloads(page: Page, ledger: Ledger): Promise<void> {
  const session = await page.createCDPSession();
  session.on("Browser.downloadWillBegin", ({ url }) => ledger.addGap(url, "DOWNLOAD_REFUSED"));
  await session.send("Browser.setDownloadBehavior", { behavior: "deny", eventsEnabled: true });
}

/** One picture that never comes shall not hold up the rest, which may be gone in a minute. */
function waitForAll(page: Page, timeout: number): Promise<boolean> {
  return page
    .waitForFunction(() => document.readyState === "complete", { timeout, polling: 100 })
    .then(() => true)
    .catch(() => false);
}

function openEveryShadow(): void {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    return attach.call(this, { ...init, mode: "open" });
  };
}

async function settle(page: Page, left: () => number): Promise<void> {
  for (let scroll = 0; scroll < SCROLLS; scroll++) {
    const timeout = Math.min(MOST_QUIET_MS / SCROLLS, left());
    await page.waitForNetworkIdle({ idleTime: QUIET_MS / SCROLLS, timeout }).catch(() => undefined);
    await page.evaluate(() => window.scrollTo(0, document.body?.scrollHeight ?? 0)).catch(() => undefined);
  }
  await page
    .waitForNetworkIdle({ idleTime: QUIET_MS, timeout: Math.min(MOST_QUIET_MS, left()) })
    .catch(() => undefined);
  await page.evaluate(() => window.scrollTo(0, 0)).catch(() => undefined);
}

async function pagesOf(page: Page, ledger: Ledger): Promise<Look["pages"]> {
  const pages: { url: string; html: string }[] = [];
  for (const frame of page.frames().slice(0, MOST_FRAMES)) {
    const html = await frame.content().catch(() => null);
    if (html === null) ledger.addGap(frame.url(), "FRAME_NOT_READ");
    else pages.push({ url: frame.url(), html });
  }
  return pages;
}

async function shoot(page: Page, ledger: Ledger): Promise<Uint8Array | null> {
  try {
    await page.setJavaScriptEnabled(false);
    for (const frame of page.frames()) await frame.evaluate(greyOut);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    if (height > MOST_HEIGHT) ledger.addGap(page.url(), "SCREENSHOT_CUT");
    const clip = { x: 0, y: 0, width: VIEW.width, height: Math.max(VIEW.height, Math.min(height, MOST_HEIGHT)) };
    return await page.screenshot({ type: "png", clip, captureBeyondViewport: true });
  } catch {
    ledger.addGap(page.url(), "NO_SCREENSHOT");
    return null;
  }
}

/** Runs in the page, its own scripts off. Whatever can be painted by other means than letters on plain ground is a grey box. */
function greyOut(): void {
  const sheet =
    // Important rules of the first layer win over all others of the page.
    "@layer jikim{*,*::before,*::after,*::marker,*::first-letter,*::first-line{background:none!important;color:#111!important;" +
    "border-color:#bbb!important;outline:none!important;text-decoration-color:#111!important;column-rule-color:#bbb!important;" +
    "-webkit-text-fill-color:#111!important;-webkit-text-stroke:0!important;box-shadow:none!important;text-shadow:none!important;" +
    "border-image:none!important;mask:none!important;list-style-image:none!important;cursor:auto!important;filter:none!important;" +
    "backdrop-filter:none!important;animation:none!important;transition:none!important}}";
  const painted =
    "img,picture,canvas,svg,video,audio,object,embed,applet,input[type=image],input[type=color],meter,progress,portal,fencedframe";
  const grey = (root: Document | ShadowRoot) => {
    const style = document.createElement("style");
    style.textContent = sheet;
    (root instanceof Document ? root.documentElement : root).prepend(style);
    for (const element of root.querySelectorAll<HTMLElement>("*")) {
      if (element.shadowRoot !== null) grey(element.shadowRoot);
      if (element.style?.cssText)
        for (const property of [
          "background",
          "color",
          "border-color",
          "outline",
          "text-decoration-color",
          "-webkit-text-fill-color",
          "filter",
          "box-shadow",
          "text-shadow",
          "border-image",
          "mask",
          "list-style-image",
        ])
          element.style.setProperty(property, /color$/.test(property) ? "#111" : "none", "important");
    }
    for (const element of root.querySelectorAll(painted)) {
      if (element.parentElement?.closest(painted)) continue;
      const { width, height } = element.getBoundingClientRect();
      const box = document.createElement("span");
      box.style.cssText = `display:inline-block!important;background:#999!important;width:${width}px!important;height:${height}px!important`;
      element.replaceWith(box);
    }
  };
  grey(document);
}
