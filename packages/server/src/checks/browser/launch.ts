import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { weAreRoot, workAccount } from "../../postgres/account.ts";

/** A browser that lives for one look. */
export type LookBrowser = { readonly browser: Browser; close(): Promise<void> };

const START_MS = 20_000;
const ARGUMENTS = [
  ...["--headless=new", "--disable-gpu", "--disable-extensions", "--disable-sync", "--mute-audio", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--no-default-browser-check"],
  // What it loads stays in memory, and goes when it does.
  ...["--disk-cache-dir=/dev/null", "--disk-cache-size=1", "--media-cache-size=1", "--disable-breakpad"],
  ...["--disable-crash-reporter", "--disable-dev-shm-usage", "--js-flags=--max-old-space-size=256"],
  // It resolves no name and opens no connection but to the proxy.
  ...["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-quic", "--dns-prefetch-disable"],
  ...["--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--renderer-process-limit=2"],
];

/**
 * Starts Chromium without our environment, its sandbox on. As root it gives itself up to an account of its own first (setpriv of
 * util-linux), because the sandbox does not run as root. Its folder goes when it does.
 */
export async function launch(executable: string, proxy: string): Promise<LookBrowser> {
  const home = await mkdtemp(join(tmpdir(), "jikim-look-"));
  const account = weAreRoot() ? workAccount("jikim-look") : null;
  if (account !== null) await chown(home, account.uid, account.gid);
  const remove = () => rm(home, { recursive: true, force: true, maxRetries: 5 });
  const ways = [`--proxy-server=${proxy}`, "--proxy-bypass-list=<-loopback>"];
  const own = [...ARGUMENTS, ...ways, `--user-data-dir=${home}/profile`, "--remote-debugging-pipe", "about:blank"];
  const as =
    account === null
      ? []
      : [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups", "--inh-caps=-all", executable];
  try {
    const browser = await chromium.launch({
      ...{ executablePath: account === null ? executable : "/usr/bin/setpriv", ignoreDefaultArgs: true },
      ...{ args: [...as, ...own], env: { PATH: "/usr/bin:/bin", HOME: home, LANG: "C.UTF-8" } },
      ...{ timeout: START_MS, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
    return { browser, close: () => browser.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
