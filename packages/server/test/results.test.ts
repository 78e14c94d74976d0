import { auditReleases } from "@jikim/casework";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { countPlaces } from "../src/results/figures.ts";
import { saveConsent } from "../src/store/consent.ts";
import { receiveCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
import { fillLedger, inventRecipient } from "./ledger.ts";
import { ask, codeOf } from "./openapi.ts";
import { type SeededCentre, seedCentre } from "./seed.ts";

let server: TestJikim;
let centre: SeededCentre;
let platform: string;
let host: string;

const MONTHS = ["2026-06", "2026-07"];
/** As many as make a count that is not small. */
const CASES = 12;
const cases: string[] = [];

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
  [platform, host] = await Promise.all([
    inventRecipient(server.jikim, "platform", "board"),
    inventRecipient(server.jikim, "host", "hosting"),
  ]);
  for (let made = 0; made < CASES; made++) cases.push((await receiveCase(server)).caseId);
  await fill("2026-06", platform, { removed: 31, there: 24 });
  await fill("2026-06", host, { removed: 3, there: 40 });
  await fill("2026-07", platform, { removed: 32, there: 25 });
  await fill("2026-07", host, { removed: 4, there: 41 });
});
afterAll(() => server.close());

async function fill(month: string, recipientId: string, counts: { readonly removed: number; readonly there: number }) {
  const share = (count: number, at: number) => Math.floor((count + at) / CASES);
  for (const [at, caseId] of cases.entries())
    await fillLedger(server.jikim, {
      ...{ caseId, staffId: centre.staff.staffId, recipientId, month },
      ...{ removed: share(counts.removed, at), there: share(counts.there, at) },
    });
}

const get = (url: string, headers: Record<string, string> = centre.staff.headers) => ask(server.app, { url, headers });
const publish = (months: readonly string[], scope: "small" | "national" = "small") =>
  ask(server.app, {
    method: "POST",
    url: "/api/desk/figures",
    headers: centre.staff.headers,
    body: { months, scope },
  });

describe("results", () => {
  test("tell recipients, grounds and channels apart, with time to removal, its curve, and how many cases stand behind it", async () => {
    const { rows } = (await get("/api/desk/results")).json() as desk.Results;
    const board = rows.find((row) => row.name.en === "invented board");
    expect(board).toMatchObject({
      kind: "platform",
      places: 112,
      cases: CASES,
      counts: false,
      back: { removed: 63, came: 0 },
    });
    expect(board?.removal).toMatchObject({ ended: 63, medianHours: 10 });
    expect(board?.removal.curve).toEqual([{ hours: 10, lasting: expect.closeTo(49 / 112, 6) }]);
    const byGround = (await get("/api/desk/results?by=ground")).json() as desk.Results;
    expect(byGround.rows.map((row) => [row.name.en, row.places])).toEqual([["plain requests", 200]]);
  });

  test("are for those who work on cases and for analysts, not for an admin", async () => {
    expect((await get("/api/desk/results", centre.admin.headers)).statusCode).toBe(403);
    expect((await get("/api/desk/figures", centre.admin.headers)).statusCode).toBe(403);
  });
});

describe("tables for the public", () => {
  test("leave out small counts, and enough others that none can be worked out, also from two releases together", async () => {
    const first = await publish(["2026-06"]);
    const second = await publish(MONTHS);
    const releases = [first, second].map((answer) => (answer.json() as desk.PublishedFigures)[0]);
    const cell = (at: string) => releases[0]?.cells.find((each) => each.at.join(" ") === at)?.value;
    expect(cell("host removed")).toBeNull();
    expect(cell("host not-removed")).toBeNull();
    expect(cell("total total")).toBe(98);
    const figures = await countPlaces(server.jikim, MONTHS);
    const shown = releases.map((release) => ({ periods: release?.periods ?? [], cells: release?.cells ?? [] }));
    expect(auditReleases(figures, shown, 10)).toBe(0);
    const listed = (await get("/api/desk/figures")).json() as desk.PublishedFigures;
    expect(listed.map(({ periods }) => periods)).toEqual([MONTHS, ["2026-06"]]);
  });

  test("leave out a count that is mostly one person's, or of few people, however large it is", async () => {
    const { caseId } = await receiveCase(server);
    const staffId = centre.staff.staffId;
    const many = { caseId, staffId, recipientId: platform, month: "2026-04", removed: 31, there: 24 };
    await fillLedger(server.jikim, many);
    const [table] = (await publish(["2026-04"])).json() as desk.PublishedFigures;
    expect(table?.cells.filter(({ value }) => value !== null)).toEqual([]);
  });

  test("count only who agreed to be counted", async () => {
    const consents = { remove: true, share: false, police: false, statistics: false };
    const { caseId } = await receiveCase(server, { consents });
    const staffId = centre.staff.staffId;
    await fillLedger(server.jikim, { caseId, staffId, recipientId: host, month: "2026-05", removed: 3, there: 4 });
    expect((await countPlaces(server.jikim, ["2026-05"])).counts).toEqual([]);
  });

  test("are not made again of months whose figures have changed since: the difference would be somebody's", async () => {
    const [withdrew = ""] = cases;
    await saveConsent(server.jikim.db, withdrew, {
      ...{ act: "statistics", state: "withdrawn", withdrawnAt: server.jikim.now() },
    });
    expect(codeOf(await publish(["2026-07"]))).toBe("FIGURES_CHANGED");
    expect(codeOf(await publish(["2026-03", "2026-06"]))).toBe("FIGURES_CHANGED");
    expect((await publish(["2026-03"])).statusCode).toBe(200);
  });

  test("take the lower threshold of a nation only for a whole year", async () => {
    const year = Array.from({ length: 12 }, (_, at) => `2024-${String(at + 1).padStart(2, "0")}`);
    expect(codeOf(await publish(year.slice(1), "national"))).toBe("YEAR_NOT_WHOLE");
    expect((await publish(year, "national")).statusCode).toBe(200);
  });

  test("take no month whose figures may still change", async () => {
    const month = server.jikim.now().toString().slice(0, 7);
    const answer = await publish([month]);
    expect([answer.statusCode, codeOf(answer)]).toEqual([409, "MONTH_NOT_OVER"]);
  });
});
