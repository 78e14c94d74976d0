import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * How far a mail gets on its way to the SMTP server behind the gate. pass: to the end · silent: no greeting · body: not its text ·
 * answer: all of it, but what the server answers to it never comes back, and `open` resets the connection · reset: the same, and the connection is reset in its place ·
 * cut: not its text, and the connection is reset · held: no greeting until it is let through.
 */
export type Reach = "pass" | "silent" | "body" | "answer" | "reset" | "cut" | "held";

/** A gate in front of a real SMTP server, at which a test stops a mail where it wants to. */
export type SmtpGate = {
  readonly url: string;
  /** Connections that came so far. */
  readonly came: number;
  /** Pieces of mails that were kept back so far. */
  readonly withheld: number;
  reach(how: Reach): void;
  /** Lets through who is held, and resets who waits for an answer. */
  open(): void;
  close(): Promise<void>;
};

export async function openSmtpGate(upstream: string): Promise<SmtpGate> {
  const to = Number(new URL(upstream).port);
  const sockets = new Set<Socket>();
  let how: Reach = "pass";
  let came = 0;
  let withheld = 0;
  const held: (() => void)[] = [];
  const server = createServer((client) => {
    came++;
    sockets.add(client);
    client.on("error", () => undefined);
    const reach = how;
    if (reach === "silent") return;
    const keep = (go: () => void) => void held.push(go);
    const begin = () => join(client, { to, reach, sockets, keep, withhold: () => withheld++ });
    if (reach === "held") held.push(begin);
    else begin();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get came() {
      return came;
    },
    get withheld() {
      return withheld;
    },
    reach: (next) => {
      how = next;
    },
    open: () => {
      for (const begin of held.splice(0)) begin();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

type Joined = {
  readonly to: number;
  readonly reach: Reach;
  readonly sockets: Set<Socket>;
  readonly withhold: () => void;
  /** Has something done when the gate is opened. */
  readonly keep: (go: () => void) => void;
};

function join(client: Socket, { to, reach, sockets, withhold, keep }: Joined): void {
  const server = connect({ host: "127.0.0.1", port: to });
  sockets.add(server);
  server.on("error", () => undefined);
  let writes = false;
  client.on("data", (data) => {
    if (reach === "body" && writes) return withhold();
    if (reach === "cut" && writes) {
      server.destroy();
      if (data.toString("latin1").endsWith("\r\n.\r\n")) client.resetAndDestroy();
      return;
    }
    server.write(data);
  });
  server.on("data", (data) => {
    if (reach === "answer" && writes) return keep(() => client.resetAndDestroy());
    if (reach === "reset" && writes) return void client.resetAndDestroy();
    // 354: the server waits for the text (RFC 5321, 4.1.1.4).
    if (/^354/m.test(data.toString("latin1"))) writes = true;
    client.write(data);
  });
  client.on("close", () => server.destroy());
  server.on("close", () => reach === "cut" || client.destroy());
}
