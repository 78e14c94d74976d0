import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** Stands between the browsers and the server and keeps every byte that the browsers sent. */
export type Recorder = {
  readonly port: number;
  /** All bytes sent so far, connection after connection. */
  sent(): Buffer;
  /** Lets nothing through until `restore`: a phone that has lost the network. */
  cut(): void;
  restore(): void;
  stop(): Promise<void>;
};

/**
 * Listens on a free port of this machine and passes bytes to and from `target()`, asked anew for each connection.
 * @param from  the address that the target sees.
 */
export async function startRecorder(target: () => number, from = "127.0.0.1"): Promise<Recorder> {
  const chunks: Buffer[] = [];
  const sockets = new Set<{ destroy(): void }>();
  let isCut = false;
  const server = createServer((browser) => {
    if (isCut) return browser.destroy();
    const onward = connect({ port: target(), host: "127.0.0.1", localAddress: from });
    for (const socket of [browser, onward]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    }
    browser.on("data", (chunk: Buffer) => chunks.push(chunk));
    browser.pipe(onward).pipe(browser);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => Buffer.concat(chunks),
    cut() {
      isCut = true;
      drop();
    },
    restore() {
      isCut = false;
    },
    async stop() {
      drop();
      server.close();
      await once(server, "close");
    },
  };
}
