import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { dumpDatabase } from "./dump.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { seedCentre } from "./seed.ts";
import { prepareSurvivor, send, sendSurvivor } from "./survivor.ts";

let server: TestJikim;
let pages: string;

beforeAll(async () => {
  server = await openTestJikim();
  await seedCentre(server.jikim);
  pages = await mkdtemp(join(tmpdir(), "jikim-pages-"));
  await mkdir(join(pages, "desk"));
  await mkdir(join(pages, "assets"));
  await writeFile(join(pages, "index.html"), "<title>지킴</title>");
  await writeFile(join(pages, "desk", "index.html"), "<title>상담</title>");
  await writeFile(join(pages, "assets", "portal-abc.js"), "export {};");
});
afterAll(async () => {
  await server.close();
  await rm(pages, { recursive: true });
});

const POLICY =
  "default-src 'none';script-src 'self' 'wasm-unsafe-eval';style-src 'self';img-src 'self' blob:;media-src blob:;font-src 'self';" +
  "connect-src 'self';worker-src 'self';manifest-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none';" +
  "require-trusted-types-for 'script';trusted-types svelte-trusted-html jikim";

test("every answer carries the strict policy and headers, pages as well as the API and what is missing", async () => {
  const app = await createApp(server.jikim, { pages });
  for (const url of ["/", "/desk/", "/assets/portal-abc.js", "/api/centre", "/api/nothing", "/nothing"]) {
    const { headers } = await app.inject({ url });
    expect([url, headers]).toEqual([
      url,
      expect.objectContaining({
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "permissions-policy": expect.stringContaining("camera=()"),
      }),
    ]);
    expect(headers["strict-transport-security"]).toBeUndefined();
  }
  await app.close();
});

test("pages and the API are never kept by a cache; files named by their content are kept for ever", async () => {
  const app = await createApp(server.jikim, { pages });
  const cached = async (url: string) => (await app.inject({ url })).headers["cache-control"];
  expect(await Promise.all(["/", "/desk/", "/api/centre", "/api/nothing"].map(cached))).toEqual(
    Array(4).fill("no-store"),
  );
  expect(await cached("/assets/portal-abc.js")).toBe("public, max-age=31536000, immutable");
  expect((await app.inject({ url: "/desk" })).headers.location).toBe("/desk/");
  await app.close();
});

test("a server without built pages says so as any unknown route, and still answers the API", async () => {
  const app = await createApp(server.jikim, { pages: join(pages, "none") });
  expect((await app.inject({ url: "/" })).statusCode).toBe(404);
  expect((await app.inject({ url: "/api/centre" })).statusCode).toBe(200);
  await app.close();
});

test("an unknown route answers 404 in the shape of every error, in Korean, or in English when asked", async () => {
  const say = async (language?: string) =>
    (
      await server.app.inject({ url: "/api/x", headers: language === undefined ? {} : { "accept-language": language } })
    ).json();
  expect(await say()).toEqual({ error: { code: "NOT_FOUND", message: "찾을 수 없습니다." } });
  expect(await say("ko-KR,ko;q=0.9,en;q=0.8")).toEqual(await say());
  expect(await say("en-GB,en;q=0.9")).toEqual({ error: { code: "NOT_FOUND", message: "There is nothing here." } });
});

test("what cannot be read is named by its field and not repeated", async () => {
  const { report } = await prepareSurvivor(server.app);
  const response = await send(server.app, { ...report, codes: { ...report.codes, ageBand: "비밀스러운 말" } });
  expect([response.statusCode, response.json().error.message]).toEqual([
    400,
    "읽을 수 없는 값이 있습니다: body.codes.ageBand",
  ]);
  const extra = await send(server.app, { ...report, picture: "AAAA" });
  expect(extra.statusCode).toBe(400);
});

test("no route takes a picture: every changing route takes JSON and nothing else, but for two that take sealed files", async () => {
  const { paths } = (await server.app.inject({ url: "/api/openapi.json" })).json<{
    paths: Record<string, Record<string, { requestBody?: { content: object } }>>;
  }>();
  const routes = Object.entries(paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, route]) => ({ url, method, route })),
  );
  expect(routes.length).toBeGreaterThan(25);
  const types = [
    "image/png",
    "image/jpeg",
    "video/mp4",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "text/plain",
    "text/html",
  ];
  const takesBytes = new Set<string>();
  for (const { url, method, route } of routes) {
    expect([url, Object.keys(route.requestBody?.content ?? { "application/json": {} })]).toEqual([
      url,
      ["application/json"],
    ]);
    if (method === "get") continue;
    for (const type of types) {
      const headers = { "content-type": type, "x-jikim": "desk", authorization: "Bearer x" };
      const response = await server.app.inject({
        method: method.toUpperCase() as "POST",
        url: url.replaceAll(/\{\w+\}/g, crypto.randomUUID()),
        headers,
        payload: "x",
      });
      // A guard may say no before the type is looked at; nothing is ever taken.
      expect([url, type, [401, 404, 415, 429].includes(response.statusCode)]).toEqual([url, type, true]);
      if (type === "application/octet-stream" && response.statusCode !== 415) takesBytes.add(url);
    }
  }
  // What is no age file is refused there: see the tests of packs and chats.
  expect([...takesBytes].sort()).toEqual(["/api/desk/packs/{id}/sealed", "/api/my/chats/{id}/files/{file}"]);
});

test("open routes refuse a file by its type, in plain words", async () => {
  const { report } = await prepareSurvivor(server.app);
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  const response = await ask(server.app, {
    method: "POST",
    url: "/api/reports",
    headers,
    payload: JSON.stringify(report),
  });
  expect([response.statusCode, codeOf(response)]).toEqual([415, "NOT_JSON"]);
});

test("a body over the limit is refused without being read on", async () => {
  const response = await ask(server.app, {
    method: "PUT",
    url: "/api/draft",
    body: { sealed: "A".repeat(300 * 1024) },
  });
  expect([response.statusCode, codeOf(response)]).toEqual([413, "TOO_LARGE"]);
});

test("an address that asks too often waits a minute, while another is answered", async () => {
  const limited = await openTestJikim({ anonymousAMinute: 3 });
  const from = async (remoteAddress: string) =>
    (await ask(limited.app, { url: "/api/centre", remoteAddress })).statusCode;
  const answers = [await from("192.0.2.1"), await from("192.0.2.1"), await from("192.0.2.1"), await from("192.0.2.1")];
  expect(answers).toEqual([200, 200, 200, 429]);
  expect(await from("192.0.2.2")).toBe(200);
  const household = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4"];
  const theirs: number[] = [];
  for (const address of household) theirs.push(await from(address));
  expect(theirs).toEqual([200, 200, 200, 429]);
  await limited.close();
});

test("an address given by a header counts only when a trusted proxy gives it", async () => {
  const ask3 = async (config: object) => {
    const limited = await openTestJikim({ anonymousAMinute: 1, ...config });
    const from = (address: string) =>
      ask(limited.app, { url: "/api/centre", remoteAddress: "127.0.0.1", headers: { "x-forwarded-for": address } });
    const answers = [(await from("192.0.2.1")).statusCode, (await from("192.0.2.2")).statusCode];
    await limited.close();
    return answers;
  };
  expect(await ask3({})).toEqual([200, 429]);
  expect(await ask3({ trustedProxies: "loopback" })).toEqual([200, 200]);
});

test("a request that names another origin is refused on every changing route, and our own is taken", async () => {
  const from = async (origin: string) =>
    ask(server.app, { method: "POST", url: "/api/challenges", headers: { origin } });
  expect(codeOf(await from("https://evil.example"))).toBe("FOREIGN_REQUEST");
  expect(codeOf(await from("null"))).toBe("FOREIGN_REQUEST");
  expect((await from(server.jikim.config.origin)).statusCode).toBe(200);
});

test("no address, code, id or query is in the log or in the database", async () => {
  const address = "203.0.113.77";
  const app = server.app;
  const survivor = await sendSurvivor(app);
  const mine = await app.inject({
    url: "/api/my/case?secret=query-word",
    headers: survivor.headers,
    remoteAddress: address,
  });
  await app.inject({ method: "POST", url: "/api/challenges", remoteAddress: address });
  await app.inject({ method: "POST", url: "/api/reports", body: survivor.report, remoteAddress: address });
  const log = server.log.join("\n");
  const secrets = [
    address,
    "query-word",
    survivor.headers.authorization.slice("Return ".length),
    survivor.report.token,
  ];
  for (const secret of [...secrets, mine.json().id, survivor.report.submissionId]) expect(log).not.toContain(secret);
  const dump = await dumpDatabase(server.database);
  for (const secret of [...secrets, survivor.code, "board.example", "지어낸", "f0".repeat(32)])
    expect(dump).not.toContain(secret);
});
