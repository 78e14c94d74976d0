import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
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

/** Has the kernel kill what it starts when this process ends, however that comes (util-linux, setpriv(1); prctl(2), PR_SET_PDEATHSIG). */
const SETPRIV = "/usr/bin/setpriv";

type Start = {
  readonly executable: string;
  /** Of the proxy; `spki` is of its certificate. */
  readonly way: { readonly port: number; readonly spki: string };
  readonly stop: AbortSignal | undefined;
};

/** Starts Chromium without our environment, its sandbox on, with the proxy as its only way out. Told to stop it is killed, also while it starts. */
export async function launch({ executable, way, stop }: Start): Promise<CaptureBrowser> {
  const home = await mkdtemp(join(tmpdir(), "jikim-capture-"));
  const remove = () => rm(home, { recursive: true, force: true, maxRetries: 5 });
  const ours = [`--proxy-server=http://127.0.0.1:${way.port}`, `--ignore-certificate-errors-spki-list=${way.spki}`];
  const own = [...ours, `--user-data-dir=${home}/profile`, "--remote-debugging-pipe", "about:blank"];
  try {
    const starting = puppeteer.launch({
      ...{ ...bound(executable, [...FLAGS, ...own]), ignoreDefaultArgs: true, pipe: true },
      ...(stop === undefined ? {} : { signal: stop }),
      ...{ env: { PATH: "/usr/bin:/bin", HOME: home, TMPDIR: home, LANG: "C.UTF-8", TZ: process.env.TZ } },
      ...{ timeout: START_MS, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
      defaultViewport: VIEW,
    });
    // One that is killed just as it starts is waited for without end.
    const browser = await Promise.race([starting, ...(stop === undefined ? [] : [refusal(stop)])]);
    return { browser, flags: FLAGS, close: () => end(browser).finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

function refusal(stop: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (stop.aborted) reject(stop.reason);
    stop.addEventListener("abort", () => reject(stop.reason));
  });
}

function bound(executable: string, args: readonly string[]) {
  if (!existsSync(SETPRIV)) return { executablePath: executable, args: [...args] };
  return { executablePath: SETPRIV, args: ["--pdeathsig", "KILL", "--", executable, ...args] };
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
  const late = new AbortController();
  const waited = pause(END_MS, undefined, { signal: late.signal }).catch(() => undefined);
  await Promise.race([browser.close().catch(() => undefined), waited]);
  late.abort();
  kill();
}
