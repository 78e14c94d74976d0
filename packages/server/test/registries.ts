import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a path of an invented registry answers; without one, 404. */
export type Said = {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
  /** Bytes of blanks that follow the body, as many as are taken. */
  readonly blanks?: number;
  /** Hangs up in the middle. */
  readonly hangsUp?: boolean;
};

export type Registries = {
  readonly origin: string;
  /** What is answered, by path; replaced by each test. */
  says: Record<string, Said>;
  /** Paths asked for, in order. */
  readonly asked: string[];
  /** Headers of the last request. */
  last: IncomingMessage["headers"];
  /** Bytes of blanks that were taken. */
  written: number;
  close(): Promise<void>;
};

/** Real HTTP servers of invented registries on this machine; IANA's files are below /iana/. @param host  127.0.0.1 or another of its kind. */
export async function openRegistries(host = "127.0.0.1"): Promise<Registries> {
  const server = createServer((request, response) => {
    registries.asked.push(request.url ?? "");
    registries.last = request.headers;
    const {
      status = 200,
      type = "application/rdap+json",
      headers = {},
      body = "",
      blanks = 0,
      hangsUp = false,
    } = registries.says[request.url ?? ""] ?? { status: 404, body: { errorCode: 404 } };
    response.writeHead(status, { "content-type": type, ...headers });
    response.write(typeof body === "string" ? body : JSON.stringify(body));
    if (hangsUp) return response.socket?.end();
    let left = blanks;
    const more = () => {
      if (response.destroyed || left <= 0) return response.end();
      left -= 65_536;
      registries.written += 65_536;
      response.write(Buffer.alloc(65_536, " "), () => setImmediate(more));
    };
    more();
  });
  await new Promise<void>((ready) => server.listen(0, host, ready));
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  const registries: Registries = { origin, says: {}, asked: [], last: {}, written: 0, close: () => close(server) };
  return registries;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}

/** IANA's files, so that this server is the directory for names in .example, .com and for the networks of documentation. */
export function bootstrap(origin: string): Record<string, Said> {
  const file = (keys: readonly string[], at: string): Said => ({
    type: "application/json",
    headers: { etag: '"one"' },
    body: { version: "1.0", publication: "2026-11-01T00:00:00Z", services: [[keys, [`${origin}${at}`]]] },
  });
  return {
    "/iana/dns.json": file(["example", "com"], "/names/"),
    "/iana/ipv4.json": file(["192.0.2.0/24", "198.51.100.0/24", "104.0.0.0/8", "151.101.0.0/16"], "/numbers"),
    "/iana/ipv6.json": file(["2001:db8::/32"], "/numbers/"),
  };
}
