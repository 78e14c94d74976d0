import { randomBytes } from "node:crypto";
import {
  createServer,
  Agent as HttpAgent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestPlainly,
  type Server,
  type ServerResponse,
} from "node:http";
import { Agent as HttpsAgent, request as requestOverTls } from "node:https";
import { type AddressInfo, isIP, type LookupFunction, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { createBrotliDecompress, createUnzip } from "node:zlib";
import type { Resolve } from "./address.ts";
import type { OwnCertificate } from "./certificate.ts";
import { discard, type Remains } from "./discard.ts";
import { headersForBrowser, type Ledger } from "./ledger.ts";
import { isMediaType } from "./media.ts";
import { tlsOf } from "./tls.ts";

/** The browser's only way out. */
export type WayOut = {
  readonly port: number;
  readonly username: string;
  readonly password: string;
  close(): Promise<void>;
};

type Site = {
  readonly resolve: Resolve;
  readonly ledger: Ledger;
  readonly agents: { readonly plain: HttpAgent; readonly tls: HttpsAgent };
  /** Takes bytes off what the capture may load; throws when there are none left. */
  readonly spend: (bytes: number) => void;
};

/** What one capture may load. */
export const MOST_BYTES = 512 << 20;
export const MOST_REQUESTS = 3000;
const CONNECT_MS = 15_000;
const ORIGIN = Symbol("the site that a connection leads to");
type Tunnel = Duplex & { [ORIGIN]?: string };

/**
 * A proxy on this machine that stands in for each site: it resolves, refuses private addresses, speaks with the site itself, takes every body
 * apart, and hands on what is left. So no picture reaches the browser, whichever frame, worker or trick asks for it.
 */
export async function openWayOut(
  { resolve, ledger }: { readonly resolve: Resolve; readonly ledger: Ledger },
  certificate: OwnCertificate,
): Promise<WayOut> {
  const [username, password] = ["capture", randomBytes(16).toString("hex")];
  const word = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const site: Site = { resolve, ledger, agents: agentsFor(resolve), spend: purse() };
  const sockets = new Set<Duplex>();
  const inner = createServer((asking, answer) => {
    const origin = (asking.socket as unknown as Tunnel)[ORIGIN] ?? "";
    void answerFor(site, `${origin}${asking.url}`, { asking, answer });
  });
  refuseUpgrades(inner, ledger);
  const outer = createServer((asking, answer) => {
    if (asking.headers["proxy-authorization"] !== word) return void answer.writeHead(407, ASKS).end();
    void answerFor(site, asking.url ?? "", { asking, answer });
  });
  refuseUpgrades(outer, ledger);
  const context = createSecureContext(certificate);
  outer.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
  });
  outer.on("connect", (asking: IncomingMessage, socket: Socket) => {
    if (asking.headers["proxy-authorization"] !== word)
      return socket.end(`HTTP/1.1 407 No\r\nProxy-Authenticate: ${ASKS["proxy-authenticate"]}\r\n\r\n`);
    openTunnel({ socket, host: asking.url ?? "", context }, inner);
  });
  await new Promise<void>((ready) => outer.listen(0, "127.0.0.1", ready));
  const { port } = outer.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    site.agents.plain.destroy();
    site.agents.tls.destroy();
    await new Promise((closed) => outer.close(closed));
  };
  return { port, username, password, close };
}

const ASKS = { "proxy-authenticate": 'Basic realm="capture"' };

/** Whether TLS or plain HTTP comes through a tunnel is seen by its first byte (22: handshake, RFC 8446, 5.1). */
function openTunnel(at: { socket: Socket; host: string; context: SecureContext }, inner: Server): void {
  const { socket, host, context } = at;
  socket.write("HTTP/1.1 200 OK\r\n\r\n");
  socket.once("data", (first: Buffer) => {
    socket.pause();
    socket.unshift(first);
    const isTls = first[0] === 22;
    const tunnel: Tunnel = isTls ? new TLSSocket(socket, { isServer: true, secureContext: context }) : socket;
    tunnel[ORIGIN] = `${isTls ? "https" : "http"}://${host}`;
    tunnel.on("error", () => socket.destroy());
    inner.emit("connection", tunnel);
    if (!isTls) socket.resume();
  });
}

function refuseUpgrades(server: Server, ledger: Ledger): void {
  server.on("upgrade", (asking: IncomingMessage, socket: Duplex) => {
    const origin = (asking.socket as unknown as Tunnel)[ORIGIN] ?? "";
    ledger.addGap(`${origin}${asking.url}`, "WEBSOCKET_REFUSED");
    socket.end("HTTP/1.1 403 No\r\n\r\n");
  });
}

function agentsFor(resolve: Resolve): Site["agents"] {
  const lookup: LookupFunction = (host, options, done) => {
    void resolve(host).then(
      (found) => (options.all ? done(null, [found]) : done(null, found.address, found.family)),
      (error: NodeJS.ErrnoException) => done(error, "", 0),
    );
  };
  const options = { keepAlive: true, maxSockets: 8, lookup, timeout: CONNECT_MS };
  return { plain: new HttpAgent(options), tls: new HttpsAgent(options) };
}

function purse(): Site["spend"] {
  let [bytes, requests] = [MOST_BYTES, MOST_REQUESTS];
  return (spent) => {
    bytes -= spent;
    if (spent === 0) requests -= 1;
    if (bytes < 0 || requests < 0) throw Object.assign(new Error("too much"), { code: "TOO_MUCH" });
  };
}

type Turn = { readonly asking: IncomingMessage; readonly answer: ServerResponse };

async function answerFor(site: Site, address: string, { asking, answer }: Turn): Promise<void> {
  asking.on("error", () => undefined);
  answer.on("error", () => undefined);
  try {
    const why = refused(asking);
    if (why !== null) throw Object.assign(new Error(why), { code: why });
    site.spend(0);
    await forward(site, new URL(address), { asking, answer });
  } catch (error) {
    site.ledger.addGap(address, codeOf(error));
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(502, { "cache-control": "no-store" }).end();
  }
}

function refused({ headers }: IncomingMessage): string | null {
  if (headers["service-worker"] !== undefined) return "SERVICE_WORKER_REFUSED";
  return headers.accept === "text/event-stream" ? "STREAM_REFUSED" : null;
}

/** Codes of Node's errors are words of their own; their messages may quote what came. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : "FAILED";
}

async function forward(site: Site, url: URL, { asking, answer }: Turn): Promise<void> {
  const at = new Date();
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) await site.resolve(host);
  const from = await ask(site, url, asking);
  const ip = from.socket.remoteAddress ?? "";
  const type = String(from.headers["content-type"] ?? "");
  noteAddress(site.ledger, url.host, from);
  const { session } = site.ledger.care;
  session.learn(asking.headers);
  session.learn(from.headers);
  const remains = await discard(decoded(from, site.spend), type, site.ledger.care);
  await site.ledger.add({
    ...{ url: url.href, method: asking.method ?? "GET", asked: asking.rawHeaders, at, remains },
    ...{ status: from.statusCode ?? 0, reason: from.statusMessage ?? "", headers: from.rawHeaders },
    ip,
  });
  handOn(answer, { from, asking, remains });
}

function ask(site: Site, url: URL, asking: IncomingMessage): Promise<IncomingMessage> {
  const left = /^(proxy-.*|connection|keep-alive|range|if-.*|accept-encoding|upgrade|te|trailer)$/;
  const headers = Object.fromEntries(Object.entries(asking.headers).filter(([name]) => !left.test(name)));
  const cookie = site.ledger.care.session.cookiesFor(url, asking.headers);
  if (cookie !== null) headers.cookie = cookie;
  const options = { method: asking.method ?? "GET", headers: { ...headers, "accept-encoding": "gzip, br" } };
  return new Promise((resolve, reject) => {
    const going =
      url.protocol === "https:"
        ? requestOverTls(url, { ...options, agent: site.agents.tls })
        : requestPlainly(url, { ...options, agent: site.agents.plain });
    going.setTimeout(CONNECT_MS, () => going.destroy(Object.assign(new Error("timeout"), { code: "TIMEOUT" })));
    going.once("error", reject).once("response", resolve);
    asking.pipe(going);
  });
}

async function* decoded(from: IncomingMessage, spend: Site["spend"]): AsyncGenerator<Buffer> {
  const coding = String(from.headers["content-encoding"] ?? "identity").toLowerCase();
  const decoder =
    coding === "br" ? createBrotliDecompress() : /^(x-)?gzip$|^deflate$/.test(coding) ? createUnzip() : null;
  if (decoder === null && coding !== "identity") throw Object.assign(new Error("coding"), { code: "UNKNOWN_CODING" });
  if (decoder !== null) from.once("error", (error) => decoder.destroy(error)).pipe(decoder);
  for await (const part of decoder ?? from) {
    const bytes = Buffer.from(part as Uint8Array);
    spend(bytes.length || 1);
    yield bytes;
  }
}

function noteAddress({ addresses }: Ledger, host: string, { socket }: IncomingMessage): void {
  if (addresses.some((each) => each.host === host)) return;
  addresses.push({ host, ip: socket.remoteAddress ?? "", tls: socket instanceof TLSSocket ? tlsOf(socket) : null });
}

/** Pictures made by scripts cannot be shown either; what is kept of the page is not touched by this. */
const POLICY = "img-src http: https:; media-src http: https:; worker-src http: https:; object-src 'none'";

function handOn(
  answer: ServerResponse,
  given: { from: IncomingMessage; asking: IncomingMessage; remains: Remains },
): void {
  const { from, asking, remains } = given;
  const headers = headersForBrowser(from.headers);
  const shown: OutgoingHttpHeaders = { ...headers };
  shown["content-security-policy"] = [headers["content-security-policy"] ?? [], POLICY].flat().join(", ");
  const type = String(from.headers["content-type"] ?? "");
  const isPicture = asking.headers["sec-fetch-dest"] === "image" || isMediaType(type);
  if (remains.text !== null) {
    const body = openShadows(remains.text, type);
    answer.writeHead(from.statusCode ?? 200, shown).end(body);
  } else if (isPicture && from.statusCode === 200) {
    answer.writeHead(200, { ...headers, "content-type": "image/svg+xml" }).end(greyOf(remains.size));
  } else {
    answer.writeHead(from.statusCode ?? 200, headers).end();
  }
}

/** A closed part of a page could not be greyed. */
function openShadows(text: Buffer, type: string): Buffer {
  if (!type.includes("html")) return text;
  return Buffer.from(text.toString("latin1").replace(/(shadowrootmode\s*=\s*["']?\s*)[^\s"'>]+/gi, "$1open"), "latin1");
}

function greyOf(size: Remains["size"]): string {
  const { width, height } = size ?? { width: 320, height: 240 };
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`;
  return `${open}<rect width="100%" height="100%" fill="#999"/></svg>`;
}
