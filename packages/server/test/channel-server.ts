import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a service outside sees it. */
export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
};
/** `raw`: other bytes in place of JSON. */
export type Answer = {
  readonly status: number;
  readonly json?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type ChannelServer = { readonly base: string; close(): Promise<void> };

/** A service on this machine. `answer` null: the connection is cut after the request was read. */
export async function openChannelServer(answer: (seen: Seen) => Answer | null): Promise<ChannelServer> {
  const server: Server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const target = request.url ?? "/";
    const { pathname, searchParams } = new URL(target, "http://x");
    const seen = {
      method: request.method ?? "",
      path: pathname,
      query: searchParams,
      target,
      headers: request.headers,
    };
    const said = answer({ ...seen, body: Buffer.concat(pieces).toString("utf8") });
    if (said === null) return request.socket.destroy();
    response.writeHead(said.status, { "content-type": "application/json", ...said.headers });
    response.end(said.raw ?? JSON.stringify(said.json ?? {}));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
