import { keysOfReturnCode, newReturnCode } from "@jikim/evidence";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forgetExpired } from "../src/store/forget.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { solveEffort } from "./survivor.ts";

let server: TestJikim;

beforeAll(async () => {
  server = await openTestJikim();
});
afterAll(() => server.close());

const newDraft = () => ({ authorization: `Draft ${keysOfReturnCode(newReturnCode()).draftToken}` });
type Headers = ReturnType<typeof newDraft>;
const read = (headers: Headers) => ask(server.app, { url: "/api/draft", headers });
const put = async (headers: Headers, sealed: string, effort?: object) =>
  ask(server.app, {
    ...{ method: "PUT", url: "/api/draft", headers },
    body: { effort: effort ?? (await solveEffort(server.app)), sealed },
  });

test("a draft comes back under its code as it was last saved, and after deleting it is gone", async () => {
  const headers = newDraft();
  await put(headers, "AAAA");
  await put(headers, "BBBB");
  expect((await read(headers)).json()).toMatchObject({ sealed: "BBBB" });
  expect((await ask(server.app, { method: "DELETE", url: "/api/draft", headers })).statusCode).toBe(200);
  expect(codeOf(await read(headers))).toBe("CODE_UNKNOWN");
});

test("another code finds no draft", async () => {
  await put(newDraft(), "AAAA");
  expect(codeOf(await read(newDraft()))).toBe("CODE_UNKNOWN");
});

test("saving a draft spends an effort", async () => {
  const [headers, effort] = [newDraft(), await solveEffort(server.app)];
  expect((await put(headers, "AAAA", effort)).statusCode).toBe(200);
  expect(codeOf(await put(headers, "BBBB", effort))).toBe("EFFORT_SPENT");
  expect((await read(headers)).json()).toMatchObject({ sealed: "AAAA" });
});

test("the token of a draft is not in the database", async () => {
  const headers = newDraft();
  await put(headers, "AAAA");
  const token = Buffer.from(headers.authorization.slice("Draft ".length), "base64url");
  const rows = await server.jikim.db.selectFrom("draft").select("tokenKey").execute();
  expect(rows.some((row) => row.tokenKey.equals(token))).toBe(false);
});

test("a draft that was left is gone after two weeks", async () => {
  const headers = newDraft();
  await put(headers, "AAAA");
  server.pass({ hours: 14 * 24 + 1 });
  expect(codeOf(await read(headers))).toBe("CODE_UNKNOWN");
  await forgetExpired(server.jikim.db, server.jikim.now());
  expect(await server.jikim.db.selectFrom("draft").selectAll().execute()).toEqual([]);
});
