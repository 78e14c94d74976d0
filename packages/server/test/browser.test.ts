import { readdirSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { familyOf } from "@jikim/fingerprint";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../src/checks/browser/browse.ts";
import { openWayOut } from "../src/checks/browser/proxy.ts";
import type { Reach } from "../src/checks/connect.ts";
import { sharedDecoder } from "../src/checks/decoder/process.ts";
import type { Memory } from "../src/checks/memory.ts";
import { seeFrom } from "../src/checks/see.ts";
import { drawing } from "../src/demo/invented.ts";
import { findChromium } from "../src/letters/printer.ts";

let board: Server;
let inside: Server;
let port: number;
let asked: string[] = [];
let reached: string[] = [];
let answer: RequestListener;
let jpeg: Buffer;
const browse = openBrowser(findChromium() ?? "/usr/bin/chromium");
const picture = drawing(5);

/** The board may be reached, and by its names; the other server is our own network. */
const reach: Reach = {
  isAllowed: (address) => address === "127.0.0.1",
  resolve: async (host) => [{ address: host === "inside.example" ? "127.0.0.2" : "127.0.0.1", family: 4 }],
};

beforeAll(async () => {
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  jpeg = await sharp(picture.data, { raw }).jpeg().toBuffer();
  board = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((ready) => board.listen(0, "127.0.0.1", ready));
  port = (board.address() as AddressInfo).port;
  inside = createServer((request, response) => {
    reached.push(request.url ?? "");
    response.end("secret");
  });
  await new Promise<void>((ready) => inside.listen(port, "127.0.0.2", ready));
});
afterEach(() => {
  asked = [];
  reached = [];
});
afterAll(async () => {
  for (const each of [board, inside]) {
    each.closeAllConnections();
    await new Promise((closed) => each.close(closed));
  }
});

const shell =
  (script: string): RequestListener =>
  (request, response) => {
    if (request.url === "/i/1") return response.writeHead(200, { "content-type": "image/jpeg" }).end(jpeg);
    if (request.url === "/raw")
      return response.writeHead(200, { "content-type": "application/octet-stream" }).end(jpeg);
    if (request.url !== "/p/1") return response.writeHead(404).end();
    const body = `<!doctype html><div id="app"></div><script>${script}</script>`;
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(body);
  };

async function look(more: { browse?: typeof browse | null; memory?: Memory | null } = {}) {
  const sought = {
    ...{ address: `http://board.example:${port}/p/1`, families: [familyOf(picture)] },
    ...{ mayFetchMedia: true, targets: null },
  };
  return seeFrom(sought, reach, { decoder: sharedDecoder(), sights: new Map(), memory: null, browse, ...more });
}

test("a page that only a script fills is looked at with a browser: shown, fetched as bytes, or written into the page", async () => {
  for (const script of [
    "app.innerHTML = '<img src=\"/i/1\">'",
    "fetch('/raw').then((r) => r.blob()).then((b) => { app.innerHTML = '<img>'; app.firstChild.src = URL.createObjectURL(b) })",
    `app.innerHTML = '<img src="data:image/jpeg;base64,${jpeg.toString("base64")}">'`,
  ]) {
    answer = shell(script);
    expect(await look(), script.slice(0, 60)).toEqual({ saw: "there", memory: { by: "browser", asks: [] } });
  }
  expect((await look({ browse: null })).saw).toBe("unclear");
}, 120_000);

test("what a browser does not show is gone only where a browser saw it before, looked at everything, and was asked nothing new", async () => {
  const seen = (asks: Memory["asks"] = []) => look({ memory: { by: "browser", asks } });
  answer = shell("app.textContent = '지어낸 글이 있는 지어낸 게시판입니다. 이 글에는 이제 그림이 없습니다.'");
  expect((await look()).saw).toBe("unclear");
  expect((await look({ memory: { by: "answer", asks: [], page: null, found: null } })).saw).toBe("unclear");
  expect((await seen()).saw).toBe("gone");
  answer = shell("app.textContent = '로그인해 주세요. 이 글은 회원만 볼 수 있습니다. 지어낸 글입니다.'");
  expect((await seen()).saw).toBe("unclear");
  expect((await seen(["sign-in"])).saw).toBe("gone");
  answer = shell("app.innerHTML = '<p>지어낸 게시판</p><input type=password>'");
  expect((await seen(["sign-in"])).saw).toBe("unclear");
  answer = shell("app.innerHTML = '<canvas></canvas>'");
  expect((await seen()).saw).toBe("unclear");
}, 120_000);

test("scripts of a page reach nothing of our own network, by number, by name, or past the proxy", async () => {
  const ways = [
    ...[`http://127.0.0.2:${port}/`, `http://inside.example:${port}/`, `http://2130706434:${port}/`],
    ...[`http://[::ffff:127.0.0.2]:${port}/`, `http://localhost.:${port}/../x`],
  ];
  const tries = ways.map((way) => `fetch(${JSON.stringify(way)}, {mode: 'no-cors'}).catch(() => 0)`).join(";");
  const frames = ways.map((way) => `<img src="${way}"><iframe src="${way}"></iframe>`).join("");
  const socket = `try { new WebSocket('ws://inside.example:${port}/') } catch {}`;
  answer = shell(`${tries};${socket}; app.innerHTML = ${JSON.stringify(frames)}`);
  expect((await look()).saw).toBe("unclear");
  expect(asked).toContain("/p/1");
  expect(reached).toEqual([]);
}, 120_000);

test("the way out is closed to whoever does not know its word", async () => {
  const wayOut = await openWayOut(reach);
  const said = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(wayOut.url).port), "127.0.0.1", () =>
      socket.write(`CONNECT board.example:${port} HTTP/1.1\r\nhost: x\r\n\r\n`),
    );
    socket.once("data", (data) => resolve(data.toString()));
  });
  expect(said).toMatch(/^HTTP\/1.1 407/);
  await wayOut.close();
});

test("a page that loads for ever is left, and a look leaves no folder behind", async () => {
  answer = (request, response) => {
    if (request.url !== "/p/1") return;
    shell("app.innerHTML = '<img src=\"/never\">'")(request, response);
  };
  expect((await look()).saw).toBe("unclear");
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("jikim-look-"))).toEqual([]);
}, 120_000);
