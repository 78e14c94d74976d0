import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";
import { type LaunchOptions, launch, type OwnBrowser } from "../chromium/launch.ts";
import { ServerRefusal } from "../refusal.ts";

/** Prints letters by one Chromium, which is started for the first and closed when nothing was printed for a while. */
export type Printer = {
  /**
   * A letter as PDF: A4, tagged, its fonts embedded. Null when this machine has no Chromium.
   *
   * @param html  a whole document of our own, as `writeNotice` makes it; it can load nothing and run no script.
   * @throws {ServerRefusal} `TOO_LARGE`, `TOO_MANY_REQUESTS`. @throws when Chromium fails twice.
   */
  print(html: string): Promise<Uint8Array | null>;
  close(): Promise<void>;
};

/** Letters are whole: it resolves no name. */
const OFFLINE: LaunchOptions = {
  name: "jikim-letters",
  arguments: ["--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND"],
};
/** Where Debian, and what is made from it, puts Chromium. */
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
const MOST_MILLISECONDS = 30_000;
const IDLE_MILLISECONDS = 60_000;
/** After so many letters a new browser is started, so that none grows old. Ours. */
const LETTERS_OF_A_BROWSER = 200;
/** A letter of 500 addresses of 2,048 characters has a good million. */
const MOST_CHARACTERS = 4_000_000;
/** Ours. */
const MOST_WAITING = 50;

export function findChromium(): string | null {
  return CHROMIUM.find((path) => existsSync(path)) ?? null;
}

/** One letter at a time: the browser of a small machine shall not push out the database. */
export function openPrinter(executable: string | null, mostWaiting = MOST_WAITING): Printer {
  let open: OwnBrowser | null = null;
  let printed = 0;
  let waiting = 0;
  let idle: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = turn.then(task);
    turn = done.catch(() => undefined);
    return done;
  }
  async function close(): Promise<void> {
    clearTimeout(idle);
    const old = open;
    open = null;
    await old?.close().catch(() => undefined);
  }
  async function printOnce(path: string, html: string): Promise<Uint8Array> {
    clearTimeout(idle);
    if (printed >= LETTERS_OF_A_BROWSER) await close();
    if (open === null) [open, printed] = [await launch(path, OFFLINE), 0];
    const pdf = await printIn(open.browser, html);
    printed++;
    idle = setTimeout(() => void inTurn(close), IDLE_MILLISECONDS).unref();
    return pdf;
  }
  const printTwice = (path: string, html: string) =>
    printOnce(path, html).catch(async () => {
      await close();
      return printOnce(path, html);
    });

  return {
    async print(html) {
      if (executable === null) return null;
      if (html.length > MOST_CHARACTERS) throw new ServerRefusal({ code: "TOO_LARGE" });
      if (waiting >= mostWaiting) throw new ServerRefusal({ code: "TOO_MANY_REQUESTS" });
      waiting++;
      return inTurn(() => printTwice(executable, html)).finally(() => waiting--);
    },
    close: () => inTurn(close),
  };
}

async function printIn(browser: Browser, html: string): Promise<Uint8Array> {
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true, serviceWorkers: "block" });
  const cut = setTimeout(() => void context.close().catch(() => undefined), MOST_MILLISECONDS);
  try {
    const page = await context.newPage();
    await page.route("**", (route) => route.abort());
    await page.setContent(html, { waitUntil: "load" });
    return await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
  } finally {
    clearTimeout(cut);
    await context.close().catch(() => undefined);
  }
}
