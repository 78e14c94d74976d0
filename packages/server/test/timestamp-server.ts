import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openAuthority, type TestAuthority } from "../../evidence/test/timestamp-authority.ts";

/** How an authority answers next. */
export type Mood = "honest" | "silent" | "page" | "huge" | "replay" | "elsewhere";

/** An openssl authority behind HTTP, which can be made to misbehave. */
export type TimestampServer = {
  readonly url: string;
  readonly authority: TestAuthority;
  /** Requests so far. */
  asked(): number;
  behave(mood: Mood): void;
  close(): Promise<void>;
};

export async function openTimestampServer(): Promise<TimestampServer> {
  const authority = openAuthority();
  let [mood, asked]: [Mood, number] = ["honest", 0];
  let last: Uint8Array | null = null;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      asked++;
      const reply = (bytes: Uint8Array) =>
        response.writeHead(200, { "content-type": "application/timestamp-reply" }).end(bytes);
      if (mood === "silent") return void request.socket.destroy();
      if (mood === "page") return void response.writeHead(200, { "content-type": "text/html" }).end("<p>stamp?</p>");
      if (mood === "elsewhere") return void response.writeHead(307, { location: "/other" }).end();
      if (mood === "huge") return void reply(new Uint8Array(200_000));
      if (mood === "replay" && last !== null) return void reply(last);
      last = authority.answer(Buffer.concat(parts));
      reply(last);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    authority,
    asked: () => asked,
    behave: (next) => {
      mood = next;
    },
    close: async () => {
      await new Promise((closed) => server.close(closed));
      authority.remove();
    },
  };
}
