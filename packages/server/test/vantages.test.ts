import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fingerprint } from "@jikim/fingerprint";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isPublicAddress } from "../src/checks/address.ts";
import { openPool, type Resolve } from "../src/checks/connect.ts";
import { look } from "../src/checks/fetch.ts";
import { lookAt } from "../src/checks/look.ts";
import type { Vantage } from "../src/checks/vantages.ts";
import { readConfig } from "../src/config.ts";
import { drawing } from "../src/demo/invented.ts";
import { findDuePlaces } from "../src/store/check.ts";
import { keyOfHost, takeTurn } from "../src/store/pace.ts";
import { did, openCase, post, readCase, sealedBy } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type NameAnswer, openNameServer } from "./name-server.ts";
import { openConnectProxy, openSocksProxy, type TestProxy } from "./proxies.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

/** The web as one country sees it. */
type Country = { readonly server: Server; readonly port: number; answer: RequestListener; asked: string[] };

let home: Country;
let abroad: Country;
let korea: TestProxy;
let america: TestProxy;
let vantages: readonly Vantage[];
let server: TestJikim;
let centre: SeededCentre;

async function openCountry(): Promise<Country> {
  const made = createServer((request, response) => {
    if (request.url === "/robots.txt") return response.writeHead(404).end();
    country.asked.push(`${request.method} ${request.url}`);
    country.answer(request, response);
  });
  await new Promise<void>((ready) => made.listen(0, "127.0.0.1", ready));
  const { port } = made.address() as AddressInfo;
  const country: Country = { server: made, port, answer: gone, asked: [] };
  return country;
}

const gone: RequestListener = (_request, response) => response.writeHead(404).end();
const long = "그림이 올라온 게시판의 글입니다. ".repeat(4);
const page = (body: string) => `<!doctype html><title>글</title><p>${long}</p>${body}`;
const CODES = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
const picture = drawing(5);
const { pdq: value, quality } = fingerprint(picture);
const item = { kind: "picture" as const, fingerprints: [{ kind: "pdq" as const, value, quality }] };
let jpeg: Buffer;

beforeAll(async () => {
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  jpeg = await sharp(picture.data, { raw }).jpeg({ quality: 80 }).toBuffer();
  [home, abroad] = [await openCountry(), await openCountry()];
  korea = await openConnectProxy({ leadsTo: () => home.port, word: "centre:word" });
  america = await openSocksProxy({ leadsTo: () => abroad.port });
  vantages = [
    { name: "kr", country: "kr", proxy: korea.url },
    { name: "us", country: "us", proxy: america.url },
  ];
  server = await openTestJikim({ allowPrivateAddresses: true, vantages });
  centre = await seedCentre(server.jikim);
});
beforeEach(() => {
  for (const country of [home, abroad]) [country.answer, country.asked] = [gone, []];
  for (const proxy of [korea, america]) proxy.asked.length = 0;
});
afterAll(async () => {
  await server.close();
  for (const proxy of [korea, america]) await proxy.close();
  for (const country of [home, abroad]) await new Promise((closed) => country.server.close(closed));
});

const board: RequestListener = (request, response) =>
  request.url === "/i/1"
    ? response.writeHead(200, { "content-type": "image/jpeg" }).end(jpeg)
    : response.writeHead(200, { "content-type": "text/html" }).end(page('<img src="/i/1">'));

let number = 0;
async function openPlace(text = `http://board.example/p/${++number}`, told: Parameters<typeof openCase>[2] = {}) {
  const opened = await openCase(server, centre, {
    codes: CODES,
    items: [item],
    places: [{ kind: "url", text }],
    ...told,
  });
  const [place] = (await readCase(server.app, centre.staff, opened.caseId)).places;
  return { ...opened, placeId: place?.id ?? "" };
}
const resolve: Resolve = async () => [{ address: "93.184.216.34", family: 4 }];
const lookNow = (placeId: string, at: TestJikim["jikim"] = server.jikim) =>
  lookAt(at, { placeId, asked: true }, { resolve });
const placeOf = async (caseId: string) => (await readCase(server.app, centre.staff, caseId)).places[0];

test("a place that one country cannot see and another can is blocked, and says where", async () => {
  const { caseId, placeId } = await openPlace();
  home.answer = (_request, response) => response.writeHead(302, { location: "http://www.warning.or.kr/i1.html" }).end();
  abroad.answer = board;
  await lookNow(placeId);
  expect(await placeOf(caseId)).toMatchObject({
    state: "blocked",
    checks: [
      {
        ...{ outcome: "blocked", blockedIn: ["kr"], robots: "none" },
        vantages: [
          { vantage: "kr", country: "kr", saw: "blocked" },
          { vantage: "us", country: "us", saw: "there" },
        ],
      },
    ],
  });
  home.answer = (_request, response) => response.writeHead(451).end();
  await lookNow(placeId);
  expect((await placeOf(caseId))?.checks.at(-1)).toMatchObject({ outcome: "blocked", blockedIn: ["kr"] });
});

test("removed needs every vantage that answers; one that is down does not count, one that answers otherwise does", async () => {
  const { caseId, placeId } = await openPlace();
  await lookNow(placeId);
  expect((await placeOf(caseId))?.state).toBe("removed");
  const other = await openPlace();
  abroad.answer = (_request, response) => response.writeHead(403).end();
  await lookNow(other.placeId);
  expect((await placeOf(other.caseId))?.checks).toMatchObject([{ outcome: "cannot-tell" }]);
  const dead = { name: "us", country: "us", proxy: "socks5://127.0.0.1:9" };
  await lookNow(other.placeId, {
    ...server.jikim,
    config: { ...server.jikim.config, vantages: [...vantages.slice(0, 1), dead] },
  });
  expect((await placeOf(other.caseId))?.checks.at(-1)).toMatchObject({
    outcome: "removed",
    vantages: [{ saw: "gone" }, { saw: "no-answer" }],
  });
});

test("a place that is gone at home and seen from abroad is there, and back when it had been removed", async () => {
  const { caseId, placeId } = await openPlace();
  await lookNow(placeId);
  abroad.answer = board;
  await lookNow(placeId);
  expect(await placeOf(caseId)).toMatchObject({
    state: "back",
    checks: [{ outcome: "removed" }, { outcome: "there" }],
  });
});

/** Looks from Korea and America, each with a name server of its own. Only public addresses may be reached, as outside tests. */
async function lookByNames(placeId: string, answers: readonly [kr: NameAnswer, us: NameAnswer]): Promise<void> {
  const nameServers = [await openNameServer(answers[0]), await openNameServer(answers[1])];
  const named = vantages.map((vantage, at) => ({ ...vantage, nameServer: nameServers[at]?.at ?? null }));
  const config = { ...server.jikim.config, vantages: named, allowPrivateAddresses: false };
  await lookAt({ ...server.jikim, config }, { placeId, asked: true });
  for (const one of nameServers) await one.close();
}
const PUBLIC = "93.184.216.34";

test.each([
  ["knows no such name", "no-such-name"],
  ["leads to this very machine", "127.0.0.1"],
  ["leads nowhere", "0.0.0.0"],
  ["leads into a private network", "10.10.34.35"],
] as const)(
  "where a country's name server %s, what others see is blocked there, and what others miss is not removed",
  async (_, answer) => {
    const { caseId, placeId } = await openPlace();
    abroad.answer = board;
    await lookByNames(placeId, [answer, PUBLIC]);
    abroad.answer = gone;
    await lookByNames(placeId, [answer, PUBLIC]);
    await lookByNames(placeId, [answer, answer]);
    expect(home.asked).toEqual([]);
    const none = { outcome: "cannot-tell", vantages: [{ saw: "no-name" }, { saw: "no-name" }] };
    expect(await placeOf(caseId)).toMatchObject({
      state: "blocked",
      checks: [
        { outcome: "blocked", blockedIn: ["kr"], vantages: [{ saw: "no-name" }, { saw: "there" }] },
        { outcome: "cannot-tell", vantages: [{ saw: "no-name" }, { saw: "gone" }] },
        none,
      ],
    });
    await lookByNames(placeId, [PUBLIC, PUBLIC]);
    expect((await placeOf(caseId))?.state).toBe("removed");
  },
);

test("a country where connections are cut, or whose name server fails, keeps a place from being removed and is no block", async () => {
  const { caseId, placeId } = await openPlace();
  home.answer = (request) => request.socket.destroy();
  await lookByNames(placeId, [PUBLIC, PUBLIC]);
  await lookByNames(placeId, ["failed", PUBLIC]);
  abroad.answer = board;
  await lookByNames(placeId, ["failed", PUBLIC]);
  await lookByNames(placeId, [PUBLIC, PUBLIC]);
  expect(await placeOf(caseId)).toMatchObject({
    state: "open",
    checks: [
      { outcome: "cannot-tell", vantages: [{ saw: "unreached" }, { saw: "gone" }] },
      { outcome: "cannot-tell", vantages: [{ saw: "unreached" }, { saw: "gone" }] },
      { outcome: "there", vantages: [{ saw: "unreached" }, { saw: "there" }] },
      { outcome: "there", vantages: [{ saw: "unreached" }, { saw: "there" }] },
    ],
  });
});

test("a proxy is asked by number, with the address that we resolved and looked at", async () => {
  const { placeId } = await openPlace();
  await lookNow(placeId);
  expect(new Set(korea.asked)).toEqual(new Set(["93.184.216.34:80"]));
  expect(new Set(america.asked)).toEqual(new Set(["93.184.216.34:80"]));
});

const isAllowed = isPublicAddress;
async function through(proxy: string, url: string, answers: readonly string[]) {
  let turn = 0;
  const rebinding: Resolve = async () => [{ address: answers[Math.min(turn++, answers.length - 1)] ?? "", family: 4 }];
  const pool = openPool({ isAllowed, proxy, resolve: rebinding });
  try {
    return await look(url, { pool, mostBytes: 10_000, method: "GET", signal: AbortSignal.timeout(10_000) });
  } finally {
    await pool.destroy();
  }
}

test.each([
  ["http://127.0.0.1:80/", []],
  ["http://[::1]/", []],
  ["http://169.254.169.254/latest/meta-data", []],
  ["http://2130706433/", []],
  ["http://inside.example/", ["10.0.0.1"]],
  ["https://inside.example/", ["127.0.0.1"]],
])("through a proxy too, our own network is not reached as %s", async (url, answers) => {
  for (const proxy of [korea, america]) {
    expect(await through(proxy.url, url, answers)).toEqual({ failed: answers.length > 0 ? "no-name" : "unreachable" });
    expect(proxy.asked).toEqual([]);
  }
});

test("a name that answers differently the second time leads a proxy nowhere else, nor does a redirect", async () => {
  for (const [proxy, country] of [
    [korea, home],
    [america, abroad],
  ] as const) {
    country.answer = (_request, response) => response.writeHead(302, { location: "http://again.example/" }).end();
    expect(await through(proxy.url, "http://rebind.example/", ["93.184.216.34", "127.0.0.1"])).toEqual({
      failed: "unreachable",
    });
    expect(proxy.asked).toEqual(["93.184.216.34:80"]);
  }
});

test("a proxy that wants another word, or answers nonsense, is no answer", async () => {
  const wrong = korea.url.replace("word", "other");
  expect(await through(wrong, "http://board.example/", ["93.184.216.34"])).toEqual({ failed: "no-way" });
  expect(await through(`http://127.0.0.1:${home.port}`, "http://b.example/", ["93.184.216.34"])).toEqual({
    failed: "unreachable",
  });
});

test("search results that no longer lead to a place are de-indexed; a question in their stead tells nothing", async () => {
  const target = "http://board.example/p/of-search";
  const places = [
    { kind: "url" as const, text: "http://www.bing.com/search?q=someone" },
    { kind: "url" as const, text: target },
  ];
  const { caseId, placeId } = await openPlace("", { places });
  const results = (...links: string[]) => {
    const body = page(links.map((link) => `<a href="${link}">x</a>`).join(""));
    home.answer = (_request, response) => response.writeHead(200, { "content-type": "text/html" }).end(body);
    abroad.answer = home.answer;
  };
  const others = ["http://a.example/1", "http://b.example/1", "http://c.example/1"];
  const states: unknown[] = [];
  for (const links of [
    [...others, `http://www.bing.com/ck/a?u=a1${Buffer.from(target).toString("base64url")}`],
    [],
    others,
    [...others, `/url?q=${encodeURIComponent(target)}`],
  ]) {
    results(...links);
    await lookNow(placeId);
    const found = (await readCase(server.app, centre.staff, caseId)).places[0];
    states.push([found?.checks.at(-1)?.outcome, found?.state]);
  }
  expect(states).toEqual([
    ["there", "open"],
    ["cannot-tell", "open"],
    ["de-indexed", "de-indexed"],
    ["there", "back"],
  ]);
  home.answer = abroad.answer = gone;
  await lookNow(placeId);
  expect((await placeOf(caseId))?.checks.at(-1)?.outcome).toBe("cannot-tell");
});

test("what was there is asked for only if it changed, and its picture too; a change is looked at", async () => {
  const { caseId, placeId } = await openPlace();
  let [isThere, version] = [true, '"1"'];
  const answered: number[] = [];
  const answer: RequestListener = (request, response) => {
    const status = request.url === "/i/1" && !isThere ? 404 : request.headers["if-none-match"] === version ? 304 : 200;
    answered.push(status);
    const type = request.url === "/i/1" ? "image/jpeg" : "text/html";
    response.writeHead(status, { etag: version, "content-type": type });
    response.end(status === 200 ? (request.url === "/i/1" ? jpeg : page('<img src="/i/1">')) : undefined);
  };
  [home.answer, abroad.answer] = [answer, (_request, response) => response.writeHead(500).end()];
  await lookNow(placeId);
  expect(answered.splice(0)).toEqual([200, 200]);
  await lookNow(placeId);
  expect(answered.splice(0)).toEqual([304, 304]);
  abroad.answer = gone;
  isThere = false;
  await lookNow(placeId);
  expect(answered.splice(0)).toEqual([304, 404, 200, 404]);
  const outcomes = (await placeOf(caseId))?.checks.map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["there", "there", "removed"]);
});

test("a server that says nothing changed for ever never makes a place removed", async () => {
  const { caseId, placeId } = await openPlace();
  home.answer = abroad.answer = (_request, response) => response.writeHead(304).end();
  await lookNow(placeId);
  expect((await placeOf(caseId))?.checks).toMatchObject([{ outcome: "cannot-tell" }]);
});

test("robots.txt is noted and kept from the day's next looks, and a named page is looked at all the same", async () => {
  let read = 0;
  const strict = createServer((request, response) => {
    if (request.url !== "/robots.txt") return response.writeHead(404).end();
    read++;
    response.end("User-agent: *\nDisallow: /");
  });
  await new Promise<void>((ready) => strict.listen(0, "127.0.0.1", ready));
  const { caseId, placeId } = await openPlace(`http://127.0.0.1:${(strict.address() as AddressInfo).port}/p/1`);
  const direct = { ...server.jikim, config: { ...server.jikim.config, vantages: readConfig({}).vantages } };
  await lookNow(placeId, direct);
  await lookNow(placeId, direct);
  expect((await placeOf(caseId))?.checks).toMatchObject([
    { outcome: "removed", robots: "disallowed" },
    { outcome: "removed", robots: "disallowed" },
  ]);
  expect(read).toBe(1);
  await new Promise((closed) => strict.close(closed));
});

test("turns at a host never fall together, whoever asks for them", async () => {
  const { db, vault, now } = server.jikim;
  const hostKey = keyOfHost(vault, "crowded.example");
  const at = now();
  const turns = await Promise.all(Array.from({ length: 20 }, () => takeTurn(db, hostKey, { now: at, gapSeconds: 3 })));
  const seconds = turns.map((turn) => Math.round(at.until(turn).total("seconds"))).sort((a, b) => a - b);
  expect(seconds).toEqual(Array.from({ length: 20 }, (_, turn) => turn * 3));
});

test("of places at one host the second waits for its turn, and is looked at when it comes", async () => {
  const polite = { ...server.jikim, config: { ...server.jikim.config, hostGapSeconds: 30 } };
  const [first, second] = [await openPlace("http://slow.example/1"), await openPlace("http://slow.example/2")];
  await lookNow(first.placeId, polite);
  await lookNow(second.placeId, polite);
  expect((await placeOf(first.caseId))?.checks).toHaveLength(1);
  expect((await placeOf(second.caseId))?.checks).toHaveLength(0);
  await lookNow(second.placeId, polite);
  expect((await placeOf(second.caseId))?.checks).toHaveLength(0);
  server.pass({ seconds: 61 });
  await lookAt(polite, { placeId: second.placeId, asked: false }, { resolve });
  expect((await placeOf(second.caseId))?.checks).toHaveLength(1);
});

test("a link that may be unique to her is fetched only after her yes and a caseworker's", async () => {
  const { caseId, placeId, survivor } = await openPlace("http://leak.example/v/0b9f2f3e44aa4d1e9c430a6f0f1f2a3b");
  expect(await placeOf(caseId)).toMatchObject({ canary: "token", fetchYes: { survivor: false, staff: false } });
  const ask = () => post(server.app, centre.staff, `/api/desk/places/${placeId}/checks`);
  const mine = (answer: string) =>
    server.app.inject({
      ...{ method: "POST", url: "/api/my/fetches", payload: { places: [placeId], answer } },
      headers: { authorization: `Return ${survivor.report.token}` },
    });
  const staffs = (answer: string) =>
    post(server.app, centre.staff, `/api/desk/cases/${caseId}/fetches`, { places: [placeId], answer });
  expect((await ask()).json()).toMatchObject({ error: { code: "LINK_UNCONFIRMED" } });
  await lookNow(placeId);
  expect((await mine("yes")).statusCode).toBe(200);
  await lookNow(placeId);
  expect((await ask()).statusCode).toBe(409);
  expect((await staffs("yes")).statusCode).toBe(200);
  expect((await ask()).statusCode).toBe(202);
  expect((await mine("no")).statusCode).toBe(200);
  await lookNow(placeId);
  expect([home.asked, korea.asked, america.asked]).toEqual([[], [], []]);
  await mine("yes");
  await lookNow(placeId);
  expect((await placeOf(caseId))?.checks).toHaveLength(1);
});

test("one key asks her about a link; her yes begins the look by itself, and her no ends the question", async () => {
  const consents = { remove: true, share: false, police: false, statistics: false };
  const open = (last: string) => openPlace(`http://leak.example/v/0b9f2f3e44aa4d1e9c430a6f0f1f2a${last}`, { consents });
  const actOf = async ({ caseId }: { readonly caseId: string }) =>
    (await readCase(server.app, centre.staff, caseId)).next.act;
  const question = async ({ caseId }: { readonly caseId: string }) =>
    sealedBy(centre.staff, await readCase(server.app, centre.staff, caseId), "message");
  const ask = ({ caseId }: { readonly caseId: string }, places: readonly string[], document: object) =>
    post(server.app, centre.staff, `/api/desk/cases/${caseId}/link-questions`, { places, document });
  const says = ({ survivor, placeId }: Awaited<ReturnType<typeof open>>, answer: string) =>
    server.app.inject({
      ...{ method: "POST", url: "/api/my/fetches", payload: { places: [placeId], answer } },
      headers: { authorization: `Return ${survivor.report.token}` },
    });
  const [willing, other] = [await open("3c"), await open("3d")];
  expect(await actOf(willing)).toBe("ask-about-link");
  expect((await ask(willing, [other.placeId], await question(willing))).statusCode).toBe(404);
  expect((await placeOf(other.caseId))?.link.askedAt).toBeNull();
  const sealed = await question(willing);
  for (const place of [willing.placeId, willing.placeId]) await did(ask(willing, [place], sealed));
  expect(await placeOf(willing.caseId)).toMatchObject({
    ...{ fetchYes: { survivor: false, staff: true }, link: { askedAt: expect.any(String) } },
  });
  expect(await actOf(willing)).toBe("wait");
  const said = (await readCase(server.app, centre.staff, willing.caseId)).documents;
  expect(said.filter(({ kind, by }) => kind === "message" && by === "staff")).toHaveLength(1);
  await lookNow(willing.placeId);
  expect(home.asked).toEqual([]);
  await says(willing, "yes");
  expect(await findDuePlaces(server.jikim.db, server.jikim.now(), 500)).toContain(willing.placeId);
  await lookAt(server.jikim, { placeId: willing.placeId, asked: false }, { resolve });
  expect((await placeOf(willing.caseId))?.checks).toHaveLength(1);

  await did(ask(other, [other.placeId], await question(other)));
  await says(other, "no");
  expect(await placeOf(other.caseId)).toMatchObject({ link: { refused: { survivor: true, staff: false } } });
  expect(await actOf(other)).toBe("wait");
  const [unasked] = [await open("3e")];
  await says(unasked, "yes");
  expect(await actOf(unasked)).toBe("decide-link");
  await post(server.app, centre.staff, `/api/desk/cases/${unasked.caseId}/fetches`, {
    places: [unasked.placeId],
    answer: "no",
  });
  expect(await actOf(unasked)).toBe("wait");
});

test("nobody says yes to a place of another case", async () => {
  const [mine, other] = [await openPlace(), await openPlace()];
  const response = await server.app.inject({
    ...{ method: "POST", url: "/api/my/fetches", payload: { places: [other.placeId], answer: "yes" } },
    headers: { authorization: `Return ${mine.survivor.report.token}` },
  });
  expect(response.statusCode).toBe(404);
  const url = `/api/desk/cases/${mine.caseId}/fetches`;
  const theirs = await post(server.app, centre.staff, url, { places: [other.placeId], answer: "yes" });
  expect(theirs.statusCode).toBe(404);
});

test("vantages are read from the environment, and a malformed one is named by its number, without its password", () => {
  expect(
    readConfig({
      JIKIM_VANTAGES: "kr=direct us=http://a:b@proxy.example:1, us=socks5://10.0.0.1:2#dns=[2001:db8::53]:54",
    }).vantages,
  ).toEqual([
    { name: "direct", country: "kr", proxy: null },
    { name: "us", country: "us", proxy: "http://a:b@proxy.example:1" },
    { name: "us-2", country: "us", proxy: "socks5://10.0.0.1:2", nameServer: "[2001:db8::53]:54" },
  ]);
  for (const wrong of [
    "kr=direct#dns=ns.secret.example",
    "kr=direct#dns=",
    "us=ftp://a:secret@x",
    "http://a:secret@x",
    "kr=direct usa=http://a:secret@x",
    "",
  ])
    expect(() => readConfig({ JIKIM_VANTAGES: wrong })).toThrow(/JIKIM_VANTAGES/);
  expect(() => readConfig({ JIKIM_VANTAGES: "usa=http://a:secret@x" })).not.toThrow(/secret/);
});
