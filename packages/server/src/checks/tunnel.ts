import { request as requestPlainly } from "node:http";
import { request as requestOverTls } from "node:https";
import { isIP, type Socket } from "node:net";
import { SocksClient } from "socks";

const TUNNEL_MS = 15_000;

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

/**
 * Opens a connection through a proxy to an address that was resolved and looked at by us. The proxy is never given a name to
 * resolve, so that it cannot lead anywhere else than to what was looked at.
 * @param to  `address` is an IP address.
 * @throws {TunnelRefused | ProxyDown}
 */
export function openTunnel(proxy: string, to: { readonly address: string; readonly port: number }): Promise<Socket> {
  if (isIP(to.address) === 0) throw new TunnelRefused();
  const url = new URL(proxy);
  const opened = url.protocol.startsWith("socks") ? bySocks(url, to) : byConnect(url, to);
  return opened.catch((error: NodeJS.ErrnoException) => {
    throw DOWN.test(error.code ?? error.message) ? new ProxyDown() : new TunnelRefused();
  });
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
    const timer = setTimeout(() => asking.destroy(new TunnelRefused()), TUNNEL_MS);
    asking.once("error", reject);
    asking.once("close", () => clearTimeout(timer));
    asking.once("response", () => asking.destroy(new TunnelRefused()));
    asking.once("connect", ({ statusCode }, socket: Socket, head) => {
      clearTimeout(timer);
      if (statusCode !== 200) {
        socket.destroy();
        return reject(new TunnelRefused(statusCode === 407 ? "Proxy Authentication Required" : ""));
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asking.end();
  });
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
