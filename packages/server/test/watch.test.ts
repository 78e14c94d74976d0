import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { familyOf, fingerprint } from "@jikim/fingerprint";
import pg from "pg";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { lookAt } from "../src/checks/look.ts";
import type { watch } from "../src/contract.ts";
import { drawing } from "../src/demo/invented.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { awaitSourceTurn, findDueSources } from "../src/store/source.ts";
import { findDuePages, namePages } from "../src/store/watched-page.ts";
import { lookAtPage } from "../src/watch/look-page.ts";
import { sweepSource } from "../src/watch/sweep-source.ts";
import { did, openCase, post, readCase, receiveCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask } from "./openapi.ts";
import { type SeededCentre, seedCentre, seedStaff } from "./seed.ts";

type Page = {
  readonly type?: string;
  readonly body: string | Buffer;
  readonly status?: number;
  readonly location?: string;
};

let board: Server;
let origin: string;
let server: TestJikim;
let centre: SeededCentre;
let pages: Record<string, Page> = {};
let asked: string[] = [];
/** Happens while a page is asked for. */
let meanwhile: (path: string) => Promise<void> = async () => undefined;

const CODES = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
const authorisation = { text: "가상 게시판과 맺은 협약, 지어낸 문서 3", on: "2026-01-02" };
const long = "게시판의 글입니다. 여러 사람이 쓴 글이 있습니다. ".repeat(3);
const html = (body: string): Page => ({ body: `<!doctype html><title>글</title><p>${long}</p>${body}` });

beforeAll(async () => {
  board = createServer(async (request, response) => {
    asked.push(request.url ?? "");
    await meanwhile(request.url ?? "");
    const { type = "text/html", body, status = 200, location } = pages[request.url ?? ""] ?? { status: 404, body: "" };
    response.writeHead(status, { "content-type": type, ...(location === undefined ? {} : { location }) }).end(body);
  });
  await new Promise<void>((ready) => board.listen(0, "127.0.0.1", ready));
  origin = `http://127.0.0.1:${(board.address() as AddressInfo).port}`;
  server = await openTestJikim({ allowPrivateAddresses: true });
  centre = await seedCentre(server.jikim);
  const expiresAt = server.jikim.now().add({ hours: 10_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(async () => {
  pages = {};
  asked = [];
  meanwhile = async () => undefined;
  const { db } = server.jikim;
  await db.deleteFrom("sighting").execute();
  await db.deleteFrom("source").execute();
  await db.deleteFrom("hostPace").execute();
  await db.updateTable("consent").set({ state: "refused", givenAt: null }).where("state", "=", "given").execute();
});
afterAll(async () => {
  await server.close();
  await new Promise((closed) => board.close(closed));
});

const image = async (of: ReturnType<typeof drawing>): Promise<Page> => {
  const raw = { width: of.width, height: of.height, channels: 3 } as const;
  return { type: "image/jpeg", body: await sharp(of.data, { raw }).jpeg({ quality: 80 }).toBuffer() };
};
const itemOf = (of: ReturnType<typeof drawing>) => ({ kind: "picture" as const, fingerprints: familyOf(of) });

async function addSource(kind: watch.Source["kind"], path: string) {
  const body = { kind, address: `${origin}${path}`, everyHours: 6, authorisation };
  await did(post(server.app, centre.staff, "/api/desk/sources", body));
}

/** Works through everything that is due, as the workers would. */
async function work(jikim = server.jikim): Promise<void> {
  await sweep(jikim);
  for (const sourceId of await findDueSources(jikim.db, jikim.now(), 100)) await sweepSource(jikim, sourceId);
  for (const page of await findDuePages(jikim.db, jikim.now(), 10_000)) await lookAtPage(jikim, page);
}

const sources = () => did<watch.Source[]>(ask(server.app, { url: "/api/desk/sources", headers: centre.staff.headers }));
const placesOf = async (caseId: string) => (await readCase(server.app, centre.staff, caseId)).places;

test("what a watched list leads to becomes a place with a drafted notice, and nobody looked", async () => {
  const { caseId, survivor } = await openCase(server, centre, {
    codes: CODES,
    items: [itemOf(drawing(5))],
    places: [],
  });
  pages = {
    "/list": html('<a href="/p/1">1</a><a href="/p/2">2</a><a href="http://other.example/">x</a>'),
    "/p/1": html('<img src="/i/6">'),
    "/p/2": html('<img src="/i/5">'),
    "/i/5": await image(drawing(5)),
    "/i/6": await image(drawing(6)),
  };
  await addSource("page", "/list");
  await work();
  const held = await readCase(server.app, centre.staff, caseId);
  expect(held.places).toMatchObject([{ address: { text: `${origin}/p/2` }, namedBy: "watch", state: "open" }]);
  expect(held.notices.length).toBeGreaterThan(0);
  expect(held.notices.every(({ state, places }) => state === "draft" && places[0] === held.places[0]?.id)).toBe(true);
  expect(held.next.act).toBe("approve-notices");
  const mine = await server.app.inject({
    url: "/api/my/watch",
    headers: { authorization: `Return ${survivor.report.token}` },
  });
  expect(mine.json()).toMatchObject({ watching: true, sources: 1, lastLookedAt: expect.any(String) });
  expect(await sources()).toMatchObject([{ last: { result: "looked" }, sightings: 1, authorisation }]);
  server.pass({ minutes: 61 });
  await work();
  expect(await placesOf(caseId)).toHaveLength(1);
});

test("the platform whose page it is gets a drafted notice, once", async () => {
  const { caseId } = await openCase(server, centre, { codes: CODES, items: [itemOf(drawing(12))], places: [] });
  pages = {
    "/list": html('<a href="/p/1">1</a>'),
    "/p/1": html('<img src="/i/12">'),
    "/i/12": await image(drawing(12)),
  };
  const api = { expiresAt: server.jikim.now().add({ hours: 10_000 }).toString() };
  await did(
    post(server.app, centre.admin, "/api/desk/platforms", {
      ...{ name: "지켜보는 가상 게시판", hosts: ["127.0.0.1"], mail: null, language: "ko", api },
    }),
  );
  await addSource("page", "/list");
  await work();
  const held = await readCase(server.app, centre.staff, caseId);
  const drafts = () => held.notices.filter(({ recipient }) => recipient.name === "지켜보는 가상 게시판");
  expect(drafts()).toMatchObject([{ state: "draft", places: [held.places[0]?.id] }]);
  server.pass({ hours: 24 * 8 });
  await work();
  expect((await readCase(server.app, centre.staff, caseId)).notices).toHaveLength(held.notices.length);
});

test("a cropped copy is seen too, by checks and by the watch", async () => {
  const whole = drawing(7);
  const { caseId } = await openCase(server, centre, {
    ...{ codes: CODES, items: [itemOf(whole)] },
    places: [{ kind: "url", text: `${origin}/cropped` }],
  });
  const { width, height, data } = whole;
  const [w, h] = [Math.round(width * 0.9), Math.round(height * 0.9)];
  const cropped = await sharp(data, { raw: { width, height, channels: 3 } })
    .extract({ left: Math.round(width * 0.05), top: Math.round(height * 0.05), width: w, height: h })
    .jpeg()
    .toBuffer();
  pages = {
    "/cropped": html('<img src="/c.jpg">'),
    "/list": html('<a href="/p/9">9</a>'),
    "/p/9": html('<img src="/c.jpg">'),
  };
  pages = { ...pages, "/c.jpg": { type: "image/jpeg", body: cropped } };
  const [place] = await placesOf(caseId);
  await lookAt(server.jikim, { placeId: place?.id ?? "", asked: true });
  expect((await placesOf(caseId))[0]?.checks.at(-1)?.outcome).toBe("there");
  await addSource("page", "/list");
  await work();
  expect(await placesOf(caseId)).toMatchObject([{}, { namedBy: "watch", address: { text: `${origin}/p/9` } }]);
});

test("nothing is fetched when nobody with a mandate and a live consent is watched for", async () => {
  const { caseId } = await receiveCase(server, { codes: CODES, items: [itemOf(drawing(8))], places: [] });
  pages = { "/list": html('<a href="/p/1">1</a>'), "/p/1": html('<img src="/i/8">'), "/i/8": await image(drawing(8)) };
  await addSource("page", "/list");
  await work();
  expect(asked).toEqual([]);
  expect(await server.jikim.db.selectFrom("place").selectAll().where("caseId", "=", caseId).execute()).toEqual([]);
});

test("items of children and of unknown age are watched for only once counsel's opinion is recorded", async () => {
  const told = { codes: { ...CODES, ageBand: "unknown" as const }, items: [itemOf(drawing(9))], places: [] };
  const { caseId, survivor } = await openCase(server, centre, told);
  pages = { "/list": html('<a href="/p/1">1</a>'), "/p/1": html('<img src="/i/9">'), "/i/9": await image(drawing(9)) };
  await addSource("page", "/list");
  await work();
  expect(asked).toEqual([]);
  const mine = () =>
    server.app.inject({ url: "/api/my/watch", headers: { authorization: `Return ${survivor.report.token}` } });
  expect((await mine()).json()).toEqual({ watching: false, sources: 0, lastLookedAt: null });
  const { settings } = await server.jikim.db.selectFrom("centre").select("settings").executeTakeFirstOrThrow();
  const put = (next: object) =>
    server.jikim.db
      .updateTable("centre")
      .set({ settings: JSON.stringify(next) })
      .execute();
  await put({ ...settings, counselOpinion: "2026-지어냄" });
  server.pass({ hours: 7 });
  await work();
  await put(settings);
  expect(await placesOf(caseId)).toMatchObject([{ namedBy: "watch" }]);
});

test("a withdrawal after the pictures were indexed finds nothing for her", async () => {
  const { caseId } = await openCase(server, centre, { codes: CODES, items: [itemOf(drawing(10))], places: [] });
  await openCase(server, centre, { codes: CODES, items: [itemOf(drawing(11))], places: [] });
  pages = {
    "/list": html('<a href="/p/1">1</a>'),
    "/p/1": html('<img src="/i/10">'),
    "/i/10": await image(drawing(10)),
  };
  await addSource("page", "/list");
  await sweep(server.jikim);
  for (const id of await findDueSources(server.jikim.db, server.jikim.now(), 9)) await sweepSource(server.jikim, id);
  const { recordHit } = await import("../src/watch/hit.ts");
  const { openWatchIndex } = await import("../src/watch/index-of-items.ts");
  const item = [...(await openWatchIndex(server.jikim)).items.values()].find((one) => one.caseId === caseId);
  await server.jikim.db
    .updateTable("consent")
    .set({ state: "refused", givenAt: null })
    .where("caseId", "=", caseId)
    .execute();
  const [source] = await sources();
  if (item === undefined || source === undefined) throw new Error("nothing is watched");
  await recordHit(server.jikim, { sourceId: source.id, page: `${origin}/p/1`, item });
  expect(await placesOf(caseId)).toEqual([]);
});

test("what she did not name is hidden from her until her mandate is checked", async () => {
  const { caseId, survivor } = await receiveCase(server, {
    ...{ codes: CODES, items: [itemOf(drawing(8))], places: [{ kind: "url", text: "https://board.example/p/1" }] },
  });
  const values = { caseId, number: 2, addressKey: Buffer.from("x"), namedBy: "staff" as const };
  const [own] = await server.jikim.db.selectFrom("place").selectAll().where("caseId", "=", caseId).execute();
  const { sealAddress } = await import("../src/store/sealed.ts");
  const id = crypto.randomUUID();
  const addressSealed = sealAddress(server.jikim.vault, id, { kind: "url", text: "https://board.example/p/2" });
  await server.jikim.db
    .insertInto("place")
    .values({ ...values, id, addressSealed })
    .execute();
  const mine = await ask(server.app, {
    url: "/api/my/case",
    headers: { authorization: `Return ${survivor.report.token}` },
  });
  expect(mine.json<{ places: { id: string }[] }>().places.map((place) => place.id)).toEqual([own?.id]);
});

test("robots.txt is obeyed, for the source, its pages and their pictures; rules that cannot be had forbid everything", async () => {
  const { caseId } = await openCase(server, centre, { codes: CODES, items: [itemOf(drawing(5))], places: [] });
  const shown = {
    "/list": html('<a href="/p/1">1</a><a href="/q/1">1</a>'),
    "/p/1": html('<img src="/i/5">'),
    "/q/1": html('<img src="/i/5">'),
    "/i/5": await image(drawing(5)),
  };
  const tryWith = async (robots: Page) => {
    await server.jikim.db.deleteFrom("source").execute();
    await server.jikim.db.deleteFrom("hostPace").execute();
    [pages, asked] = [{ ...shown, "/robots.txt": robots }, []];
    await addSource("page", "/list");
    await work();
    return asked.filter((path) => path !== "/robots.txt");
  };
  expect(await tryWith({ body: "User-agent: *\nDisallow: /" })).toEqual([]);
  expect(await sources()).toMatchObject([{ last: { result: "disallowed" } }]);
  expect(await tryWith({ body: "", status: 503 })).toEqual([]);
  expect(await tryWith({ body: "User-agent: *\nDisallow: /i/\nDisallow: /q/" })).toEqual(["/list", "/p/1"]);
  expect(await placesOf(caseId)).toEqual([]);
});

test("feeds and sitemaps lead to pages; a sitemap of 50,000 is bounded and speaks for its own host alone", async () => {
  await openCase(server, centre, { codes: CODES, items: [itemOf(drawing(5))], places: [] });
  const many = Array.from({ length: 50_000 }, (_, at) => `<url><loc>${origin}/p/${at}</loc></url>`).join("");
  pages = {
    "/feed": {
      type: "application/rss+xml",
      body: `<rss><channel><item><link>${origin}/p/5</link></item></channel></rss>`,
    },
    "/map.xml": { type: "application/xml", body: `<urlset>${many}<url><loc>http://10.0.0.1/</loc></url></urlset>` },
  };
  await addSource("feed", "/feed");
  await addSource("sitemap", "/map.xml");
  for (const id of await findDueSources(server.jikim.db, server.jikim.now(), 9)) await sweepSource(server.jikim, id);
  const found = await sources();
  expect(found.map(({ kind, pages }) => [kind, pages]).sort()).toEqual([
    ["feed", 1],
    ["sitemap", 5000],
  ]);
  await server.jikim.db.deleteFrom("source").execute();
  pages = { "/feed": { body: '<!DOCTYPE a [<!ENTITY a "b">]><html>&a;</html>' } };
  await addSource("feed", "/feed");
  for (const id of await findDueSources(server.jikim.db, server.jikim.now(), 9)) await sweepSource(server.jikim, id);
  expect(await sources()).toMatchObject([{ last: { result: "unreadable" } }]);
});

test("a source is swept once when two try, again after its hours, and no more once it was ended", async () => {
  await openCase(server, centre, { codes: CODES, items: [itemOf(drawing(5))], places: [] });
  pages = { "/list": html("") };
  await addSource("page", "/list");
  const [source] = await sources();
  const id = source?.id ?? "";
  const listed = () => asked.filter((path) => path === "/list").length;
  await Promise.all([sweepSource(server.jikim, id), sweepSource(server.jikim, id)]);
  expect(listed()).toBe(1);
  server.pass({ hours: 7 });
  expect(await findDueSources(server.jikim.db, server.jikim.now(), 9)).toEqual([id]);
  await did(post(server.app, centre.staff, `/api/desk/sources/${id}`, { change: "end" }));
  await sweepSource(server.jikim, id);
  expect(listed()).toBe(1);
  expect(await sources()).toMatchObject([{ endedAt: expect.any(String), nextAt: null, pages: 0 }]);
  await addSource("page", "/list");
});

test("a source that is ended while it is swept leads nowhere: its pages are not named again, now or later", async () => {
  await openCase(server, centre, { codes: CODES, items: [itemOf(drawing(5))], places: [] });
  pages = { "/list": html('<a href="/p/1">1</a>'), "/p/1": html("") };
  await addSource("page", "/list");
  const id = (await sources())[0]?.id ?? "";
  const end = () => did(post(server.app, centre.staff, `/api/desk/sources/${id}`, { change: "end" }));
  meanwhile = async (path) => {
    if (path === "/list") await end();
  };
  await sweepSource(server.jikim, id);
  expect(await sources()).toMatchObject([{ endedAt: expect.any(String), nextAt: null, pages: 0 }]);
  server.pass({ hours: 24 * 8 });
  asked = [];
  await work();
  expect(asked).toEqual([]);
});

test("a page, and a source that waits for its host's turn, are left once the source was ended", async () => {
  await openCase(server, centre, { codes: CODES, items: [itemOf(drawing(5))], places: [] });
  pages = { "/list": html('<a href="/p/1">1</a>'), "/p/1": html("") };
  await addSource("page", "/list");
  const id = (await sources())[0]?.id ?? "";
  await sweepSource(server.jikim, id);
  const { db, vault, now } = server.jikim;
  const due = await findDuePages(db, now(), 9);
  expect(due.length).toBeGreaterThan(0);
  // Ended by another process in between: its pages are not yet forgotten.
  await db
    .updateTable("source")
    .set((the) => ({ endedAt: now().toString(), endedBy: the.ref("addedBy"), nextSweepAt: null }))
    .execute();
  asked = [];
  await sweepSource(server.jikim, id);
  for (const page of due) await lookAtPage(server.jikim, page);
  await namePages(
    db,
    vault,
    { sourceId: id, pages: [{ address: `${origin}/p/2`, kind: "page", lookAt: now() }], most: 9 },
    now(),
  );
  await awaitSourceTurn(db, id, now().add({ seconds: 5 }));
  expect(asked).toEqual([]);
  expect(await sources()).toMatchObject([{ nextAt: null, pages: 2 }]);
});

test("where a redirect of a watched page leads is asked for its rules before it is fetched", async () => {
  await openCase(server, centre, { codes: CODES, items: [itemOf(drawing(5))], places: [] });
  const other = createServer((request, response) => {
    reached.push(request.url ?? "");
    if (request.url === "/robots.txt") return response.end("User-agent: *\nDisallow: /");
    response.writeHead(200, { "content-type": "text/html" }).end("<p>forbidden</p>");
  });
  const reached: string[] = [];
  await new Promise<void>((ready) => other.listen(0, "127.0.0.1", ready));
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/list`;
  pages = { "/list": { body: "", status: 302, location } };
  await addSource("page", "/list");
  await work();
  await new Promise((closed) => other.close(closed));
  expect(reached).toEqual(["/robots.txt"]);
  expect(await sources()).toMatchObject([{ last: { result: "disallowed" } }]);
});

test("only a supervisor adds a source, with an authority and its date; search pages only as what they are", async () => {
  const { root } = centre;
  const caseworker = await seedStaff(server.jikim, { pseudonym: "상담 2", roles: ["caseworker"], root });
  const add = (body: object, person = centre.staff) => post(server.app, person, "/api/desk/sources", body);
  const good = { kind: "page", address: `${origin}/list`, everyHours: 6, authorisation };
  expect((await add(good, caseworker)).json()).toMatchObject({ error: { code: "ROLE_MISSING" } });
  for (const wrong of [
    { ...good, authorisation: { text: "", on: "2026-01-02" } },
    { ...good, authorisation: { ...authorisation, on: "2199-01-01" } },
    { ...good, address: "ftp://board.example/" },
    { ...good, kind: "search" },
    { ...good, address: "https://www.bing.com/search?q=x" },
  ])
    expect((await add(wrong)).statusCode, JSON.stringify(wrong)).toBe(400);
  expect((await add(good)).statusCode).toBe(200);
  expect((await add(good)).json()).toMatchObject({ error: { code: "SOURCE_KNOWN" } });
});

test("after checks and watch no picture, no address and no page is in the database, nor in the folder for temporary files", async () => {
  const planted = drawing(13);
  const page = await image(planted);
  const { caseId } = await openCase(server, centre, {
    ...{ codes: CODES, items: [itemOf(planted)], places: [{ kind: "url", text: `${origin}/planted-named` }] },
  });
  pages = {
    "/planted-list": html('<a href="/planted-page">1</a>'),
    "/planted-page": html('planted-words <img src="/i/planted">'),
    "/planted-named": html('planted-words <img src="/i/planted">'),
    "/i/planted": page,
  };
  const begunAt = Date.now() - 1000;
  await addSource("page", "/planted-list");
  await work();
  for (const { id } of await placesOf(caseId)) await lookAt(server.jikim, { placeId: id, asked: true });
  expect((await placesOf(caseId)).map(({ namedBy }) => namedBy)).toEqual(["survivor", "watch"]);
  const bytes = page.body as Buffer;
  const { pdq } = fingerprint(planted);
  const piece = bytes.subarray(bytes.length >> 1, (bytes.length >> 1) + 24);
  const dump = await dumpAll();
  for (const secret of ["planted-", pdq, origin.slice(7), piece.toString("hex")]) expect(dump).not.toContain(secret);
  // This very file, and what was compiled of it, holds the words as well.
  const checkout = join(import.meta.dirname, "../../..");
  const since = new Date(begunAt).toISOString();
  const found = spawnSync("find", [tmpdir(), "-type", "f", "-newermt", since, "-size", "-4M", "-print0"]);
  const recent = found.stdout
    .toString()
    .split("\0")
    .filter((name) => name !== "" && !name.startsWith(checkout) && !/postgres|pgsql|vitest/.test(name));
  // A file that went meanwhile holds nothing.
  const holding = spawnSync("xargs", ["-0", "-r", "grep", "-lFas", "planted-words"], { input: recent.join("\0") });
  expect(holding.stdout.toString()).toBe("");
});

/** Every row of every table, as text. */
async function dumpAll(): Promise<string> {
  const client = new pg.Client({ ...server.database.connection });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname in ('public', 'pgboss')",
    );
    let text = "";
    for (const { name } of rows)
      text += (await client.query<{ row: string }>(`select t::text as row from ${name} t`)).rows
        .map(({ row }) => row)
        .join("\n");
    return text;
  } finally {
    await client.end();
  }
}
