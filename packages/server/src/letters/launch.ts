import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { weAreRoot, workAccount } from "../postgres/account.ts";

/** A Chromium of its own account, sandbox on, with a folder that goes when it does. */
export type LetterBrowser = { readonly browser: Browser; close(): Promise<void> };

const MOST_MILLISECONDS = 30_000;
const ARGUMENTS = [
  ...["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--no-first-run", "--no-default-browser-check"],
  ...["--disable-breakpad", "--hide-scrollbars", "--mute-audio", "--host-resolver-rules=MAP * ~NOTFOUND"],
];

/**
 * Starts Chromium without our environment. As root it gives itself up to another account first (setpriv of util-linux), because
 * Chromium's sandbox does not run as root.
 */
export async function launch(executable: string): Promise<LetterBrowser> {
  const home = await mkdtemp(join(tmpdir(), "jikim-letters-"));
  const account = weAreRoot() ? workAccount("jikim-letters") : null;
  if (account !== null) await chown(home, account.uid, account.gid);
  const remove = () => rm(home, { recursive: true, force: true, maxRetries: 5 });
  const own = [...ARGUMENTS, `--user-data-dir=${home}/profile`, "--remote-debugging-pipe", "about:blank"];
  const as =
    account === null
      ? []
      : [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups", "--inh-caps=-all", executable];
  try {
    const browser = await chromium.launch({
      ...{ executablePath: account === null ? executable : "/usr/bin/setpriv", ignoreDefaultArgs: true },
      ...{ args: [...as, ...own], env: { PATH: "/usr/bin:/bin", HOME: home, LANG: "C.UTF-8" } },
      ...{ timeout: MOST_MILLISECONDS, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
    return { browser, close: () => browser.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
