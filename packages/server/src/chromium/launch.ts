import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { weAreRoot, workAccount } from "../postgres/account.ts";

/** A Chromium of its own account, sandbox on, with a folder that goes when it does. */
export type OwnBrowser = { readonly browser: Browser; close(): Promise<void> };

export type LaunchOptions = {
  /** Names the folder and, as root, the account. */
  readonly name: "jikim-look" | "jikim-letters";
  /** Besides those that every browser of ours has. */
  readonly arguments: readonly string[];
};

const START_MS = 30_000;
const EVERY = [
  ...["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--no-first-run", "--no-default-browser-check"],
  ...["--disable-breakpad", "--mute-audio"],
];

/**
 * Starts Chromium without our environment. As root it gives itself up to an account of its own first (setpriv of util-linux), because
 * Chromium's sandbox does not run as root.
 */
export async function launch(executable: string, options: LaunchOptions): Promise<OwnBrowser> {
  const home = await mkdtemp(join(tmpdir(), `${options.name}-`));
  const account = weAreRoot() ? workAccount(options.name) : null;
  if (account !== null) await chown(home, account.uid, account.gid);
  const remove = () => rm(home, { recursive: true, force: true, maxRetries: 5 });
  const own = [`--user-data-dir=${home}/profile`, "--remote-debugging-pipe", "about:blank"];
  const as =
    account === null
      ? []
      : [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups", "--inh-caps=-all", executable];
  try {
    const browser = await chromium.launch({
      ...{ executablePath: account === null ? executable : "/usr/bin/setpriv", ignoreDefaultArgs: true },
      args: [...as, ...EVERY, ...options.arguments, ...own],
      ...{ env: { PATH: "/usr/bin:/bin", HOME: home, LANG: "C.UTF-8" }, timeout: START_MS },
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
    return { browser, close: () => browser.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
