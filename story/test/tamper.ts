import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Changes the JSON answer of a route; what it gives back is sent in its place. */
export type Rewrite = (answer: unknown) => unknown;

/** A server that was altered: it passes everything on, and answers some routes with something else. */
export type Tamperer = {
  readonly port: number;
  /** By path, such as `/api/centre`; empty passes everything on. */
  rewrites: Readonly<Record<string, Rewrite>>;
  stop(): Promise<void>;
};

export async function startTamperer(serverPort: () => number): Promise<Tamperer> {
  const server = createServer((asked, answer) => {
    const { method, url = "/", headers } = asked;
    const onward = request({ host: "127.0.0.1", port: serverPort(), method, path: url, headers }, (answered) => {
      const rewrite = tamperer.rewrites[url.split("?")[0] ?? ""];
      const status = answered.statusCode ?? 500;
      if (rewrite === undefined) return answered.pipe(answer.writeHead(status, answered.headers));
      const chunks: Buffer[] = [];
      answered.on("data", (chunk: Buffer) => chunks.push(chunk));
      answered.on("end", () => {
        const { "content-length": _, ...kept } = answered.headers;
        const json: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
        answer.writeHead(status, kept).end(JSON.stringify(rewrite(json)));
      });
      return undefined;
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const tamperer: Tamperer = {
    port: (server.address() as AddressInfo).port,
    rewrites: {},
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return tamperer;
}
