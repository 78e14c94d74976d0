import { createServer, type Server } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createSocketServer,
  type Socket,
  type Server as SocketServer,
} from "node:net";

/** A proxy of a test: a country of its own, that may lead to another server than was asked for. */
export type TestProxy = {
  readonly url: string;
  /** What it was asked to lead to, as asked. */
  readonly asked: string[];
  close(): Promise<void>;
};

type Options = {
  /** Port of the server on this machine that everything leads to; without one, what was asked for. */
  readonly leadsTo?: () => number | null;
  readonly word?: string;
};

/** An HTTP proxy that takes CONNECT only. */
export async function openConnectProxy({ leadsTo = () => null, word }: Options = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  const sockets = new Set<Socket>();
  server.on("connect", (request, socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    const given = Buffer.from(request.headers["proxy-authorization"]?.split(" ")[1] ?? "", "base64").toString();
    if (word !== undefined && given !== word) return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    asked.push(request.url ?? "");
    const port = leadsTo() ?? Number(/:(\d+)$/.exec(request.url ?? "")?.[1]);
    const on = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(on).pipe(socket);
    });
    on.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
  });
  const port = await listen(server);
  const account = word === undefined ? "" : `${word}@`;
  return { url: `http://${account}127.0.0.1:${port}`, asked, close: () => close(server, sockets) };
}

/** A SOCKS5 proxy (RFC 1928) without a password. It leads to IPv4 addresses, and notes a name when it is given one. */
export async function openSocksProxy({ leadsTo = () => null }: Options = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (request: Buffer) => {
        const isNumber = request[3] === 1;
        const host = isNumber ? [...request.subarray(4, 8)].join(".") : request.subarray(5, -2).toString();
        const port = request.readUInt16BE(request.length - 2);
        asked.push(`${host}:${port}`);
        const on = connect(leadsTo() ?? port, "127.0.0.1", () => {
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          socket.pipe(on).pipe(socket);
        });
        on.on("error", () => socket.end(Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])));
      });
    });
  });
  const port = await listen(server);
  return { url: `socks5://127.0.0.1:${port}`, asked, close: () => close(server, sockets) };
}

async function listen(server: Server | SocketServer): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return (server.address() as AddressInfo).port;
}

async function close(server: Server | SocketServer, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise((closed) => server.close(closed));
}
