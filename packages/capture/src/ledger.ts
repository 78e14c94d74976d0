import type { IncomingHttpHeaders } from "node:http";
import { type Care, type Remains, remainsOfCut } from "./discard.ts";
import type { CaptureRecord, Gap, Resource } from "./record.ts";
import { type Cut, scrub } from "./scrub.ts";
import { HIDDEN, SECRET_HEADERS, type Session } from "./session.ts";
import { openWarc } from "./warc.ts";

/** An exchange with a site, its body already taken apart. */
export type Exchange = {
  readonly url: string;
  readonly method: string;
  readonly asked: readonly string[];
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
  readonly ip: string;
  readonly at: Date;
  readonly remains: Remains;
};

/** A line of the index. */
export type Indexed = {
  readonly url: string;
  readonly at: Date;
  readonly mime: string;
  readonly status: number;
  readonly offset: number;
  readonly length: number;
};

/** What a capture writes down as it goes. */
export type Ledger = ReturnType<typeof openLedger>;

const MOST_LINES = 5000;
const LONGEST_ADDRESS = 2048;
/** Bytes of texts that are held back in memory. */
const MOST_WAITING = 96 << 20;

export function openLedger(path: string, care: Care) {
  const warc = openWarc(path);
  const resources: Resource[] = [];
  const gaps = new Map<string, Gap>();
  const addresses: CaptureRecord["addresses"] = [];
  const index: Indexed[] = [];
  /** A text as it may be written down. */
  const plain = (text: string) => care.session.hide(scrub(text).text);
  const plainAddress = (url: string) => shortened(plain(url));
  const addGap = (url: string, why: string): void => {
    const address = plainAddress(url);
    if (gaps.size < MOST_LINES) gaps.set(`${why} ${address}`, { url: address, why });
  };
  const waiting: Exchange[] = [];
  let waitingBytes = 0;
  const write = async (exchange: Exchange): Promise<void> => {
    const url = plainAddress(exchange.url);
    const { resource, inside } = exchange.remains;
    // The site answered, but not with what was asked for.
    if (exchange.status >= 400) addGap(exchange.url, `HTTP_${exchange.status}`);
    resources.push({ url, status: exchange.status, ...resource });
    for (const [at, piece] of inside.entries())
      resources.push({ url: `${url}#jikim-cut-${at + 1}`, status: exchange.status, ...piece });
    const written = await warc.write(responseOf(url, exchange, plain));
    index.push({ url, at: exchange.at, mime: resource.type, status: exchange.status, ...written });
    await warc.write(requestOf(url, exchange, { response: written.id, plain }));
  };
  const settle = async (): Promise<void> => {
    waitingBytes = 0;
    for (const exchange of waiting.splice(0)) await write(hidden(exchange, care.session));
  };
  return {
    warc,
    care,
    resources,
    addresses,
    index,
    plain,
    plainAddress,
    gaps: () => [...gaps.values()].map(({ url, why }) => ({ url: care.session.hide(url), why })),
    addGap,
    /** With a session nothing is written before the end: a page may hold a secret that only a later request shows to be one. */
    async add(exchange: Exchange): Promise<void> {
      if (!care.session.isUsed) return write(exchange);
      waiting.push(exchange);
      waitingBytes += exchange.remains.text?.length ?? 0;
      if (waitingBytes > MOST_WAITING) await settle();
    },
    settle,
    /** Digests what was cut out of a text of our own, such as the page as it stood at the end. */
    async addCuts(url: string, cuts: readonly Cut[]): Promise<void> {
      for (const [at, cut] of cuts.entries())
        resources.push({
          url: `${plainAddress(url)}#jikim-shown-${at + 1}`,
          status: 200,
          ...(await remainsOfCut(cut, care.keeper)),
        });
    },
  };
}

/** Takes out what may be a picture and what is secret: a page can ask for any address, and send any header, that it likes. */
type Plain = (text: string) => string;

/** What came, without the secrets that became known since. */
function hidden(exchange: Exchange, session: Session): Exchange {
  const { text, resource } = exchange.remains;
  if (text === null) return exchange;
  const before = text.toString("latin1");
  const after = session.hide(before);
  if (after === before) return exchange;
  const changed = { ...resource, cut: resource.cut ?? 0 };
  return { ...exchange, remains: { ...exchange.remains, text: Buffer.from(after, "latin1"), resource: changed } };
}

function shortened(url: string): string {
  return url.length > LONGEST_ADDRESS ? `${url.slice(0, LONGEST_ADDRESS)}…` : url;
}

function plainHeaders(headers: readonly string[], length: number, plain: Plain): string {
  const lines: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = "", value = ""] = [headers[at], headers[at + 1]];
    const lower = name.toLowerCase();
    if (lower === "content-length" || lower === "proxy-authorization") continue;
    // The body stands without its encodings, as the standard's annotated practice has it.
    const isCoding = lower === "content-encoding" || lower === "transfer-encoding";
    const said = SECRET_HEADERS.test(lower) ? HIDDEN : plain(value);
    lines.push(`${isCoding ? `x-orig-${lower}` : name}: ${said}\r\n`);
  }
  return `${lines.join("")}content-length: ${length}\r\n\r\n`;
}

function responseOf(url: string, { at, ip, status, reason, headers, remains }: Exchange, plain: Plain) {
  const payload = remains.text ?? Buffer.alloc(0);
  const { resource } = remains;
  const head = Buffer.from(
    `HTTP/1.1 ${status} ${plain(reason)}\r\n${plainHeaders(headers, payload.length, plain)}`,
    "latin1",
  );
  const isChanged = remains.text === null || resource.cut !== undefined;
  return {
    ...{ type: "response" as const, address: url, at, contentType: "application/http; msgtype=response" },
    ...{ block: Buffer.concat([head, payload]), payload },
    more: {
      "WARC-IP-Address": ip,
      ...(isChanged
        ? {
            "WARC-Truncated": "unspecified",
            "Jikim-Original-Payload-Digest": `sha256:${resource.sha256}`,
            "Jikim-Original-Payload-Length": String(resource.bytes),
            "Jikim-Why": resource.why ?? "media",
          }
        : {}),
    },
  };
}

/** What a page sends is not kept: it may send a picture. */
function requestOf(
  url: string,
  { at, method, asked }: Exchange,
  { response, plain }: { readonly response: string; readonly plain: Plain },
) {
  const { pathname, search } = new URL(url.startsWith("http") ? url.replace(/…$/, "") : "http://invalid/");
  const block = Buffer.from(`${method} ${pathname}${search} HTTP/1.1\r\n${plainHeaders(asked, 0, plain)}`, "latin1");
  return {
    ...{ type: "request" as const, address: url, at, contentType: "application/http; msgtype=request", block },
    more: { "WARC-Concurrent-To": response },
  };
}

/** Header values for the browser: without what speaks of the body's old form. */
export function headersForBrowser(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const dropped =
    /^(content-(length|encoding|range|disposition)|transfer-encoding|accept-ranges|alt-svc|connection|keep-alive|upgrade|trailer|etag|last-modified|cache-control|expires|proxy-.*)$/;
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || dropped.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), "cache-control": "no-store" };
}
