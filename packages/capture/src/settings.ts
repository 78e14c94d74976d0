import type { Browser } from "puppeteer-core";
import { VIEW } from "./browser.ts";
import { LOOK_LIMITS } from "./look.ts";
import { MOST_BYTES, MOST_REQUESTS } from "./proxy.ts";
import type { CaptureRequest, Settings } from "./record.ts";

export function settingsOf({ seconds }: Pick<CaptureRequest, "seconds">, locale: string): Settings {
  const limits = { seconds, bytes: MOST_BYTES, requests: MOST_REQUESTS, ...LOOK_LIMITS };
  return { viewport: VIEW, locale, limits };
}

/** As the browser tells it to sites; asked before any of them is opened. */
export async function localeOf(browser: Browser): Promise<string> {
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  return page.evaluate(() => navigator.language);
}
