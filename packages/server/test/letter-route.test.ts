import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPlatform, draftNotice, openCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre, seedStaff } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
});
afterAll(() => server.close());

test("a notice can be had as a PDF letter by who holds the case, and by nobody else", async () => {
  const { caseId } = await openCase(server, centre);
  const id = await draftNotice(server.app, centre.staff, caseId, await createPlatform(server, centre));
  const url = `/api/desk/notices/${id}/letter`;
  const letter = await server.app.inject({ url, headers: centre.staff.headers });
  expect([letter.statusCode, letter.headers["content-type"]]).toEqual([200, "application/pdf"]);
  expect(letter.headers["cache-control"]).toBe("no-store");
  const text = execFileSync("pdftotext", ["-", "-"], { input: letter.rawPayload, encoding: "utf8" });
  expect(text).toContain("요청");
  expect(text.replaceAll(/\s/g, "")).toContain(id);
  const other = await seedStaff(server.jikim, { pseudonym: "다른 담당", roles: ["caseworker"], root: centre.root });
  expect(codeOf(await ask(server.app, { url, headers: other.headers }))).toBe("CASE_NOT_HELD");
  const nothing = `/api/desk/notices/${crypto.randomUUID()}/letter`;
  expect(codeOf(await ask(server.app, { url: nothing, headers: centre.staff.headers }))).toBe("NOT_FOUND");
});
