import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { type Reach, resolveAllowed } from "../connect.ts";
import { openTunnel } from "../tunnel.ts";

/** A way out for one look of a browser. */
export type WayOut = {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Whether something was cut off, because it was too much. */
  isCut(): boolean;
  close(): Promise<void>;
};

/** Bytes that one look may load altogether. */
const MOST_BYTES = 80 << 20;
const MOST_CONNECTIONS = 64;

/**
 * A proxy on this machine that resolves names itself, refuses addresses that may not be reached, and connects to the very address
 * that it looked at. Everything that a browser loads goes through it; without its word nobody else gets out by it.
 */
export async function openWayOut(reach: Reach): Promise<WayOut> {
  const [username, password] = ["look", randomBytes(16).toString("hex")];
  const word = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const sockets = new Set<Socket>();
  let left = MOST_BYTES;
  const count = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    socket.on("data", (part: Buffer) => {
      left -= part.length;
      if (left < 0) for (const each of sockets) each.destroy();
    });
  };
  const reachOut = async (host: string, port: number): Promise<Socket> => {
    if (left < 0 || sockets.size > MOST_CONNECTIONS) throw new Error("too much");
    const found = await resolveAllowed(host, reach);
    const { address } = found.find(({ family }) => family === 4) ?? found[0];
    const socket = reach.proxy ? await openTunnel(reach.proxy, { address, port }) : connect(port, address);
    count(socket);
    return socket;
  };
  const server = createServer((asking, answer) => {
    if (asking.headers["proxy-authorization"] !== word) return refuse(answer, 407);
    void forward(asking, reachOut).then(
      (from) => {
        answer.writeHead(from.statusCode ?? 502, from.headers);
        from.on("error", () => answer.destroy()).pipe(answer);
      },
      () => refuse(answer, 502),
    );
  });
  server.on("connect", (asking: IncomingMessage, socket: Socket) => {
    socket.on("error", () => undefined);
    if (asking.headers["proxy-authorization"] !== word) return socket.end(`HTTP/1.1 407 No\r\n${ASKS}\r\n\r\n`);
    const { hostname, port } = new URL(`https://${asking.url}`);
    void reachOut(hostname, Number(port || 443)).then(
      (on) => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        on.once("close", () => socket.destroy());
        socket.once("close", () => on.destroy());
        socket.pipe(on).pipe(socket);
      },
      () => socket.end("HTTP/1.1 502 No\r\n\r\n"),
    );
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    username,
    password,
    isCut: () => left < 0,
    close: () => end(server, sockets),
  };
}

const ASKS = 'Proxy-Authenticate: Basic realm="look"';

function refuse(answer: ServerResponse, status: number): void {
  answer.writeHead(status, status === 407 ? { "proxy-authenticate": 'Basic realm="look"' } : {}).end();
}

/** A plain HTTP request, as a browser gives it to a proxy. */
async function forward(
  asking: IncomingMessage,
  reachOut: (host: string, port: number) => Promise<Socket>,
): Promise<IncomingMessage> {
  const url = new URL(asking.url ?? "");
  if (url.protocol !== "http:") throw new Error("only http");
  const socket = await reachOut(url.hostname, Number(url.port || 80));
  const { "proxy-authorization": _word, "proxy-connection": _way, ...headers } = asking.headers;
  const { method = "GET" } = asking;
  return new Promise((resolve, reject) => {
    const going = request({ createConnection: () => socket, method, path: url.pathname + url.search, headers });
    going.once("error", reject).once("response", resolve);
    asking.on("error", reject).pipe(going);
  });
}

async function end(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}
