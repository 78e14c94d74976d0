import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";

/** What a country's name server says of every name: an IPv4 address, that there is no such name, or that it failed. */
export type NameAnswer = string | "no-such-name" | "failed";

/** A name server of a test (RFC 1035), over UDP. */
export type TestNameServer = {
  /** Address and port, as node:dns takes it. */
  readonly at: string;
  answer: NameAnswer;
  close(): Promise<void>;
};

const CODES = { "no-such-name": 3, failed: 2 } as const;
const HEAD_BYTES = 12;
const TYPE_A = 1;

export async function openNameServer(answer: NameAnswer): Promise<TestNameServer> {
  const socket = createSocket("udp4");
  socket.on("message", (asked, from) => socket.send(reply(asked, made.answer), from.port, from.address));
  await new Promise<void>((ready) => socket.bind(0, "127.0.0.1", ready));
  const { port } = socket.address() as AddressInfo;
  const made: TestNameServer = {
    ...{ at: `127.0.0.1:${port}`, answer },
    close: () => new Promise((closed) => socket.close(() => closed())),
  };
  return made;
}

/** The question is given back as it came, without what may follow it. */
function reply(asked: Buffer, answer: NameAnswer): Buffer {
  const nameEnd = asked.indexOf(0, HEAD_BYTES) + 1;
  const question = asked.subarray(HEAD_BYTES, nameEnd + 4);
  const code = answer === "no-such-name" || answer === "failed" ? CODES[answer] : 0;
  const hasAddress = code === 0 && asked.readUInt16BE(nameEnd) === TYPE_A;
  const head = Buffer.alloc(HEAD_BYTES);
  asked.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(hasAddress ? 1 : 0, 6);
  if (!hasAddress) return Buffer.concat([head, question]);
  // A pointer to the question's name, type A, class IN, 60 seconds, four bytes.
  const record = Buffer.from([0xc0, HEAD_BYTES, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...answer.split(".").map(Number)]);
  return Buffer.concat([head, question, record]);
}
