import type { BrowserContext, Page, Response } from "playwright-core";
import { type LaunchOptions, launch } from "../../chromium/launch.ts";
import { type Ask, asksIn } from "../asks.ts";
import type { Reach } from "../connect.ts";
import { isSamePlace, USER_AGENT } from "../fetch.ts";
import type { MediaSight } from "../match.ts";
import { openWayOut, type WayOut } from "./proxy.ts";

/** What a page shows after its scripts ran. */
export type Browsed = {
  /** no-match: everything that it showed was looked at. */
  readonly sight: MediaSight;
  /** Films that it plays, to be fetched by themselves. */
  readonly films: readonly string[];
  readonly asks: readonly Ask[];
};

export type Browse = (
  address: string,
  look: { readonly reach: Reach; readonly see: (bytes: Buffer) => Promise<MediaSight>; readonly signal: AbortSignal },
) => Promise<Browsed>;

const PAGE_MS = 20_000;
/** How long a page may take until nothing more is loaded, altogether. */
const QUIET_MS = 10_000;
const LOOK_MS = 60_000;
const SCROLLS = 3;
const MOST_MEDIA = 100;
const UNSEEN: Browsed = { sight: "cannot-look", films: [], asks: [] };

/** A browser for pages that only a script fills. One look at a time, each with a Chromium of its own. */
export function openBrowser(executable: string): Browse {
  let line: Promise<unknown> = Promise.resolve();
  return (address, look) => {
    const turn = line.then(() => (look.signal.aborted ? UNSEEN : browseOnce(executable, address, look)));
    line = turn.catch(() => undefined);
    return turn.catch(() => UNSEEN);
  };
}

/** It resolves no name and opens no connection but to the proxy; what it loads stays in memory, and goes when it does. */
function throughProxy(proxy: string): LaunchOptions {
  return {
    name: "jikim-look",
    arguments: [
      ...["--disk-cache-dir=/dev/null", "--disk-cache-size=1", "--media-cache-size=1", "--disable-crash-reporter"],
      ...["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-quic", "--dns-prefetch-disable"],
      ...["--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--renderer-process-limit=2"],
      ...["--js-flags=--max-old-space-size=256", `--proxy-server=${proxy}`, "--proxy-bypass-list=<-loopback>"],
    ],
  };
}

type Look = Parameters<Browse>[1];

async function browseOnce(executable: string, address: string, look: Look): Promise<Browsed> {
  const wayOut = await openWayOut(look.reach);
  const opened = await launch(executable, throughProxy(wayOut.url)).catch(async (error: unknown) => {
    await wayOut.close();
    throw error;
  });
  const cut = setTimeout(() => void opened.close().catch(() => undefined), LOOK_MS);
  try {
    const { username, password } = wayOut;
    const context = await opened.browser.newContext({
      ...{ serviceWorkers: "block", acceptDownloads: false, userAgent: USER_AGENT, locale: "ko-KR" },
      proxy: { server: wayOut.url, bypass: "<-loopback>", username, password },
    });
    return await lookIn(context, address, { ...look, wayOut });
  } finally {
    clearTimeout(cut);
    await opened.close().catch(() => undefined);
    await wayOut.close();
  }
}

async function lookIn(context: BrowserContext, address: string, look: Look & { wayOut: WayOut }): Promise<Browsed> {
  const page = await context.newPage();
  const sights: Promise<MediaSight>[] = [];
  const films = new Set<string>();
  page.on("response", (response) => {
    if (response.request().resourceType() === "media") films.add(response.url());
    else if (sights.length < MOST_MEDIA) sights.push(seeResponse(response, look));
    else sights.push(Promise.resolve("cannot-look"));
  });
  const answer = await page.goto(address, { waitUntil: "domcontentloaded", timeout: PAGE_MS });
  for (let scroll = 0; scroll < SCROLLS; scroll++) {
    await page.waitForLoadState("networkidle", { timeout: QUIET_MS / SCROLLS }).catch(() => undefined);
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  }
  const { inline, isOpaque, asks } = await contentOf(page);
  for (const data of inline) sights.push(look.see(data));
  const seen = await Promise.all(sights);
  if (seen.includes("match")) return { sight: "match", films: [], asks };
  const isWhole =
    answer?.status() === 200 && isSamePlace(new URL(address), new URL(page.url())) && !look.wayOut.isCut();
  const isComplete = isWhole && !isOpaque && !seen.includes("cannot-look");
  return { sight: isComplete ? "no-match" : "cannot-look", films: [...films], asks };
}

/** Pictures come as pictures, or are fetched by a script as anything. Texts, styles and scripts are none. */
async function seeResponse(response: Response, { see }: Look): Promise<MediaSight> {
  const type = response.headers()["content-type"] ?? "";
  const isPicture = response.request().resourceType() === "image" || type.startsWith("image/");
  const isText = /^(text\/|application\/(json|javascript|x-javascript|xml|manifest))|font/.test(type);
  if (response.status() >= 300 || (!isPicture && isText)) return "no-match";
  const body = await response.body().catch(() => null);
  if (body === null) return isPicture ? "cannot-look" : "no-match";
  const sight = await see(body);
  return isPicture || sight === "match" ? sight : "no-match";
}

type Content = { readonly inline: readonly Buffer[]; readonly isOpaque: boolean; readonly asks: readonly Ask[] };

const MOST_INLINE = 50;

/** Pictures that stand in the page itself or that a script put together, whether it holds what cannot be looked into, and what it asks. */
async function contentOf(page: Page): Promise<Content> {
  const { urls, isOpaque, words, password } = await page.evaluate(async (most) => {
    const read = (src: string) =>
      fetch(src)
        .then((response) => response.blob())
        .then(
          (blob) =>
            new Promise<string>((resolve) => {
              const reader = new FileReader();
              reader.onloadend = () => resolve(String(reader.result ?? ""));
              reader.readAsDataURL(blob);
            }),
        )
        .catch(() => "");
    const images = [...document.images];
    const shown = images.map((image) => image.currentSrc || image.src);
    const made = await Promise.all(
      shown
        .filter((src) => /^blob:/i.test(src))
        .slice(0, most)
        .map(read),
    );
    const written = shown.filter((src) => /^data:image\//i.test(src));
    const isUnread = made.includes("") || images.some((image) => !image.complete) || shown.length > most;
    const others = document.querySelector("iframe, frame, embed, object, canvas, video[src^='blob:']") !== null;
    const buttons = [...document.querySelectorAll("input")].map(({ value, placeholder }) => `${value} ${placeholder}`);
    const words = [document.title, document.body.innerText, ...buttons].join(" ").slice(0, 200_000);
    const password = document.querySelector("input[type=password]") !== null;
    return { urls: [...made, ...written].slice(0, most), isOpaque: isUnread || others, words, password };
  }, MOST_INLINE);
  const inline = urls.flatMap((url) => (url === "" ? [] : [bytesOf(url)]));
  return { inline, isOpaque, asks: asksIn(words, { password }) };
}

function bytesOf(url: string): Buffer {
  const comma = url.indexOf(",");
  const data = url.slice(comma + 1);
  return /;base64$/i.test(url.slice(0, comma)) ? Buffer.from(data, "base64") : Buffer.from(data, "latin1");
}
