import { auditReleases } from "@jikim/casework";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { countPlaces } from "../src/results/figures.ts";
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

beforeAll(async () => {
  server = await openTestJikim();
  centre = await seedCentre(server.jikim);
  [platform, host] = await Promise.all([
    inventRecipient(server.jikim, "platform", "board"),
    inventRecipient(server.jikim, "host", "hosting"),
  ]);
  await fill("2026-06", platform, { removed: 31, there: 24 });
  await fill("2026-06", host, { removed: 3, there: 40 });
  await fill("2026-07", platform, { removed: 32, there: 25 });
  await fill("2026-07", host, { removed: 4, there: 41 });
});
afterAll(() => server.close());

async function fill(month: string, recipientId: string, counts: { readonly removed: number; readonly there: number }) {
  const { caseId } = await receiveCase(server);
  await fillLedger(server.jikim, { caseId, staffId: centre.staff.staffId, recipientId, month, ...counts });
}

const get = (url: string, headers: Record<string, string> = centre.staff.headers) => ask(server.app, { url, headers });
const publish = (months: readonly string[]) =>
  ask(server.app, {
    method: "POST",
    url: "/api/desk/figures",
    headers: centre.staff.headers,
    body: { months, scope: "small" },
  });

describe("results", () => {
  test("tell recipients, grounds and channels apart, with time to removal, its curve, and how many cases stand behind it", async () => {
    const { rows } = (await get("/api/desk/results")).json() as desk.Results;
    const board = rows.find((row) => row.name.en === "invented board");
    expect(board).toMatchObject({
      kind: "platform",
      places: 112,
      cases: 2,
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

  test("take no month whose figures may still change", async () => {
    const month = server.jikim.now().toString().slice(0, 7);
    const answer = await publish([month]);
    expect([answer.statusCode, codeOf(answer)]).toEqual([409, "MONTH_NOT_OVER"]);
  });
});
