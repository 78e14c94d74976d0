import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fingerprint } from "@jikim/fingerprint";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { asksIn } from "../src/checks/asks.ts";
import { sharedDecoder } from "../src/checks/decoder/process.ts";
import { lookAt } from "../src/checks/look.ts";
import { type Memory, readMemory } from "../src/checks/memory.ts";
import { seeFrom } from "../src/checks/see.ts";
import { drawing } from "../src/demo/invented.ts";
import { sendNotice } from "../src/notices/send.ts";
import { findDuePlaces } from "../src/store/check.ts";
import { approveNotice, createPlatform, did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

type Page = { readonly status?: number; readonly type?: string; readonly body?: string | Buffer };

let board: Server;
let origin: string;
let pages: Record<string, Page> = {};
let asked: string[] = [];
let server: TestJikim;
let centre: SeededCentre;
let shown: Page;
let logo: Page;

const picture = drawing(5);
const { pdq: value, quality } = fingerprint(picture);
const item = { kind: "picture" as const, fingerprints: [{ kind: "pdq" as const, value, quality }] };
const image = async (of: typeof picture): Promise<Page> => {
  const raw = { width: of.width, height: of.height, channels: 3 } as const;
  return { type: "image/jpeg", body: await sharp(of.data, { raw }).jpeg({ quality: 80 }).toBuffer() };
};
const long = "그림이 올라온 게시판의 글입니다. ".repeat(4);
const html = (body: string): Page => ({ body: `<!doctype html><title>글</title><p>${long}</p>${body}` });
const GATE = '<img src="/logo"><p>이 내용은 만 19세 미만은 볼 수 없습니다.</p><a href="/login">로그인</a>';
const SEEN: Memory = { by: "answer", asks: [], page: null, found: null };

beforeAll(async () => {
  board = createServer((request, response) => {
    if (request.url !== "/robots.txt") asked.push(`${request.method} ${request.url}`);
    const { status = 200, type = "text/html", body = "" } = pages[request.url ?? ""] ?? { status: 404 };
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise<void>((ready) => board.listen(0, "127.0.0.1", ready));
  origin = `http://127.0.0.1:${(board.address() as AddressInfo).port}`;
  server = await openTestJikim({ allowPrivateAddresses: true });
  centre = await seedCentre(server.jikim);
  [shown, logo] = [await image(picture), await image(drawing(6))];
});
beforeEach(() => {
  pages = {};
  asked = [];
});
afterAll(async () => {
  await server.close();
  await new Promise((closed) => board.close(closed));
});

async function see(memory: Memory | null) {
  const sought = { address: `${origin}/p/1`, families: [item.fingerprints], mayFetchMedia: true, targets: null };
  const tools = { decoder: sharedDecoder(), sights: new Map(), memory, browse: null };
  return seeFrom(sought, { isAllowed: () => true }, tools);
}

test("a gate at the very address of a page tells nothing, whether or not the item was seen behind it", async () => {
  pages = { "/p/1": html(GATE), "/logo": logo };
  expect(await see(null)).toEqual({ saw: "unclear", memory: null });
  expect(await see(SEEN)).toEqual({ saw: "unclear", memory: SEEN });
  for (const gate of [
    "<p>Please sign in to go on.</p>",
    "<p>Are you 18 or older?</p>",
    "<form><input type='password'></form>",
    "<form><input type='submit' value='로그인'></form>",
    "<p>Just a moment… verify you are human.</p>",
    "<p>年齢確認</p>",
  ]) {
    pages = { "/p/1": html(gate) };
    expect((await see(SEEN)).saw, gate).toBe("unclear");
  }
});

test("a gate in the letters of an older board is read too", async () => {
  // "로그인" (sign in), in EUC-KR.
  const words = Buffer.from("b7ceb1d7c0ce", "hex");
  const head = Buffer.from('<!doctype html><meta http-equiv="content-type" content="text/html; charset=euc-kr"><p>');
  pages = { "/p/1": { body: Buffer.concat([head, words, Buffer.from(`</p><p>${"a plain page ".repeat(9)}</p>`)]) } };
  expect((await see(SEEN)).saw).toBe("unclear");
});

test("what was never seen there is not gone; what was is, also where the page asked then what it asks now", async () => {
  pages = { "/p/1": html('<img src="/logo">'), "/logo": logo };
  expect((await see(null)).saw).toBe("unclear");
  expect((await see(SEEN)).saw).toBe("gone");
  const header = '<a href="/login">로그인</a>';
  pages = { "/p/1": html(`${header}<img src="/i/1">`), "/i/1": shown };
  const { saw, memory } = await see(null);
  expect([saw, memory?.asks]).toEqual(["there", ["sign-in"]]);
  pages = { "/p/1": html(header) };
  expect((await see(memory)).saw).toBe("gone");
  pages = { "/p/1": html(`${header}<p>성인 인증이 필요합니다</p>`) };
  expect((await see(memory)).saw).toBe("unclear");
});

test("that the item was seen stays known through looks that tell nothing, and after it was gone", async () => {
  let memory: Memory | null = null;
  const saw: string[] = [];
  for (const page of [
    html('<img src="/i/1">'),
    { status: 503 },
    html(GATE),
    html(""),
    { status: 404 },
    html(""),
    html('<img src="/i/1">'),
  ]) {
    pages = { "/p/1": page, "/i/1": shown, "/logo": logo };
    const seen = await see(memory);
    memory = seen.memory;
    saw.push(seen.saw);
  }
  expect(saw).toEqual(["there", "unclear", "unclear", "gone", "gone", "gone", "there"]);
});

test("what an earlier version of this program remembered is no sighting", () => {
  expect(readMemory({ by: "browser" })).toBeNull();
  expect(readMemory(undefined)).toBeNull();
  expect(readMemory(SEEN)).toEqual(SEEN);
});

test("words that ask are found in long pages without looking twice", () => {
  expect(asksIn("18".repeat(2_000_000), { password: false })).toEqual([]);
  expect(asksIn("지어낸 글", { password: true })).toEqual(["password"]);
});

const CODES = { danger: false, threat: false, ageBand: "20s" as const, harms: [] };
let number = 1;
async function openPlace(told: Parameters<typeof openCase>[2] = {}) {
  const path = `/p/${++number}`;
  const places = [{ kind: "url" as const, text: `${origin}${path}` }];
  const { caseId } = await openCase(server, centre, { codes: CODES, items: [item], places, ...told });
  const [place] = (await readCase(server.app, centre.staff, caseId)).places;
  return { caseId, path, placeId: place?.id ?? "" };
}
const due = async () => findDuePlaces(server.jikim.db, server.jikim.now(), 100);
const placeOf = async (caseId: string) => (await readCase(server.app, centre.staff, caseId)).places[0];
const work = async (placeId: string) => lookAt(server.jikim, { placeId, asked: false }, { browse: null });

test("with the mandate each place is looked at once, before a notice leaves: an honest removal can then be told from a gate", async () => {
  const { caseId, path, placeId } = await openPlace();
  expect(await due()).toContain(placeId);
  pages = { [path]: html('<img src="/i/1">'), "/i/1": shown };
  await work(placeId);
  expect(await placeOf(caseId)).toMatchObject({ state: "open", checks: [{ outcome: "there" }] });
  expect(await due()).not.toContain(placeId);
  await sendNotice(
    server.jikim,
    await approveNotice(server.app, centre.staff, caseId, await createPlatform(server, centre)),
  );
  const lookNow = () => lookAt(server.jikim, { placeId, asked: true }, { browse: null });
  pages = { [path]: html(GATE), "/logo": logo };
  await lookNow();
  expect(await placeOf(caseId)).toMatchObject({ state: "asked", checks: [{}, { outcome: "cannot-tell" }] });
  pages = { [path]: html("") };
  await lookNow();
  expect((await placeOf(caseId))?.state).toBe("removed");
});

test("a place that was behind a gate from the first look on is never called removed for its absence", async () => {
  const { caseId, path, placeId } = await openPlace();
  pages = { [path]: html(GATE), "/logo": logo };
  await work(placeId);
  pages = { [path]: html("") };
  await lookAt(server.jikim, { placeId, asked: true }, { browse: null });
  const { state, checks } = (await placeOf(caseId)) ?? {};
  expect([state, checks?.map(({ outcome }) => outcome)]).toEqual(["open", ["cannot-tell", "cannot-tell"]]);
});

test("a place that is added later gets its first look too, and none a second", async () => {
  const { caseId, placeId } = await openPlace();
  await work(placeId);
  await did(
    post(server.app, centre.staff, `/api/desk/cases/${caseId}/places`, {
      places: [{ kind: "url", text: `${origin}/p/${++number}` }],
    }),
  );
  const { places } = await readCase(server.app, centre.staff, caseId);
  const waiting = await due();
  expect(places.map(({ id }) => waiting.includes(id))).toEqual([false, true]);
});

test("where no media may be fetched there is no first look", async () => {
  const { placeId } = await openPlace({ codes: { ...CODES, ageBand: "unknown" } });
  await work(placeId);
  expect(asked).toEqual([]);
  expect(await due()).not.toContain(placeId);
});
