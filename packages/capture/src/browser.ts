import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";

/** A browser for one capture; its folder goes when it does. */
export type CaptureBrowser = {
  readonly browser: Browser;
  readonly flags: readonly string[];
  close(): Promise<void>;
};

const START_MS = 20_000;
/** How long a browser has to end by itself. */
const END_MS = 2000;
export const VIEW = { width: 1280, height: 900 };
const FLAGS = [
  ...["--headless=new", "--disable-gpu", "--disable-extensions", "--disable-sync", "--mute-audio", "--no-first-run"],
  ...[
    "--disable-background-networking",
    "--disable-component-update",
    "--no-default-browser-check",
    "--hide-scrollbars",
  ],
  ...[
    "--disable-3d-apis",
    // Neither a renderer in reserve nor a graphics card in software: they only cost memory.
    "--disable-software-rasterizer",
    "--disable-features=WebUSB,WebBluetooth,MediaRouter,Translate,OptimizationHints,InterestFeedContentSuggestions,SpareRendererForSitePerProcess,BackForwardCache",
  ],
  // What it loads stays in memory, and goes when it does.
  ...["--incognito", "--disk-cache-dir=/dev/null", "--disk-cache-size=1", "--media-cache-size=1", "--disable-breakpad"],
  ...["--disable-crash-reporter", "--disable-dev-shm-usage", "--js-flags=--max-old-space-size=256"],
  // It resolves no name and opens no connection but to the proxy.
  ...["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-quic", "--dns-prefetch-disable"],
  ...["--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--renderer-process-limit=2"],
  ...["--proxy-bypass-list=<-loopback>"],
];

/** Starts Chromium without our environment, its sandbox on, with the proxy as its only way out. `spki` is of the proxy's certificate. */
export async function launch(executable: string, way: { port: number; spki: string }): Promise<CaptureBrowser> {
  const home = await mkdtemp(join(tmpdir(), "jikim-capture-"));
  const remove = () => rm(home, { recursive: true, force: true, maxRetries: 5 });
  const ours = [`--proxy-server=http://127.0.0.1:${way.port}`, `--ignore-certificate-errors-spki-list=${way.spki}`];
  const own = [...ours, `--user-data-dir=${home}/profile`, "--remote-debugging-pipe", "about:blank"];
  try {
    const browser = await puppeteer.launch({
      ...{ executablePath: executable, ignoreDefaultArgs: true, args: [...FLAGS, ...own], pipe: true },
      ...{ env: { PATH: "/usr/bin:/bin", HOME: home, TMPDIR: home, LANG: "C.UTF-8", TZ: process.env.TZ } },
      ...{ timeout: START_MS, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
      defaultViewport: VIEW,
    });
    return { browser, flags: FLAGS, close: () => end(browser).finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Ends a browser with all its processes: one that outlives the rest would write its folder anew. */
async function end(browser: Browser): Promise<void> {
  const group = browser.process()?.pid;
  const kill = () => {
    try {
      if (group !== undefined) process.kill(-group, "SIGKILL");
    } catch {
      // It is gone.
    }
  };
  const late = setTimeout(kill, END_MS);
  await browser.close().catch(() => undefined);
  clearTimeout(late);
  kill();
}
