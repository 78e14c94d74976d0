import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, createServer as createSocketServer, type Server, type Socket } from "node:net";
import { fingerprint } from "@jikim/fingerprint";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { lookAt } from "../src/checks/look.ts";
import type { Vantage } from "../src/checks/vantages.ts";
import type { watch } from "../src/contract.ts";
import { drawing } from "../src/demo/invented.ts";
import { findDuePlaces } from "../src/store/check.ts";
import { findVantagesDown } from "../src/store/vantage.ts";
import { openVisitor } from "../src/watch/visit.ts";
import { did, openCase, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { openConnectProxy, openSocksProxy, type TestProxy } from "./proxies.ts";
import { type SeededCentre, seedCentre, seedPerson } from "./seed.ts";

/** The web as everybody sees it. */
let answer: RequestListener;
let web: Server;
let home: TestProxy;
let server: TestJikim;
let centre: SeededCentre;
let jpeg: Buffer;
const sockets = new Set<Socket>();

const gone: RequestListener = (_request, response) => response.writeHead(404).end();
const portOf = (of: Server) => (of.address() as AddressInfo).port;
async function listen<S extends Server>(made: S): Promise<S> {
  made.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((ready) => made.listen(0, "127.0.0.1", ready));
  return made;
}

/** With the connections that are left. */
async function shut(of: Server): Promise<void> {
  const closed = new Promise((done) => of.close(done));
  for (const socket of sockets) socket.destroy();
  await closed;
}

const picture = drawing(5);
const { pdq: value, quality } = fingerprint(picture);
const item = { kind: "picture" as const, fingerprints: [{ kind: "pdq" as const, value, quality }] };
const board: RequestListener = (request, response) =>
  request.url === "/i/1"
    ? response.writeHead(200, { "content-type": "image/jpeg" }).end(jpeg)
    : response.writeHead(200, { "content-type": "text/html" }).end(`<title>글</title><p>글</p><img src="/i/1">`);

beforeAll(async () => {
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  jpeg = await sharp(picture.data, { raw }).jpeg({ quality: 80 }).toBuffer();
  web = await listen(createServer((request, response) => answer(request, response)));
  home = await openConnectProxy({ leadsTo: () => portOf(web) });
  server = await openTestJikim({ allowPrivateAddresses: true });
  centre = await seedCentre(server.jikim);
  const expiresAt = server.jikim.now().add({ hours: 1000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(async () => {
  answer = gone;
  await server.jikim.db.deleteFrom("vantageDown").execute();
});
afterAll(async () => {
  await server.close();
  await home.close();
  await shut(web);
});

let number = 0;
async function openPlace() {
  const codes = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
  const places = [{ kind: "url" as const, text: `http://board.example/p/${++number}` }];
  const { caseId } = await openCase(server, centre, { codes, items: [item], places });
  const place = (await readCase(server.app, centre.staff, caseId)).places[0];
  return { caseId, placeId: place?.id ?? "" };
}

/** Looks from Korea, which works, and from America by the proxy that is given. */
function look(placeId: string, proxy: string): Promise<void> {
  const vantages: Vantage[] = [
    { name: "kr", country: "kr", proxy: home.url },
    { name: "us", country: "us", proxy },
  ];
  const jikim = { ...server.jikim, config: { ...server.jikim.config, vantages } };
  const resolve = async () => [{ address: "93.184.216.34", family: 4 }];
  return lookAt(jikim, { placeId, asked: true }, { resolve });
}
const placeOf = async (caseId: string) => (await readCase(server.app, centre.staff, caseId)).places[0];
const minutesUntilNext = async (placeId: string) => {
  const row = await server.jikim.db.selectFrom("place").select("nextCheckAt").where("id", "=", placeId).execute();
  return Math.round(row[0]?.nextCheckAt?.since(server.jikim.now()).total("minutes") ?? Number.POSITIVE_INFINITY);
};

/** Ways in which a proxy is not there, each a real server of this machine. */
const DOWN: Readonly<Record<string, () => Promise<{ url: string; of: Server | null }>>> = {
  "refuses every connection": async () => ({ url: "socks5://127.0.0.1:9", of: null }),
  "hangs up at once": async () => by("http", await listen(createSocketServer((socket) => socket.destroy()))),
  "speaks another language": async () =>
    by("http", await listen(createSocketServer((socket) => socket.end("220 mail.example ESMTP\r\n")))),
  "has no TLS": async () => by("https", await listen(createSocketServer((socket) => socket.end("hello")))),
  "hangs up on SOCKS": async () => by("socks5", await listen(createSocketServer((socket) => socket.destroy()))),
  "is a web server": async () => {
    const plain = createServer((_request, response) => response.writeHead(404).end());
    // As nginx and Apache answer.
    plain.on("connect", (_request, socket) => socket.end("HTTP/1.1 405 Not Allowed\r\n\r\n"));
    return by("http", await listen(plain));
  },
};
const by = (scheme: string, of: Server) => ({ url: `${scheme}://127.0.0.1:${portOf(of)}`, of });

test.each(Object.keys(DOWN))(
  "where a vantage's proxy %s, the other's result stands, and it is said since when",
  async (how) => {
    const { caseId, placeId } = await openPlace();
    const down = await DOWN[how]?.();
    answer = board;
    await look(placeId, down?.url ?? "");
    expect((await placeOf(caseId))?.checks.at(-1)).toMatchObject({
      outcome: "there",
      vantages: [{ saw: "there" }, { saw: "no-answer" }],
    });
    answer = gone;
    await look(placeId, down?.url ?? "");
    expect((await placeOf(caseId))?.checks.at(-1)).toMatchObject({
      outcome: "removed",
      vantages: [{ saw: "gone" }, { saw: "no-answer" }],
    });
    expect(await findVantagesDown(server.jikim.db)).toMatchObject([{ name: "us" }]);
    if (down?.of) await shut(down.of);
  },
);

test("a proxy that is there but is led nowhere by a host has looked: the place is not removed, and no vantage is down", async () => {
  const { caseId, placeId } = await openPlace();
  const closed = await listen(createSocketServer());
  const port = portOf(closed);
  await new Promise((done) => closed.close(done));
  for (const proxy of [
    await openSocksProxy({ leadsTo: () => port }),
    await openConnectProxy({ leadsTo: () => port }),
  ]) {
    await look(placeId, proxy.url);
    await proxy.close();
    expect((await placeOf(caseId))?.checks.at(-1)).toMatchObject({
      outcome: "cannot-tell",
      vantages: [{ saw: "gone" }, { saw: "unreached" }],
    });
  }
  expect(await findVantagesDown(server.jikim.db)).toEqual([]);
});

test("a proxy that cuts a connection once it is asked where to, and greets when asked by itself, is not down", async () => {
  const { caseId, placeId } = await openPlace();
  const cutting = createServer((_request, response) => response.writeHead(400).end());
  cutting.on("connect", (_request, socket: Socket) => socket.destroy());
  await listen(cutting);
  await look(placeId, `http://127.0.0.1:${portOf(cutting)}`);
  expect((await placeOf(caseId))?.checks.at(-1)?.vantages).toMatchObject([{ saw: "gone" }, { saw: "unreached" }]);
  expect(await findVantagesDown(server.jikim.db)).toEqual([]);
  await shut(cutting);
});

test("a proxy that goes down between a page and its picture did not look: nothing is upgraded, nothing forgotten", async () => {
  const { caseId, placeId } = await openPlace();
  let [taken, most] = [0, Number.POSITIVE_INFINITY];
  const failing = createServer();
  const leading = await openConnectProxy({ leadsTo: () => portOf(web) });
  failing.on("connection", (socket) => {
    if (taken++ >= most) socket.destroy();
  });
  failing.on("connect", (request, socket: Socket) => {
    const on = new URL(leading.url);
    const through = connect(Number(on.port), "127.0.0.1", () =>
      through.write(`CONNECT ${request.url} HTTP/1.1\r\nhost: x\r\n\r\n`),
    );
    through.on("error", () => socket.destroy());
    socket.pipe(through).pipe(socket);
  });
  await listen(failing);
  const url = `http://127.0.0.1:${portOf(failing)}`;
  answer = (request, response) =>
    request.url === "/i/1"
      ? board(request, response)
      : response
          .writeHead(200, { "content-type": "text/html", connection: "close" })
          .end(`<title>글</title><p>글</p><img src="/i/1">`);
  await look(placeId, url);
  expect((await placeOf(caseId))?.checks.at(-1)?.vantages).toMatchObject([{ saw: "there" }, { saw: "there" }]);
  const remembered = () =>
    server.jikim.db
      .selectFrom("placeMemory")
      .select("vantage")
      .where("placeId", "=", placeId)
      .orderBy("vantage")
      .execute();
  expect(await remembered()).toEqual([{ vantage: "kr" }, { vantage: "us" }]);
  [taken, most] = [0, 1];
  await look(placeId, url);
  expect(await remembered()).toEqual([{ vantage: "kr" }, { vantage: "us" }]);
  expect((await placeOf(caseId))?.checks.at(-1)?.vantages).toMatchObject([{ saw: "there" }, { saw: "no-answer" }]);
  await leading.close();
  await shut(failing);
});

test("a place is looked at again an hour after a vantage was down, then ever later, a day at most; once it is back it counts", async () => {
  const { caseId, placeId } = await openPlace();
  const away = "socks5://127.0.0.1:9";
  await look(placeId, away);
  expect(await minutesUntilNext(placeId)).toBe(60);
  server.pass({ hours: 5 });
  expect(await findDuePlaces(server.jikim.db, server.jikim.now(), 10)).toContain(placeId);
  await look(placeId, away);
  const [first] = await findVantagesDown(server.jikim.db);
  expect(first?.lastTriedAt.since(first.since).total("hours")).toBeCloseTo(5, 1);
  server.pass({ hours: 300 });
  await look(placeId, away);
  expect(await minutesUntilNext(placeId)).toBeLessThanOrEqual(24 * 60);
  const back = await openSocksProxy({ leadsTo: () => portOf(web) });
  answer = board;
  await look(placeId, back.url);
  await back.close();
  expect((await placeOf(caseId))?.checks.at(-1)).toMatchObject({
    outcome: "there",
    vantages: [{ saw: "there" }, { saw: "there" }],
  });
  expect(await findVantagesDown(server.jikim.db)).toEqual([]);
});

test("where every vantage is down nothing is said of the place, and it is looked at again", async () => {
  const { caseId, placeId } = await openPlace();
  const vantages = [{ name: "us", country: "us", proxy: "http://127.0.0.1:9" }];
  const jikim = { ...server.jikim, config: { ...server.jikim.config, vantages } };
  const resolve = async () => [{ address: "93.184.216.34", family: 4 }];
  await lookAt(jikim, { placeId, asked: true }, { resolve });
  expect(await placeOf(caseId)).toMatchObject({ state: "open", checks: [{ outcome: "cannot-tell" }] });
  expect(await minutesUntilNext(placeId)).toBe(60);
});

test("the watch goes on by another way, and holds nothing against a site for ours being down", async () => {
  const vantages = [
    { name: "us", country: "us", proxy: "socks5://127.0.0.1:9" },
    { name: "kr", country: "kr", proxy: home.url },
  ];
  const jikim = { ...server.jikim, config: { ...server.jikim.config, vantages } };
  const resolve = async () => [{ address: "93.184.216.34", family: 4 }];
  const visit = async () => {
    const visitor = await openVisitor(jikim, { resolve });
    const visited = await visitor.visit("http://watched.example/", { mostBytes: 1000 });
    await visitor.close();
    return "failed" in visited ? visited.failed : visited.status;
  };
  expect(await visit()).toBe("unreachable");
  expect(await findVantagesDown(server.jikim.db)).toMatchObject([{ name: "us" }]);
  expect(await visit()).toBe(404);
});

test("the desk says of each vantage whether it is down and since when, and what the machine lacks; an analyst is not told", async () => {
  const { placeId } = await openPlace();
  await look(placeId, "socks5://127.0.0.1:9");
  const [down] = await findVantagesDown(server.jikim.db);
  const vantages = [
    { name: "kr", country: "kr", proxy: home.url },
    { name: "us", country: "us", proxy: "socks5://127.0.0.1:9" },
  ];
  const app = await createApp({ ...server.jikim, config: { ...server.jikim.config, vantages } });
  const url = "/api/desk/means";
  const since = down?.since.toString();
  expect(await did<watch.Means>(ask(app, { url, headers: centre.staff.headers }))).toEqual({
    missing: [],
    sharedAccount: process.getuid?.() !== 0,
    vantages: [
      { name: "kr", country: "kr", downSince: null, lastTriedAt: null },
      { name: "us", country: "us", downSince: since, lastTriedAt: since },
    ],
  });
  const analyst = await seedPerson(server.jikim, { pseudonym: "분석 1", roles: ["analyst"], root: centre.root });
  expect(codeOf(await ask(app, { url, headers: analyst.headers }))).toBe("ROLE_MISSING");
  await app.close();
});
