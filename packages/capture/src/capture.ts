import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { openResolver } from "./address.ts";
import { launch } from "./browser.ts";
import { BUILD } from "./build.ts";
import { newCertificate } from "./certificate.ts";
import { openKeeper } from "./keep.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { type Look, look } from "./look.ts";
import { openWayOut } from "./proxy.ts";
import type { CaptureRecord, CaptureRequest } from "./record.ts";
import { scrub } from "./scrub.ts";
import { openSession } from "./session.ts";
import { localeOf, settingsOf } from "./settings.ts";
import { digestOfFile, writeWacz } from "./wacz.ts";

/** Nothing could be captured: the address did not answer, or may not be reached. */
export class CaptureRefusal extends Error {
  override readonly name = "CaptureRefusal";
  readonly code: "ADDRESS_REFUSED" | "NOTHING_CAME" | "NO_BROWSER";
  constructor(code: CaptureRefusal["code"]) {
    super(code);
    this.code = code;
  }
}

const TOOL = { name: "jikim-capture", version: "0.1.0" };
const WAYS = [
  "Every body passes a proxy of our own, which speaks HTTP/1.1 with the site, asks for whole bodies, and undoes their content encoding.",
  "Only text is kept and shown. All else is digested, fingerprinted and dropped before it reaches the browser; grey stands in its place.",
  "In the mode keep-matching a body that matches one of her own items is encrypted with age before it is written; the browser sees grey all the same.",
  "What may be a picture inside a text is cut out of it; such a text carries WARC-Truncated and the digest of how it came.",
  "Of a session that was used nothing is kept: cookies and keys are hidden in headers, addresses and texts.",
  "What the page sent is not kept. Service workers, sockets and event streams are refused. Fonts are the machine's own.",
];

/** Captures a page into the folder: `capture.wacz`, `screenshot.png`, `record.json`. Told to stop it ends its browser first. @throws {CaptureRefusal} */
export async function capture(request: CaptureRequest, stop?: AbortSignal): Promise<CaptureRecord> {
  const [startedAt, beganMs] = [new Date(), performance.now()];
  const until = Date.now() + request.seconds * 1000;
  const archive = join(request.folder, "data.warc.gz");
  const keeper = request.keep === null ? null : openKeeper(request.keep, request.folder);
  const ledger = openLedger(archive, { keeper, session: openSession(request.cookies) });
  const resolve = openResolver(request.allowPrivate ? "private-too" : "public-only");
  const certificate = await newCertificate();
  const wayOut = await openWayOut({ resolve, ledger }, certificate);
  const way = { port: wayOut.port, spki: certificate.spki };
  const opened = await launch({ executable: request.browser, way, stop }).catch(async () => {
    await wayOut.close();
    await ledger.warc.close();
    await rm(archive, { force: true });
    throw new CaptureRefusal("NO_BROWSER");
  });
  const end = () => void opened.close().catch(() => undefined);
  const cut = setTimeout(end, request.seconds * 1000 + 5000);
  try {
    const browser = await opened.browser.version();
    const userAgent = await opened.browser.userAgent();
    const settings = settingsOf(request, await localeOf(opened.browser));
    const versions = { ...TOOL, node: process.version, browser, userAgent, build: BUILD };
    const tool = { ...versions, flags: [...opened.flags], settings, ways: WAYS };
    await ledger.warc.write(infoOf(tool, startedAt));
    const seen = await look(opened.browser, request.url, { ledger, way: wayOut, until });
    if (seen === null) throw refusalOf(ledger);
    await opened.close().catch(() => undefined);
    await wayOut.close();
    if (stop?.aborted) throw new CaptureRefusal("NOTHING_CAME");
    return await writeDown({ request, seen, ledger, tool, startedAt, beganMs });
  } finally {
    clearTimeout(cut);
    await opened.close().catch(() => undefined);
    await wayOut.close().catch(() => undefined);
    await ledger.warc.close();
    await rm(archive, { force: true });
  }
}

function refusalOf(ledger: Ledger): CaptureRefusal {
  const isPrivate = ledger.gaps().some(({ why }) => why === "ADDRESS_REFUSED");
  return new CaptureRefusal(isPrivate ? "ADDRESS_REFUSED" : "NOTHING_CAME");
}

function infoOf(tool: CaptureRecord["tool"], at: Date) {
  const lines = [
    `software: ${tool.name} ${tool.version}`,
    `http-header-user-agent: ${tool.userAgent}`,
    "format: WARC File Format 1.1",
  ];
  const block = Buffer.from(`${lines.join("\r\n")}\r\n`);
  return { type: "warcinfo" as const, address: null, at, contentType: "application/warc-fields", block };
}

type Done = {
  readonly request: CaptureRequest;
  readonly seen: Look;
  readonly ledger: Ledger;
  readonly tool: CaptureRecord["tool"];
  readonly startedAt: Date;
  /** Of `performance.now()`. */
  readonly beganMs: number;
};

async function writeDown({ request, seen, ledger, tool, startedAt, beganMs }: Done): Promise<CaptureRecord> {
  const at = new Date();
  const { folder, minor, mode } = request;
  await ledger.settle();
  await writePages(ledger, seen, at);
  await ledger.warc.close();
  const { plain, plainAddress } = ledger;
  const final = plainAddress(seen.final);
  const page = { url: final, at: startedAt, title: plain(seen.title), text: plain(seen.text) };
  await writeWacz(join(folder, "capture.wacz"), { archive: join(folder, "data.warc.gz"), index: ledger.index, page });
  const record: CaptureRecord = {
    ...{
      version: 1,
      mode,
      minor,
      signedIn: request.cookies.length > 0,
      startedAt: startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      tookMs: Math.round(performance.now() - beganMs),
    },
    url: { requested: plainAddress(request.url), final },
    redirects: seen.redirects.map(plainAddress),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    tool,
    host: { platform: `${process.platform} ${process.arch}`, release: release() },
    addresses: ledger.addresses,
    resources: ledger.resources,
    gaps: ledger.gaps(),
    wacz: { path: "capture.wacz", ...(await digestOfFile(join(folder, "capture.wacz"))) },
    screenshot: await writeScreenshot(folder, seen.screenshot),
  };
  await writeFile(join(folder, "record.json"), `${JSON.stringify(record)}\n`, { flag: "wx", mode: 0o600 });
  return record;
}

/** The pages as scripts left them are records of their own, beside what the site sent. */
async function writePages(ledger: Ledger, seen: Look, at: Date): Promise<void> {
  for (const { url, html } of seen.pages) {
    const { text, cuts } = scrub(html);
    await ledger.addCuts(url, cuts);
    const block = Buffer.from(ledger.care.session.hide(text));
    const address = `urn:view:${ledger.plainAddress(url)}`;
    await ledger.warc.write({
      type: "resource",
      address,
      at,
      contentType: "text/html; charset=utf-8",
      block,
      payload: block,
    });
  }
}

async function writeScreenshot(folder: string, png: Uint8Array | null): Promise<CaptureRecord["screenshot"]> {
  if (png === null) return null;
  await writeFile(join(folder, "screenshot.png"), png, { flag: "wx", mode: 0o600 });
  return { path: "screenshot.png", sha256: createHash("sha256").update(png).digest("hex") };
}
