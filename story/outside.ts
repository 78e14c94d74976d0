import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Where the browser's way to every other host ends. */
export type Outside = {
  readonly port: number;
  /** First lines of what was asked for, such as `CONNECT mail.example:443 HTTP/1.1`. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
};

/** A proxy that lets nothing through and writes down who was asked for. */
export async function startOutside(): Promise<Outside> {
  const asked: string[] = [];
  const server = createServer((browser) => {
    browser.on("error", () => undefined);
    browser.once("data", (first: Buffer) => {
      asked.push(first.toString("latin1").split("\r\n")[0] ?? "");
      browser.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async stop() {
      server.close();
      await once(server, "close");
    },
  };
}
