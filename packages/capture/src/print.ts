import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";
import { z } from "zod";
import { giveUpRoot } from "./account.ts";

// Prints documents of our own as PDF, in a process and an account of its own: addresses of foreign pages stand in them.

const MOST_CHARACTERS = 4_000_000;
const START_MS = 20_000;

/** What is asked of it: a line of JSON on its stdin. When stdin ends after that line, whoever asked is gone. */
const requestSchema = z.strictObject({
  version: z.literal(1),
  /** An existing folder: each document becomes `NAME.pdf` in it. */
  folder: z.string(),
  browser: z.string(),
  documents: z
    .array(z.strictObject({ name: z.string().regex(/^[a-z-]{1,40}$/), html: z.string().max(MOST_CHARACTERS) }))
    .max(4),
});

/** It resolves no name and keeps nothing. */
const FLAGS = [
  ...["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--no-first-run", "--no-default-browser-check"],
  ...["--disable-breakpad", "--mute-audio", "--incognito", "--hide-scrollbars"],
  "--host-resolver-rules=MAP * ~NOTFOUND",
];

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());

function readRequest(): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    process.stdin.setEncoding("utf8").on("data", (part: string) => {
      said += part;
      if (said.includes("\n")) resolve(said);
    });
    process.stdin.once("end", () => (said.includes("\n") ? stop.abort() : resolve(said)));
  });
}

function launch(executable: string, folder: string): Promise<Browser> {
  const own = [`--user-data-dir=${folder}/printer`, "--remote-debugging-pipe", "about:blank"];
  return puppeteer.launch({
    ...{ executablePath: executable, ignoreDefaultArgs: true, args: [...FLAGS, ...own], pipe: true },
    ...{ env: { PATH: "/usr/bin:/bin", HOME: folder, TMPDIR: folder, LANG: "C.UTF-8" }, timeout: START_MS },
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false, signal: stop.signal },
  });
}

async function print(browser: Browser, html: string): Promise<Uint8Array> {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.setContent(html, { waitUntil: "load" });
  return page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
}

async function main(): Promise<void> {
  const { folder, browser: executable, documents } = requestSchema.parse(JSON.parse(await readRequest()));
  await giveUpRoot(folder);
  const browser = await launch(executable, folder);
  stop.signal.addEventListener("abort", () => browser.process()?.kill("SIGKILL"));
  try {
    for (const { name, html } of documents)
      await writeFile(join(folder, `${name}.pdf`), await print(browser, html), { flag: "wx", mode: 0o600 });
  } finally {
    await browser.close();
  }
}

// Messages may quote a page: only that it failed is said.
await main().catch(() => {
  process.exitCode = 2;
});
process.stdin.destroy();
