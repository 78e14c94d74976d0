import { LAWS, RECHECK_DAYS } from "@jikim/casework";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { approveAll, draftFirst, findRoutes, tellRecipient } from "./asking.ts";
import { did, openCase, post, readCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, type SeededStaff, seedCentre, seedStaff } from "./seed.ts";

const ROW = "kr-tba-22-5";
const ASKED = "kr.invalid";

let server: TestJikim;
let centre: SeededCentre;
let colleague: SeededStaff;

beforeAll(async () => {
  server = await openTestJikim({ smtp: "smtp://127.0.0.1:1", mailFrom: "notices@centre.example" });
  centre = await seedCentre(server.jikim);
  colleague = await seedStaff(server.jikim, { pseudonym: "담당 1", roles: ["caseworker"], root: centre.root });
});
afterAll(() => server.close());

const readLaws = () => did<desk.Laws>(ask(server.app, { url: "/api/desk/laws", headers: colleague.headers }));
const findRow = async (id = ROW) => {
  const rows = (await readLaws()).tables.flatMap(({ laws }) => laws);
  const row = rows.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
};
const today = () => server.jikim.now().toZonedDateTimeISO("Asia/Seoul").toPlainDate();
const record = (who: SeededStaff, change: object = {}, id = ROW) =>
  post(server.app, who, `/api/desk/laws/${id}/readings`, {
    ...{ day: today().toString(), stands: true, reference: "가상 자문: 법령 원문", ...change },
  });

test("every row of law is shown with its source, its day and how sure we are; only what was read lately may be asserted", async () => {
  const { tables, day, recheckDays } = await readLaws();
  expect(tables.map(({ jurisdiction }) => jurisdiction)).toEqual(["kr", "us", "eu", "gb", "au", "jp", "tw", "ca"]);
  const rows = tables.flatMap(({ laws }) => laws);
  expect(rows.length).toBeGreaterThan(40);
  for (const { source, assertable } of rows) {
    expect(source.where).not.toBe("");
    const age = Temporal.PlainDate.from(source.asOf).until(day, { largestUnit: "day" }).days;
    if (assertable) expect([source.mark, age <= recheckDays]).toEqual(["read", true]);
  }
  const korea = tables.find(({ jurisdiction }) => jurisdiction === "kr");
  expect(korea?.targets).toMatchObject([{ kind: "policy", hours: 24 }]);
  expect(codeOf(await ask(server.app, { url: "/api/desk/laws" }))).toBe("SESSION_MISSING");
});

test("whoever leads records that a row was looked at again; nobody else, no other day, and nothing that was never read", async () => {
  expect(codeOf(await record(colleague))).toBe("ROLE_MISSING");
  const { asOf } = (await findRow()).source;
  const before = Temporal.PlainDate.from(asOf).subtract({ days: 1 });
  for (const day of [before, today().add({ days: 1 })])
    expect(codeOf(await record(centre.staff, { day: day.toString() }))).toBe("READING_DAY_WRONG");
  expect(codeOf(await record(centre.staff, { reference: "  " }))).toBe("BAD_REQUEST");
  expect(codeOf(await record(centre.staff, {}, "kr-no-such-row"))).toBe("NOT_FOUND");
  expect(LAWS.eu.laws.find(({ id }) => id === "eu-dsa-16")?.source.mark).toBe("secondary");
  expect(codeOf(await record(centre.staff, {}, "eu-dsa-16"))).toBe("NOT_FOUND");
  expect((await findRow()).reading).toBeNull();
  await did(record(centre.staff));
  expect(await findRow()).toMatchObject({
    ...{ assertable: true, assertableUntil: today().add({ days: RECHECK_DAYS }).toString() },
    reading: { day: today().toString(), stands: true, reference: "가상 자문: 법령 원문", by: "상담 1" },
  });
});

test("the centre's country decides whose day and laws come first, and only an admin says where it is", async () => {
  const { app, jikim } = server;
  const before = await did<desk.CentreTexts>(ask(app, { url: "/api/desk/centre", headers: centre.admin.headers }));
  const put = (who: { readonly headers: Record<string, string> }, change: object) =>
    ask(app, { method: "PUT", url: "/api/desk/centre", headers: who.headers, body: { ...before, ...change } });
  expect((await readLaws()).home).toBe("kr");
  expect(codeOf(await put(colleague, { home: "au" }))).toBe("ROLE_MISSING");
  expect(codeOf(await put(centre.admin, { home: "xx" }))).toBe("BAD_REQUEST");
  await did(put(centre.admin, { home: "au" }));
  const { home, day } = await readLaws();
  expect([home, day]).toEqual(["au", jikim.now().toZonedDateTimeISO("Australia/Sydney").toPlainDate().toString()]);
  const { caseId } = await openCase(server, centre, { places: [{ kind: "url", text: `https://${ASKED}/b` }] });
  const routes = await findRoutes(app, centre.staff, caseId);
  const asked = JSON.stringify(routes);
  expect(asked).toContain("eSafety");
  await did(put(centre.admin, { home: "kr" }));
  expect(JSON.stringify(await findRoutes(app, centre.staff, caseId))).not.toContain("eSafety");
});

test("a notice names the law as long as its row was looked at lately: a changed row is named by no draft and no approval", async () => {
  // Whatever year it is: both rows of Korea were looked at today.
  for (const row of [ROW, "kr-network-44-2"]) await did(record(centre.staff, {}, row));
  const { caseId } = await openCase(server, centre, { places: [{ kind: "url", text: `https://${ASKED}/a` }] });
  const { id } = await tellRecipient(server.app, centre.staff, {
    ...{ jurisdiction: "kr", mail: `abuse@${ASKED}`, hosts: [ASKED] },
  });
  const { notices } = await draftFirst(server.app, centre.staff, caseId);
  const drafted = notices.filter(({ recipient }) => recipient.id === id);
  expect(drafted).toMatchObject([{ ground: { id: ROW, asserted: true, asOf: today().toString() } }]);
  expect(drafted[0]?.letter.text).toContain("제22조의5");
  await did(record(centre.staff, { stands: false, reference: "가상 자문: 개정됨" }));
  expect(await findRow()).toMatchObject({ assertable: false, assertableUntil: null, reading: { stands: false } });
  expect(codeOf(await approveAll(server.app, centre.staff, drafted))).toBe("NOTICE_CHANGED");
  const anew = (await readCase(server.app, centre.staff, caseId)).notices.filter(
    ({ recipient }) => recipient.id === id,
  );
  expect(anew).toMatchObject([{ state: "draft", ground: { id: "kr-network-44-2", asserted: true } }]);
  expect(anew[0]?.letter.text).not.toContain("제22조의5");
  await did(approveAll(server.app, centre.staff, anew));
});
