import { request as requestPlainly } from "node:http";
import { request as requestOverTls } from "node:https";
import { connect, isIP, type Socket } from "node:net";
import { SocksClient } from "socks";

const TUNNEL_MS = 15_000;
const GREETING_MS = 5000;

/** The proxy did not lead there: it said no, or nothing in time. */
export class TunnelRefused extends Error {
  override readonly name = "TunnelRefused";
}

/** The proxy itself is not there, or wants another password: nobody looked from where it is. */
export class ProxyDown extends Error {
  override readonly name = "ProxyDown";
}

/** What Node (in its code) and socks 2.8 (in its message) say of a proxy that was never reached or did not let us in. */
const DOWN =
  /^(connect )?(E(CONNREFUSED|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|getaddrinfo |Socks5 Authentication failed|Proxy Authentication Required)/;
/** What socks 2.8 says when the proxy itself answered that it cannot lead there (RFC 1928, 6). */
const REFUSED = /^Socks5 proxy rejected connection/;

/**
 * Opens a connection through a proxy to an address that was resolved and looked at by us. The proxy is never given a name to
 * resolve, so that it cannot lead anywhere else than to what was looked at. Where it said nothing to the point (silence, a cut
 * connection, no TLS, other words than a proxy's), it is asked whether it is there at all: a host that lets connections hang is
 * the host's matter, a proxy that does is ours.
 * @param to  `address` is an IP address.
 * @throws {TunnelRefused | ProxyDown}
 */
export async function openTunnel(proxy: string, to: Target): Promise<Socket> {
  if (isIP(to.address) === 0) throw new TunnelRefused();
  const url = new URL(proxy);
  const isSocks = url.protocol.startsWith("socks");
  try {
    return await (isSocks ? bySocks(url, to) : byConnect(url, to));
  } catch (error) {
    if (!(error instanceof Error)) throw new TunnelRefused();
    const said = "code" in error && typeof error.code === "string" ? error.code : error.message;
    if (DOWN.test(said)) throw new ProxyDown();
    if (error instanceof TunnelRefused || REFUSED.test(error.message)) throw new TunnelRefused();
    throw (await (isSocks ? greetsBySocks(url) : greetsByHttp(url))) ? new TunnelRefused() : new ProxyDown();
  }
}

type Target = { readonly address: string; readonly port: number };

async function bySocks(proxy: URL, { address, port }: Target): Promise<Socket> {
  const { username, password } = proxy;
  const { socket } = await SocksClient.createConnection({
    proxy: {
      host: bare(proxy.hostname),
      port: Number(proxy.port || 1080),
      type: 5,
      ...(username === "" ? {} : { userId: decodeURIComponent(username), password: decodeURIComponent(password) }),
    },
    command: "connect",
    destination: { host: address, port },
    timeout: TUNNEL_MS,
  });
  return socket;
}

/** It wants another password, or is a web server that knows no CONNECT (RFC 9110, 15.5.5, 15.5.6, 15.5.8, 15.6.2). */
const NO_PROXY: ReadonlySet<number> = new Set([404, 405, 407, 501]);

/** RFC 9110, 9.3.6. */
function byConnect(proxy: URL, { address, port }: Target): Promise<Socket> {
  const authority = `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
  const isTls = proxy.protocol === "https:";
  const { username, password } = proxy;
  const word = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const asking = (isTls ? requestOverTls : requestPlainly)({
    ...{ host: bare(proxy.hostname), port: Number(proxy.port || (isTls ? 443 : 80)), agent: false },
    ...{ method: "CONNECT", path: authority, maxHeaderSize: 16 * 1024 },
    headers: {
      host: authority,
      ...(username === "" ? {} : { "proxy-authorization": `Basic ${Buffer.from(word).toString("base64")}` }),
    },
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => asking.destroy(new Error("silence")), TUNNEL_MS);
    asking.once("error", reject);
    asking.once("close", () => clearTimeout(timer));
    asking.once("response", () => asking.destroy(new TunnelRefused()));
    asking.once("connect", ({ statusCode }, socket: Socket, head) => {
      clearTimeout(timer);
      if (statusCode !== 200) {
        socket.destroy();
        return reject(
          NO_PROXY.has(statusCode ?? 0) ? new ProxyDown("Proxy Authentication Required") : new TunnelRefused(),
        );
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asking.end();
  });
}

/** Whatever it answers to a question about itself (RFC 9110, 9.3.7), it is there. */
function greetsByHttp(proxy: URL): Promise<boolean> {
  const isTls = proxy.protocol === "https:";
  const asking = (isTls ? requestOverTls : requestPlainly)({
    ...{ host: bare(proxy.hostname), port: Number(proxy.port || (isTls ? 443 : 80)), agent: false },
    ...{ method: "OPTIONS", path: "*", headers: { "max-forwards": "0" }, timeout: GREETING_MS },
  });
  return new Promise((resolve) => {
    const end = (isThere: boolean) => {
      resolve(isThere);
      asking.destroy();
    };
    asking.once("response", () => end(true));
    asking.once("timeout", () => end(false));
    asking.once("error", () => end(false));
    asking.end();
  });
}

/** A SOCKS proxy names the way to sign in before it is told where to lead (RFC 1928, 3). */
function greetsBySocks(proxy: URL): Promise<boolean> {
  const socket = connect({ host: bare(proxy.hostname), port: Number(proxy.port || 1080) });
  return new Promise((resolve) => {
    const end = (isThere: boolean) => {
      resolve(isThere);
      socket.destroy();
    };
    socket.setTimeout(GREETING_MS, () => end(false));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
    socket.once("connect", () => socket.write(Buffer.from([5, 2, 0, 2])));
    socket.once("data", (said) => end(said[0] === 5));
  });
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
