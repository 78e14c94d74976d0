import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Where the browser's way to every other host ends. */
export type Outside = {
  readonly port: number;
  /** Names of the hosts that were asked for. */
  hosts(): string[];
  stop(): Promise<void>;
};

/** A proxy that lets nothing through and writes down who was asked for. */
export async function startOutside(): Promise<Outside> {
  const asked = new Set<string>();
  const server = createServer((browser) => {
    browser.on("error", () => undefined);
    browser.once("data", (first: Buffer) => {
      asked.add(hostOf(first.toString("latin1").split(" ")[1] ?? ""));
      browser.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    hosts: () => [...asked],
    async stop() {
      server.close();
      await once(server, "close");
    },
  };
}

/** From `mail.example:443` or `http://mail.example/path`. */
function hostOf(target: string): string {
  const url = target.includes("://") ? target : `https://${target}`;
  return URL.canParse(url) ? new URL(url).hostname : target;
}
