import { spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fingerprint } from "@jikim/fingerprint";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sharedDecoder } from "../src/checks/decoder/process.ts";
import { lookAt } from "../src/checks/look.ts";
import type { Memory } from "../src/checks/memory.ts";
import { type Sought, seeFrom } from "../src/checks/see.ts";
import { drawing } from "../src/demo/invented.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { sendNotice } from "../src/notices/send.ts";
import { saveConsent } from "../src/store/consent.ts";
import { settleWithdrawal } from "../src/withdrawal.ts";
import { approveNotice, createPlatform, did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

type Page = {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string | Buffer;
  readonly location?: string;
};

let board: Server;
let origin: string;
let pages: Record<string, Page> = {};
let asked: string[] = [];
/** Happens while a page is asked for. */
let meanwhile: () => Promise<void> = async () => undefined;
let server: TestJikim;
let centre: SeededCentre;

const picture = drawing(5);
const jpeg = (of = picture) => encode(of, (image) => image.jpeg({ quality: 80 }));
const encode = (of: typeof picture, as: (image: Sharp) => Sharp) =>
  as(sharp(of.data, { raw: { width: of.width, height: of.height, channels: 3 } })).toBuffer();
const { pdq: value, quality } = fingerprint(picture);
const item = { kind: "picture" as const, fingerprints: [{ kind: "pdq" as const, value, quality }] };

beforeAll(async () => {
  board = createServer(async (request, response) => {
    if (request.url !== "/robots.txt") {
      asked.push(request.url ?? "");
      await meanwhile();
    }
    const { status = 200, type = "text/html", body = "", location } = pages[request.url ?? ""] ?? { status: 404 };
    response.writeHead(status, { "content-type": type, ...(location === undefined ? {} : { location }) }).end(body);
  });
  await new Promise<void>((ready) => board.listen(0, "127.0.0.1", ready));
  origin = `http://127.0.0.1:${(board.address() as AddressInfo).port}`;
  server = await openTestJikim({ allowPrivateAddresses: true, firstCheckSeconds: 60 });
  centre = await seedCentre(server.jikim);
  const expiresAt = server.jikim.now().add({ hours: 10_000 }).toString();
  await server.jikim.db.updateTable("session").set({ expiresAt }).execute();
});
beforeEach(() => {
  pages = {};
  asked = [];
  meanwhile = async () => undefined;
});
afterAll(async () => {
  await server.close();
  await new Promise((closed) => board.close(closed));
});

const long = "그림이 올라온 게시판의 글입니다. ".repeat(4);
const html = (body: string): Page => ({ body: `<!doctype html><title>글</title><p>${long}</p>${body}` });
const image = async (of = picture): Promise<Page> => ({ type: "image/jpeg", body: await jpeg(of) });

/** The item was seen at the place before, on a page that asked nothing. */
const SEEN: Memory = { by: "answer", asks: [], page: null, found: null };
const checkAgain = (more: Partial<Sought> = {}) => check(more, SEEN);

async function check(more: Partial<Sought> = {}, memory: Memory | null = null) {
  const sought = {
    address: `${origin}/p/1`,
    families: [item.fingerprints],
    mayFetchMedia: true,
    targets: null,
    ...more,
  };
  const tools = { decoder: sharedDecoder(), sights: new Map(), memory, browse: null };
  return (await seeFrom(sought, { isAllowed: () => true }, tools)).saw;
}

test.each([404, 410])("a place that answers %d is gone", async (status) => {
  pages = { "/p/1": { status } };
  expect(await check()).toBe("gone");
});

test.each([401, 403, 429, 500, 502, 503])("a place that answers %d tells nothing", async (status) => {
  pages = { "/p/1": { status, ...html("") } };
  expect(await check()).toBe("unclear");
});

test("a page that shows the item is there: as it was, made smaller, mirrored, or by another element", async () => {
  const small = await encode(picture, (one) => one.resize(320).jpeg({ quality: 60 }));
  const mirrored = await encode(picture, (one) => one.flop().png());
  for (const [body, type] of [
    [await jpeg(), "image/jpeg"],
    [small, "image/jpeg"],
    [mirrored, "image/png"],
  ] as const)
    for (const element of [
      '<img src="/i/1">',
      '<img data-src="/i/1">',
      '<picture><source srcset="/i/0 1x, /i/1 2x"></picture>',
      '<meta property="og:image" content="/i/1">',
      '<video poster="/i/1"></video>',
      `<img src="${origin}/i/1">`,
      `<img src="data:${type};base64,${body.toString("base64")}">`,
    ]) {
      pages = { "/p/1": html(element), "/i/1": { type, body } };
      expect(await check(), element).toBe("there");
    }
});

test("a picture that a style paints is there too; a font is no picture", async () => {
  const shown = { type: "image/jpeg", body: await jpeg() };
  const font = "@import url(/more.css); @font-face { src: url('/letters.woff2') }";
  for (const body of [
    `<div style="background: url('/i/1')"></div>`,
    `<style>${font} .hero { background-image: url("/i/1") }</style><div class="hero"></div>`,
  ]) {
    pages = { "/p/1": html(body), "/i/1": shown };
    expect(await check(), body).toBe("there");
  }
  pages = { "/p/1": html(`<style>${font}</style>`) };
  expect(await checkAgain()).toBe("gone");
  expect(asked).not.toContain("/letters.woff2");
});

test("a page whose pictures are all others is removed", async () => {
  pages = {
    "/p/1": html('<img src="/i/2"><img src="i/3">'),
    "/i/2": await image(drawing(6)),
    "/p/i/3": await image(drawing(9)),
  };
  expect(await checkAgain()).toBe("gone");
  expect(asked).toEqual(["/p/1", "/i/2", "/p/i/3"]);
});

test("the address of a picture itself is looked at too", async () => {
  pages = { "/p/1": await image() };
  expect(await check()).toBe("there");
  pages = { "/p/1": await image(drawing(6)) };
  expect(await checkAgain()).toBe("gone");
});

test.each([
  ["a picture that could not be fetched", '<img src="/i/1">', { "/i/1": { status: 500 } }],
  ["a picture that could not be decoded", '<img src="/i/1">', { "/i/1": { type: "image/jpeg", body: "no picture" } }],
  ["a frame", '<iframe src="/other"></iframe>', {}],
  ["a film that could not be fetched", '<video src="/film.mp4"></video>', { "/film.mp4": { status: 500 } }],
  ["a film that only a script loads", '<video src="blob:1"></video>', {}],
  [
    "a drawing that could carry a picture",
    '<img src="/i/1">',
    { "/i/1": { type: "image/svg+xml", body: '<svg><image href="x"/></svg>' } },
  ],
] as const)("a page with %s tells nothing", async (_what, body, more) => {
  pages = { "/p/1": html(body), ...more };
  expect(await checkAgain()).toBe("unclear");
});

test("a page that only a script fills tells nothing", async () => {
  pages = { "/p/1": { body: '<!doctype html><div id="app"></div><script src="/app.js"></script>' } };
  expect(await checkAgain()).toBe("unclear");
});

test("more pictures than are looked at: found among them is there, else nobody can tell", async () => {
  const others = Array.from({ length: 30 }, (_, at) => `<img src="/o/${at}">`).join("");
  pages = { "/p/1": html(`<img src="/i/1">${others}`), "/i/1": await image() };
  expect(await check()).toBe("there");
  pages = { "/p/1": html(`${others}<img src="/i/1">`), "/i/1": await image() };
  expect(await checkAgain()).toBe("unclear");
  expect(asked.filter((path) => path === "/i/1")).toHaveLength(1);
});

test("icons, spacers and broken pictures do not stand in the way of seeing that it is gone", async () => {
  const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: "white" } })
    .png()
    .toBuffer();
  const icon = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1v1z"/></svg>';
  pages = {
    "/p/1": html('<img src="/dot"><img src="/icon"><img src="/broken">'),
    "/dot": { type: "image/png", body: dot },
    "/icon": { type: "image/svg+xml", body: icon },
  };
  expect(await checkAgain()).toBe("gone");
});

test("a redirect to another page (a front page, a sign-in) does not make it gone; one to the same page does no harm", async () => {
  pages = { "/p/1": { status: 302, location: "/" }, "/": html("") };
  expect(await checkAgain()).toBe("unclear");
  pages = { "/p/1": { status: 302, location: "/missing" } };
  expect(await checkAgain()).toBe("unclear");
  pages = { "/p/1": { status: 301, location: "/p/1/" }, "/p/1/": html("") };
  expect(await checkAgain()).toBe("gone");
  pages = { "/p/1": { status: 302, location: "/moved" }, "/moved": html('<img src="/i/1">'), "/i/1": await image() };
  expect(await check()).toBe("there");
});

test("451 and the national block page are blocked, never removed", async () => {
  pages = { "/p/1": { status: 451 } };
  expect(await check()).toBe("blocked");
  pages = { "/p/1": { status: 302, location: "http://www.warning.or.kr/i1.html" } };
  expect(await check()).toBe("blocked");
});

test("a server that is not there, or something else than a page, tells nothing", async () => {
  expect(await check({ address: "http://127.0.0.1:9/p/1" })).toBe("unreached");
  pages = { "/p/1": { type: "application/pdf", body: "%PDF" } };
  expect(await check()).toBe("unclear");
});

test("where a child may be shown no picture is fetched, and only 404 and 410 tell anything", async () => {
  pages = { "/p/1": html('<img src="/i/1">'), "/i/1": await image() };
  expect(await check({ mayFetchMedia: false })).toBe("unclear");
  pages = { "/p/1": await image() };
  expect(await check({ mayFetchMedia: false })).toBe("unclear");
  expect(asked).toEqual(["/p/1", "/p/1"]);
  pages = { "/p/1": { status: 451 } };
  expect(await check({ mayFetchMedia: false })).toBe("unclear");
  pages = { "/p/1": { status: 404 } };
  expect(await check({ mayFetchMedia: false })).toBe("gone");
});

test("where a child may be shown a server is asked for no body: not one byte of a picture, small or endless, is sent", async () => {
  const methods: string[] = [];
  let wire = 0;
  let status = 200;
  const small = await jpeg();
  const careful = createServer((request, response) => {
    methods.push(`${request.method} ${request.url}`);
    const type = { "content-type": "image/jpeg" };
    if (request.url === "/moved") return response.writeHead(302, { location: "/p/1" }).end(small);
    response.writeHead(status, type).end(small, () => {
      wire += request.socket.bytesWritten;
    });
  });
  await new Promise<void>((ready) => careful.listen(0, "127.0.0.1", ready));
  const at = `http://127.0.0.1:${(careful.address() as AddressInfo).port}`;
  const seen: string[] = [];
  for (const [path, answer] of [
    ["/p/1", 200],
    ["/moved", 200],
    // A server that does not know the question says nothing of the place.
    ["/p/1", 405],
    ["/p/1", 501],
    ["/p/1", 404],
  ] as const) {
    status = answer;
    seen.push(await check({ address: `${at}${path}`, mayFetchMedia: false }));
  }
  await new Promise((closed) => careful.close(closed));
  expect(seen).toEqual(["unclear", "unclear", "unclear", "unclear", "gone"]);
  expect(methods).toEqual(["HEAD /p/1", "HEAD /moved", "HEAD /p/1", "HEAD /p/1", "HEAD /p/1", "HEAD /p/1"]);
  // Heads of five answers; the picture alone would be more.
  expect(wire).toBeLessThan(2000);
  expect(small.length).toBeGreaterThan(2000);
});

test("an item without fingerprints is never seen to be gone by its absence", async () => {
  pages = { "/p/1": html("") };
  expect(await checkAgain({ families: [] })).toBe("unclear");
});

let number = 1;
const CODES = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };

async function openPlace(told: Parameters<typeof openCase>[2] = {}) {
  const path = `/p/${++number}`;
  const address = { kind: "url" as const, text: `${origin}${path}` };
  const { caseId } = await openCase(server, centre, { codes: CODES, items: [item], places: [address], ...told });
  const [place] = (await readCase(server.app, centre.staff, caseId)).places;
  // As after its first look.
  await server.jikim.db.updateTable("place").set({ nextCheckAt: null }).where("caseId", "=", caseId).execute();
  return { caseId, path, placeId: place?.id ?? "" };
}

async function placeOf(caseId: string) {
  const { places, next, state } = await readCase(server.app, centre.staff, caseId);
  return { place: places[0], next, state };
}

const lookNow = (placeId: string) => lookAt(server.jikim, { placeId, asked: true });

test("a place becomes removed by a check alone; when it is back the place is reopened, and so is a closed case", async () => {
  const { caseId, path, placeId } = await openPlace();
  const shown = { [path]: html('<img src="/i/1">'), "/i/1": await image() };
  pages = shown;
  await lookNow(placeId);
  expect((await placeOf(caseId)).place).toMatchObject({ state: "open", checks: [{ outcome: "there" }] });
  pages = {};
  await lookNow(placeId);
  expect((await placeOf(caseId)).place?.state).toBe("removed");
  await did(post(server.app, centre.staff, `/api/desk/cases/${caseId}/close`));
  pages = shown;
  await lookNow(placeId);
  const { place, state } = await placeOf(caseId);
  expect([place?.state, state]).toEqual(["back", "open"]);
  // It is to be drafted about again, by the server.
  const { draftAt } = await server.jikim.db
    .selectFrom("place")
    .selectAll()
    .where("id", "=", placeId)
    .executeTakeFirstOrThrow();
  expect(draftAt).not.toBeNull();
  expect(place?.checks.map((one) => one.outcome)).toEqual(["there", "removed", "there"]);
});

test("after a platform answered removed, the place is looked at soon and then at longer and longer intervals", async () => {
  const { caseId, placeId } = await openPlace();
  const platform = await createPlatform(server, centre);
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await sendNotice(server.jikim, id);
  const url = `/api/platform/notices/${id}/answers`;
  const body = { answer: "removed", at: server.jikim.now().toString() };
  const answeredAt = Temporal.Instant.from(body.at);
  await did(ask(server.app, { method: "POST", url, headers: platform.headers, body }));
  expect((await placeOf(caseId)).place?.state).toBe("asked");
  const [first] = await server.jikim.jobs.findJobs("check-place", { data: { placeId, asked: false } });
  expect(Math.round((first?.startAfter.getTime() ?? 0) / 1000)).toBe(
    Math.round((answeredAt.epochMilliseconds + 60_000) / 1000),
  );
  await lookAt(server.jikim, { placeId, asked: false });
  expect((await placeOf(caseId)).place?.checks).toEqual([]);
  const hours: number[] = [];
  for (let rung = 0; rung < 9; rung++) {
    const row = await server.jikim.db
      .selectFrom("place")
      .select("nextCheckAt")
      .where("id", "=", placeId)
      .executeTakeFirstOrThrow();
    if (row.nextCheckAt === null) break;
    hours.push(answeredAt.until(row.nextCheckAt).total("hours"));
    server.pass({ seconds: 1 + Math.ceil(server.jikim.now().until(row.nextCheckAt).total("seconds")) });
    await Promise.all([0, 1].map(() => lookAt(server.jikim, { placeId, asked: false })));
  }
  expect(hours.map((each) => Math.round(each))).toEqual([0, 1, 6, 24, 48, 168, 720, 2160]);
  const { place } = await placeOf(caseId);
  expect(place).toMatchObject({ state: "removed" });
  expect(place?.checks).toHaveLength(8);
});

test("a check that was lost with its process is found by the sweep and done", async () => {
  const { caseId, placeId } = await openPlace();
  const { db, now } = server.jikim;
  await db.updateTable("place").set({ nextCheckAt: now().toString() }).where("id", "=", placeId).execute();
  await sweep(server.jikim);
  const jobs = await server.jikim.jobs.findJobs("check-place", { data: { placeId, asked: false } });
  expect(jobs.length).toBeGreaterThan(0);
  await lookAt(server.jikim, { placeId, asked: false });
  expect((await placeOf(caseId)).place?.state).toBe("removed");
});

test("a child's place is fetched without media until counsel's opinion is recorded", async () => {
  const { caseId, path, placeId } = await openPlace({ codes: { ...CODES, ageBand: "unknown" } });
  pages = { [path]: html('<img src="/i/1">'), "/i/1": await image() };
  await lookNow(placeId);
  expect(asked).toEqual([path]);
  expect((await placeOf(caseId)).place?.checks).toMatchObject([{ outcome: "cannot-tell" }]);
  const { settings } = await server.jikim.db.selectFrom("centre").select("settings").executeTakeFirstOrThrow();
  const withOpinion = JSON.stringify({ ...settings, counselOpinion: "2026-지어냄" });
  await server.jikim.db.updateTable("centre").set({ settings: withOpinion }).execute();
  await lookNow(placeId);
  expect((await placeOf(caseId)).place?.checks.at(-1)).toMatchObject({ outcome: "there" });
});

test("once she no longer wants removal nothing is fetched for her", async () => {
  const { caseId, placeId } = await openPlace();
  await server.jikim.db
    .updateTable("consent")
    .set({ state: "refused", givenAt: null })
    .where("caseId", "=", caseId)
    .where("act", "=", "remove")
    .execute();
  await lookNow(placeId);
  expect(asked).toEqual([]);
});

test("a withdrawal while a place is looked at ends its watch, whatever the look saw", async () => {
  const { caseId, path, placeId } = await openPlace();
  const { db, now } = server.jikim;
  const platform = await createPlatform(server, centre);
  await sendNotice(server.jikim, await approveNotice(server.app, centre.staff, caseId, platform));
  pages = { [path]: html('<img src="/i/1">'), "/i/1": await image() };
  meanwhile = async () => {
    meanwhile = async () => undefined;
    await db.transaction().execute(async (tx) => {
      await saveConsent(tx, caseId, { act: "remove", state: "withdrawn", withdrawnAt: now() });
      await settleWithdrawal(tx, server.jikim, caseId, "remove", now());
    });
  };
  await db.updateTable("place").set({ nextCheckAt: now().toString() }).where("id", "=", placeId).execute();
  await lookAt(server.jikim, { placeId, asked: false });
  const { nextCheckAt } = await db
    .selectFrom("place")
    .select("nextCheckAt")
    .where("id", "=", placeId)
    .executeTakeFirstOrThrow();
  expect(nextCheckAt).toBeNull();
  expect((await placeOf(caseId)).place?.checks).toMatchObject([{ outcome: "there" }]);
});

test("a further notice about a place starts its checks anew, also while it is looked at", async () => {
  const { caseId, path, placeId } = await openPlace();
  pages = { [path]: html('<img src="/i/1">'), "/i/1": await image() };
  const { db, now } = server.jikim;
  const first = await createPlatform(server, centre);
  const dueAfter = async (from: Temporal.Instant) => {
    await sweep(server.jikim);
    const row = await db.selectFrom("place").select("nextCheckAt").where("id", "=", placeId).executeTakeFirstOrThrow();
    return row.nextCheckAt === null ? null : Math.round(from.until(row.nextCheckAt).total("hours"));
  };
  await sendNotice(server.jikim, await approveNotice(server.app, centre.staff, caseId, first));
  expect(await dueAfter(now())).toBe(1);
  server.pass({ hours: 30 });
  const later = await approveNotice(server.app, centre.staff, caseId, await createPlatform(server, centre));
  meanwhile = async () => {
    meanwhile = async () => undefined;
    await sendNotice(server.jikim, later);
  };
  await lookAt(server.jikim, { placeId, asked: false });
  expect(await dueAfter(now())).toBe(1);
});

test("a notice that leaves after one of its places was seen gone leaves the checks of that place as they run", async () => {
  const path = `/p/${++number}`;
  const places = [path, `${path}b`].map((each) => ({ kind: "url" as const, text: `${origin}${each}` }));
  const { caseId, placeId } = await openPlace({ places });
  const { db, now } = server.jikim;
  const first = await approveNotice(server.app, centre.staff, caseId, await createPlatform(server, centre));
  const later = await approveNotice(server.app, centre.staff, caseId, await createPlatform(server, centre));
  await sendNotice(server.jikim, first);
  const sentAt = now();
  await sweep(server.jikim);
  pages = { [path]: { status: 410 } };
  server.pass({ hours: 2 });
  await lookAt(server.jikim, { placeId, asked: false });
  expect((await placeOf(caseId)).place?.state).toBe("removed");
  server.pass({ hours: 1 });
  await sendNotice(server.jikim, later);
  const left = await db.selectFrom("notice").select("sentAt").where("id", "=", later).executeTakeFirstOrThrow();
  expect(left.sentAt).not.toBeNull();
  server.pass({ hours: 4 });
  await lookAt(server.jikim, { placeId, asked: false });
  const row = await db.selectFrom("place").select("nextCheckAt").where("id", "=", placeId).executeTakeFirstOrThrow();
  expect(row.nextCheckAt && Math.round(sentAt.until(row.nextCheckAt).total("hours"))).toBe(24);
});

test("after a notice left nobody needs to answer: its places are looked at after an hour, six, a day and so on", async () => {
  const { caseId, placeId } = await openPlace();
  const platform = await createPlatform(server, centre);
  const id = await approveNotice(server.app, centre.staff, caseId, platform);
  await sendNotice(server.jikim, id);
  const { db } = server.jikim;
  const dueAt = async () =>
    (await db.selectFrom("place").select("nextCheckAt").where("id", "=", placeId).executeTakeFirstOrThrow())
      .nextCheckAt;
  const { sentAt } = await db.selectFrom("notice").select("sentAt").where("id", "=", id).executeTakeFirstOrThrow();
  expect(await dueAt()).toBeNull();
  await sweep(server.jikim);
  const hours: number[] = [];
  for (let due = await dueAt(); due !== null && sentAt !== null; due = await dueAt()) {
    hours.push(Math.round(sentAt.until(due).total("hours")));
    server.pass({ seconds: 1 + Math.ceil(server.jikim.now().until(due).total("seconds")) });
    await lookAt(server.jikim, { placeId, asked: false });
  }
  expect(hours).toEqual([1, 6, 24, 48, 168, 720, 2160]);
  await sweep(server.jikim);
  expect(await dueAt()).toBeNull();
});

test("a film is looked at: the item in it is there, another film is gone, one that cannot be read tells nothing", async () => {
  const film = async (of: typeof picture): Promise<Page> => {
    const png = await encode(of, (one) => one.resize(640, 480, { fit: "fill" }).png());
    const input = [
      "-f",
      "image2pipe",
      "-framerate",
      "1",
      "-i",
      "pipe:0",
      "-vf",
      "tpad=stop_mode=clone:stop_duration=2",
    ];
    const output = ["-c:v", "mpeg4", "-q:v", "2", "-f", "matroska", "pipe:1"];
    const made = spawnSync("ffmpeg", ["-loglevel", "error", ...input, ...output], { input: png });
    return { type: "video/x-matroska", body: made.stdout };
  };
  const page = html('<video><source src="/f/1"></video>');
  pages = { "/p/1": page, "/f/1": await film(picture) };
  expect(await check()).toBe("there");
  pages = { "/p/1": await film(picture) };
  expect(await check()).toBe("there");
  pages = { "/p/1": page, "/f/1": await film(drawing(6)) };
  expect(await checkAgain()).toBe("gone");
  pages = { "/p/1": page, "/f/1": { type: "video/mp4", body: "no film" } };
  expect(await checkAgain()).toBe("unclear");
});

test("a body that drips or never ends is left", async () => {
  const slow = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    if (request.url === "/stalls") return response.write("<p>");
    const more = () => void (response.destroyed || response.write(Buffer.alloc(65_536, 32), () => setImmediate(more)));
    more();
  });
  await new Promise<void>((ready) => slow.listen(0, "127.0.0.1", ready));
  const at = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
  const [endless, stalls] = [await check({ address: `${at}/endless` }), await check({ address: `${at}/stalls` })];
  expect([endless, stalls]).toEqual(["unclear", "unreached"]);
  slow.closeAllConnections();
  await new Promise((closed) => slow.close(closed));
});

test("looking now is accepted and wakes a checker", async () => {
  const { placeId } = await openPlace();
  const response = await post(server.app, centre.staff, `/api/desk/places/${placeId}/checks`);
  expect([response.statusCode, response.json()]).toEqual([202, { accepted: true }]);
  expect(await server.jikim.jobs.findJobs("check-place", { data: { placeId, asked: true } })).toHaveLength(1);
});
