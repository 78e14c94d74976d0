import { fingerprint } from "@jikim/fingerprint";
import { drawing } from "@jikim/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NEUTRAL_PAGE } from "../people.ts";
import { PLANTED, thumbnailRows } from "../pictures.ts";
import { CLIENT_ADDRESS, CODES, FILE_NAMES, HER_WORDS, POST, ROOM, STAFF_WORDS, TRACKING, UNIT } from "../planted.ts";
import { type Ending, playStory } from "../play.ts";
import { holds, pieces } from "../search.ts";
import { stepsTo, type Told } from "../step.ts";
import { openWorld, type World } from "../world.ts";
import { axeFindings } from "./axe.ts";
import { dumpDatabase, rawFiles, unfoldedMail } from "./search-places.ts";

/** The whole story is played once, in a real browser; then we look at what it left behind, and where. */
let world: World;
let ending: Ending;
const told: Told[] = [];
const findings: string[] = [];
const pages = new Set<string>();

beforeAll(async () => {
  world = await openWorld({
    look: async (page, name) => {
      pages.add(name);
      findings.push(...(await axeFindings(page, name)));
    },
  });
  ending = await playStory(
    world,
    stepsTo((line) => told.push(line)),
  );
}, 400_000);
afterAll(() => world?.close());

/** Whom Chromium itself asks, whatever the page: for its updates, its account, how to fill in forms. What pages ask is seen above. */
const BROWSERS_OWN = /(^|\.)(google|googleapis|gstatic|gvt1)\.com$/;

const words = (...planted: readonly string[]) => planted.flatMap((text) => text.split(" "));
const everyone = words(...Object.values(HER_WORDS), ...Object.values(STAFF_WORDS)).filter((word) => word.length > 8);
const found = (haystack: Buffer, needles: readonly (string | Buffer)[]) =>
  needles.filter((needle) => holds(haystack, needle)).map((needle) => needle.toString());

test("every step of the story holds", () => {
  expect(told.filter(({ ok }) => !ok)).toEqual([]);
  const chapters = new Set(told.map(({ step }) => step.split(":")[0]));
  expect([...chapters]).toEqual([
    ...["set-up", "platform", "report", "desk", "evidence", "list", "notice", "check", "return", "exit"],
  ]);
});

test("nothing of a chosen file leaves the browser: not its bytes, a thumbnail, its name or its EXIF", async () => {
  const sent = world.recorder.sent();
  expect(holds(sent, POST)).toBe(true);
  expect(found(sent, [...FILE_NAMES, PLANTED.exif])).toEqual([]);
  for (const { bytes } of world.files) {
    expect(found(sent, pieces(bytes))).toEqual([]);
    expect(found(sent, await thumbnailRows(bytes))).toEqual([]);
  }
});

test("what she writes, her code and who shared a link leave the browser only sealed or not at all", () => {
  expect(found(world.recorder.sent(), [...everyone, TRACKING, ...spelled(ending.returnCode)])).toEqual([]);
});

test("no page asks another host", () => {
  const { host } = new URL(world.origin);
  expect([...world.phone.hosts].sort()).toEqual([host, new URL(NEUTRAL_PAGE).host].sort());
  expect([...world.computer.hosts]).toEqual([host]);
  expect(
    world.outside.hosts().filter((name) => name !== new URL(NEUTRAL_PAGE).hostname && !BROWSERS_OWN.test(name)),
  ).toEqual([]);
});

test("the database holds nothing she or staff wrote, no address, fingerprint, code or IP address", async () => {
  const dump = await dumpDatabase(world.folder);
  expect(found(dump, ["self-reported", "지어낸 지원센터"])).toHaveLength(2);
  expect(found(dump, secrets())).toEqual([]);
});

test("nor does any file of the data folder, the write-ahead log included", async () => {
  const raw = await rawFiles(world.folder);
  expect(found(raw, ["self-reported", "지어낸 지원센터"])).toHaveLength(2);
  expect(found(raw, secrets())).toEqual([]);
});

test("logs, the board and outgoing mail hold nothing she or staff wrote", async () => {
  const [log, mail] = [Buffer.from(world.logged.join("\n")), unfoldedMail(world.mail.sent())];
  const board = Buffer.concat([Buffer.from(world.board.log()), await rawFiles(world.board.data)]);
  expect(found(log, ["/api/reports"])).toHaveLength(1);
  expect(found(mail, [POST, "jikim-notice.json"])).toHaveLength(2);
  expect(found(board, [POST, "mail-taken"])).toHaveLength(2);
  for (const place of [log, mail, board])
    expect(found(place, [...everyone, ROOM, ...FILE_NAMES, PLANTED.exif, ...spelled(ending.returnCode)])).toEqual([]);
  expect(found(log, secrets())).toEqual([]);
});

test("axe finds nothing on any page in either language", () => {
  expect(findings).toEqual([]);
  expect(pages.size).toBeGreaterThan(40);
});

test("nothing breaks the content security policy or trusted types, and no script fails", () => {
  expect([...world.phone.complaints, ...world.computer.complaints]).toEqual([]);
});

/** What must stand in no database: the server keeps it sealed, or not at all. */
function secrets(): (string | Buffer)[] {
  const fingerprints = [41, 42].flatMap((seed) => {
    const { pdq } = fingerprint(drawing(seed));
    return [pdq, Buffer.from(pdq, "hex")];
  });
  const addresses = [POST, ROOM.slice(1), TRACKING, world.board.url];
  const codes = CODES.filter((code) => code.length > 4);
  const files = [...FILE_NAMES, PLANTED.exif];
  return [
    ...everyone,
    ...Object.values(UNIT).flatMap((text) => text.split(" ").filter((word) => word.length > 8)),
    ...addresses,
    ...fingerprints,
    ...codes,
    ...files,
    ...spelled(ending.returnCode),
    CLIENT_ADDRESS,
  ];
}

function spelled(code: string): string[] {
  return [code, code.replaceAll("-", "")];
}
