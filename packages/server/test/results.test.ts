import { randomUUID } from "node:crypto";
import { auditReleases } from "@jikim/casework";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { desk } from "../src/contract.ts";
import { countPlaces } from "../src/results/figures.ts";
import { keepRecipient } from "../src/store/recipient.ts";
import { receiveCase } from "./desk-work.ts";
import { openTestJikim, type TestJikim } from "./jikim.ts";
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
  [platform, host] = await Promise.all([known("platform", "board"), known("host", "hosting")]);
  await fill("2026-06", platform, { removed: 31, there: 24 });
  await fill("2026-06", host, { removed: 3, there: 40 });
  await fill("2026-07", platform, { removed: 32, there: 25 });
  await fill("2026-07", host, { removed: 4, there: 41 });
});
afterAll(() => server.close());

function known(kind: "platform" | "host", name: string): Promise<string> {
  const { db, vault, now } = server.jikim;
  const card = {
    ...{ kind, name: { ko: `지어낸 ${name}`, en: `invented ${name}` }, registryKey: null, jurisdiction: null },
    ...{ language: "en" as const, mail: `abuse@${name}.invalid`, form: null, api: null },
    ...{ xarf: false, mostPlaces: 100, sameHost: false },
  };
  return db.transaction().execute((tx) => keepRecipient(tx, vault, { card, hosts: [], foundBy: "hand" }, now()));
}

/** Notices of one case, sent in the middle of a month; removed ones were seen gone ten hours later. */
async function fill(
  month: string,
  recipientId: string,
  { removed, there }: { removed: number; there: number },
): Promise<void> {
  const { db } = server.jikim;
  const { caseId: template } = await receiveCase(server);
  const sentAt = `${month}-15T03:00:00Z`;
  for (let number = 0; number < removed + there; number++) {
    const [noticeId, placeId] = [randomUUID(), randomUUID()];
    await sql`insert into place (id, case_id, number, address_sealed, address_key, named_by)
      values (${placeId}, ${template}, ${1000 + number}, '\\x00', ${placeId}::text::bytea, 'staff')`.execute(db);
    await sql`insert into notice (id, number, case_id, recipient_id, state, letter_sealed, signed_sealed, created_at, approved_at,
      approved_by, sent_at) values (${noticeId}, ${number + 1 + Number(month.slice(-2)) * 1000}, ${template}, ${recipientId}, 'sent', '\\x00', '\\x00', ${sentAt},
      ${sentAt}, ${centre.staff.staffId}, ${sentAt})`.execute(db);
    await sql`insert into notice_place values (${noticeId}, ${placeId})`.execute(db);
    await sql`insert into delivery (notice_id, channel, state, done_at) values (${noticeId}, 'mail', 'sent', ${sentAt})`.execute(
      db,
    );
    await sql`insert into place_check (id, place_id, checked_at, outcome, vantages) values (gen_random_uuid(), ${placeId},
      ${sentAt}::timestamptz + interval '10 hours', ${number < removed ? "removed" : "there"}, '[]')`.execute(db);
  }
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
