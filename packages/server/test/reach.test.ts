import type { LookupAddress } from "node:dns";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { isPublicAddress } from "../src/checks/address.ts";
import { openPool, type Resolve } from "../src/checks/connect.ts";
import { look } from "../src/checks/fetch.ts";

let server: Server;
let port: number;
let asked: string[] = [];
let answer: RequestListener = (_request, response) => response.end("reached");

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  asked = [];
  answer = (_request, response) => response.end("reached");
});
afterAll(() => new Promise((closed) => server.close(closed)));

const anywhere = () => true;
const address = (text: string): LookupAddress => ({ address: text, family: text.includes(":") ? 6 : 4 });
const resolveTo =
  (...texts: string[]): Resolve =>
  async () =>
    texts.map(address);

async function reach(
  url: string,
  options: { isAllowed?: (address: string) => boolean; resolve?: Resolve; mostBytes?: number } = {},
) {
  const { isAllowed = isPublicAddress, resolve, mostBytes = 10_000 } = options;
  const pool = openPool({ isAllowed, ...(resolve === undefined ? {} : { resolve }) });
  try {
    return await look(url, { pool, mostBytes, method: "GET", signal: AbortSignal.timeout(10_000) });
  } finally {
    await pool.destroy();
  }
}

test.each([
  ["93.184.216.34", true],
  ["2606:2800:220:1::1", true],
  ["127.0.0.1", false],
  ["0.0.0.0", false],
  ["10.1.2.3", false],
  ["172.16.0.1", false],
  ["192.168.1.1", false],
  ["169.254.169.254", false],
  ["100.64.0.1", false],
  ["192.0.0.1", false],
  ["192.0.2.1", false],
  ["198.18.0.1", false],
  ["224.0.0.1", false],
  ["240.0.0.1", false],
  ["255.255.255.255", false],
  ["::", false],
  ["::1", false],
  ["::7f00:1", false],
  ["::ffff:127.0.0.1", false],
  ["::ffff:93.184.216.34", false],
  ["64:ff9b::7f00:1", false],
  ["64:ff9b:1::1", false],
  ["2002:7f00:1::", false],
  ["2001::1", false],
  ["fe80::1", false],
  ["fec0::1", false],
  ["fc00::1", false],
  ["ff02::1", false],
  ["2001:db8::1", false],
  ["fe80::1%eth0", false],
  ["localhost", false],
  ["", false],
])("whether %s is of the public internet: %s", (text, isPublic) => {
  expect(isPublicAddress(text)).toBe(isPublic);
});

test("an address of this machine itself is not, however public", () => {
  const mac = "00:00:00:00:00:00";
  const own = {
    address: "203.0.114.7",
    family: "IPv4" as const,
    netmask: "255.255.255.0",
    mac,
    internal: false,
    cidr: null,
  };
  expect(isPublicAddress("203.0.114.7", {})).toBe(true);
  expect(isPublicAddress("203.0.114.7", { eth0: [own] })).toBe(false);
  expect(isPublicAddress("203.0.114.8", { eth0: [own] })).toBe(true);
});

test.each([
  "http://127.0.0.1:PORT/",
  "http://localhost:PORT/",
  "http://2130706433:PORT/",
  "http://0x7f000001:PORT/",
  "http://0x7f.1:PORT/",
  "http://0177.0.0.1:PORT/",
  "http://127.1:PORT/",
  "http://0:PORT/",
  "http://[::1]:PORT/",
  "http://[::ffff:127.0.0.1]:PORT/",
  "http://[::ffff:7f00:1]:PORT/",
  "http://[::127.0.0.1]:PORT/",
  "http://user:pass@127.0.0.1:PORT/",
  "http://127。0。0。1:PORT/",
])("our own network is not reached as %s", async (url) => {
  const failed = url.includes("localhost") ? "no-name" : "unreachable";
  expect(await reach(url.replace("PORT", String(port)))).toEqual({ failed });
  expect(asked).toEqual([]);
});

test.each([
  [["127.0.0.1"], "no-name"],
  [["::ffff:127.0.0.1"], "no-name"],
  [["93.184.216.34", "127.0.0.1"], "unreachable"],
  [["10.0.0.1", "93.184.216.34"], "unreachable"],
  [[], "no-name"],
])("a name that a name server answers with %j is not followed: %s", async (texts, failed) => {
  expect(await reach(`http://board.example:${port}/`, { resolve: resolveTo(...texts) })).toEqual({
    failed,
  });
  expect(asked).toEqual([]);
});

test("the connection goes to the address that was looked at, not to a second answer of the name server", async () => {
  let answers = 0;
  const resolve: Resolve = async () => {
    answers++;
    return [address("127.0.0.1")];
  };
  const reached = await reach(`http://board.example:${port}/`, { isAllowed: anywhere, resolve });
  expect([reached, answers]).toMatchObject([{ status: 200 }, 1]);
  expect(asked).toEqual([`board.example:${port} /`]);
});

test("each redirect is looked at like the first: none leads into our own network, to a file, or in circles", async () => {
  const open = { isAllowed: anywhere };
  answer = (request, response) => {
    const to = new URL(request.url ?? "", "http://x").searchParams.get("to");
    response.writeHead(to === null ? 200 : 302, to === null ? {} : { location: to }).end("end");
  };
  const via = (to: string) => `http://127.0.0.1:${port}/?to=${encodeURIComponent(to)}`;
  expect(await reach(via(`http://127.0.0.1:${port}/gone`), open)).toMatchObject({ status: 200, moved: true });
  expect(await reach(via("file:///etc/passwd"), open)).toEqual({ failed: "not-web" });
  expect(await reach(via("http://warning.or.kr/i1.html"), open)).toEqual({ failed: "block-page" });
  expect(await reach(`http://127.0.0.1:${port}/?to=/${encodeURIComponent("?to=/")}`, open)).toMatchObject({
    status: 200,
  });
  asked = [];
  answer = (_request, response) => response.writeHead(302, { location: "/again" }).end();
  expect(await reach(`http://127.0.0.1:${port}/`, open)).toEqual({ failed: "too-many-redirects" });
  expect(asked).toHaveLength(6);
});

test("a redirect from a host that may be reached to one that may not is refused, by number and by name", async () => {
  const inside = createServer((_request, response) => {
    asked.push("inside");
    response.end("secret");
  });
  await new Promise<void>((ready) => inside.listen(port, "127.0.0.2", ready));
  const isAllowed = (text: string) => text === "127.0.0.1";
  const resolve: Resolve = async (host) => [address(host === "inside.example" ? "127.0.0.2" : "127.0.0.1")];
  for (const host of ["127.0.0.2", "inside.example", "2130706434"]) {
    answer = (_request, response) => response.writeHead(302, { location: `http://${host}:${port}/` }).end();
    expect(await reach(`http://board.example:${port}/`, { isAllowed, resolve })).toEqual({ failed: "unreachable" });
  }
  expect(asked).toEqual(Array(3).fill(`board.example:${port} /`));
  expect(await reach(`http://inside.example:${port}/`, { isAllowed: () => true, resolve })).toMatchObject({
    status: 200,
  });
  await new Promise((closed) => inside.close(closed));
});

test("only http and https are spoken", async () => {
  for (const url of ["ftp://board.example/", "file:///etc/passwd", "gopher://x/", "data:text/html,x", "not a link"])
    expect(await reach(url, { isAllowed: anywhere })).toEqual({ failed: "not-web" });
});

test("no cookie and no referrer is sent, and none is kept between addresses", async () => {
  const seen: unknown[] = [];
  answer = (request, response) => {
    seen.push([request.headers.cookie, request.headers.referer, request.headers.origin]);
    if (request.url === "/") response.writeHead(302, { location: "/next", "set-cookie": "who=her" }).end();
    else response.end();
  };
  await reach(`http://127.0.0.1:${port}/`, { isAllowed: anywhere });
  expect(seen).toEqual([
    [undefined, undefined, undefined],
    [undefined, undefined, undefined],
  ]);
});

test("what is too large is not read to its end, packed or not", async () => {
  const zeros = Buffer.alloc(50 << 20);
  const packed: [string, Buffer][] = [
    ["gzip", gzipSync(zeros)],
    ["br", brotliCompressSync(zeros.subarray(0, 10 << 20))],
  ];
  for (const [encoding, body] of packed) {
    answer = (_request, response) => response.writeHead(200, { "content-encoding": encoding }).end(body);
    const before = process.memoryUsage().arrayBuffers;
    expect(await reach(`http://127.0.0.1:${port}/`, { isAllowed: anywhere })).toEqual({ failed: "too-large" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 << 20);
  }
  answer = (_request, response) => {
    const more = () => response.write("x".repeat(5000), () => !response.destroyed && setImmediate(more));
    more();
  };
  expect(await reach(`http://127.0.0.1:${port}/`, { isAllowed: anywhere })).toEqual({ failed: "too-large" });
});

test("packed pages are read, and one packed in a way we did not ask for is not", async () => {
  answer = (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("hello"));
  expect(await reach(`http://127.0.0.1:${port}/`, { isAllowed: anywhere })).toMatchObject({
    body: Buffer.from("hello"),
  });
  answer = (_request, response) => response.writeHead(200, { "content-encoding": "zstd" }).end("hello");
  expect(await reach(`http://127.0.0.1:${port}/`, { isAllowed: anywhere })).toEqual({ failed: "unreachable" });
  answer = (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("not gzip");
  expect(await reach(`http://127.0.0.1:${port}/`, { isAllowed: anywhere })).toEqual({ failed: "unreachable" });
});
