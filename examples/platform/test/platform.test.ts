import { randomUUID } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WireNotice } from "@jikim/sdk";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startCentre, type TestCentre, until } from "../../../packages/sdk/test/centre.ts";
import {
  entryOf,
  forget,
  landscape,
  reviewer,
  sendMail,
  settingsOf,
  startBoard,
  statusOf,
  type TestBoard,
  untilStatus,
  upload,
} from "./board.ts";

let centre: TestCentre;
let board: TestBoard;
beforeEach(async () => {
  centre = await startCentre();
  board = await startBoard(settingsOf(centre));
  await following();
});
afterEach(async () => {
  await board.close();
  await centre.close();
  await forget(board.data);
});

const picture = await landscape(5);
const following = () => until(() => board.log.some((event) => event.event === "following"));
const did = () => [...centre.answers.values()].map((answer) => answer.did);

/** Waits until everything that the centre listed is in force at the board. */
function listed(): Promise<void> {
  return until(() => centre.askedFrom === centre.changesPage(0).changes.length);
}

function notice(place: string): WireNotice {
  const letter = { subject: "Removal request", text: "Please remove." };
  return {
    id: randomUUID(),
    centre: "A centre",
    recipient: "A board",
    sentAt: new Date().toISOString(),
    places: [place],
    fingerprints: [],
    letter,
  };
}

async function textOfFolder(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")));
  return [...names, ...texts].join("\n");
}

describe("uploads", () => {
  test("a picture that is not listed is published, without its metadata", async () => {
    const tagged = await sharp(picture)
      .withExif({ IFD0: { Artist: "Unmistakable Artist" } })
      .toBuffer();
    const response = await upload(board, tagged, { title: "<script>hills</script>", address: "hills" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/p/hills"]);
    const page = await (await fetch(`${board.platform.url}/p/hills`)).text();
    expect(page).toContain("&lt;script&gt;hills");
    const media = await fetch(`${board.platform.url}/media/hills`);
    expect(media.headers.get("content-type")).toBe("image/jpeg");
    expect(Buffer.from(await media.arrayBuffer()).includes("Unmistakable")).toBe(false);
    expect(await textOfFolder(board.data)).not.toContain("Unmistakable");
  });

  test("a listed one is held, also resized, recompressed and mirrored, and the centre is told without a word about whom", async () => {
    centre.put(await entryOf(picture));
    await listed();
    const edits = [
      picture,
      await sharp(picture).resize(600).toBuffer(),
      await sharp(picture).jpeg({ quality: 35 }).toBuffer(),
      await sharp(picture).flop().png().toBuffer(),
    ];
    for (const [at, edit] of edits.entries()) {
      const response = await upload(board, edit, { title: "Unmistakable title", address: `edit-${at}` });
      expect(response.status).toBe(202);
      expect(await response.text()).toContain("Waiting for review");
      expect(await statusOf(board, `/p/edit-${at}`)).toBe(404);
      expect(await statusOf(board, `/media/edit-${at}`)).toBe(404);
    }
    await until(() => centre.answers.size === 4);
    expect(did()).toEqual(["held", "held", "held", "held"]);
    expect(JSON.stringify([...centre.answers.values()])).not.toMatch(/Unmistakable|edit-/);
  });

  test.each([
    ["police", 451],
    ["court", 451],
    ["platform-review", 409],
  ] as const)("one listed on the word of %s is refused with %i and not stored", async (basis, status) => {
    centre.put(await entryOf(picture, { basis, effect: "block" }));
    await listed();
    const response = await upload(board, await sharp(picture).resize(700).toBuffer(), { address: "blocked" });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain("appeals@board.example");
    expect(await readdir(join(board.data, "media"))).toEqual([]);
    await until(() => centre.answers.size === 1);
    expect(did()).toEqual(["blocked"]);
  });

  test("what is no picture, damaged or too large is refused in plain words", async () => {
    expect((await upload(board, Buffer.from("hello, not a picture at all"))).status).toBe(415);
    expect((await upload(board, picture.subarray(0, 2000))).status).toBe(415);
    expect((await upload(board, Buffer.alloc(21 << 20, 1))).status).toBe(413);
    expect((await upload(board, picture, { address: "Not OK/.." })).status).toBe(400);
    expect(await readdir(join(board.data, "posts"))).toEqual([]);
  });

  test("an address is not taken twice", async () => {
    expect((await upload(board, picture, { address: "one" })).status).toBe(303);
    expect((await upload(board, await landscape(9), { address: "one" })).status).toBe(409);
  });
});

describe("a change of the list", () => {
  test("holds or blocks within five seconds what is on the board already, and a withdrawal lets it be posted again", async () => {
    await board.close();
    board = await startBoard(settingsOf(centre), { kept: board.data, everyMs: 2000 });
    await following();
    expect((await upload(board, picture, { address: "lake" })).status).toBe(303);
    const entry = await entryOf(picture);
    centre.put(entry);
    await untilStatus(board, "/p/lake", 404);
    await until(() => did().includes("held"));
    centre.put({ ...entry, basis: "police", effect: "block" });
    await untilStatus(board, "/p/lake", 451);
    await until(() => did().includes("blocked"));
    expect(await readdir(join(board.data, "media"))).toEqual([]);
    centre.withdraw(entry.id);
    await until(() => did().includes("dropped"));
    expect((await upload(board, picture, { address: "lake" })).status).toBe(303);
    expect(await statusOf(board, "/p/lake")).toBe(200);
  });

  test("takes effect on what was posted while the board was down", async () => {
    await upload(board, picture, { address: "lake" });
    await board.close();
    centre.put(await entryOf(picture));
    board = await startBoard(settingsOf(centre), { kept: board.data });
    await untilStatus(board, "/p/lake", 404);
  });
});

describe("review", () => {
  test("needs its key, shows facts and no picture, and each decision is told", async () => {
    expect(await statusOf(board, "/review")).toBe(401);
    await upload(board, picture, { address: "first" });
    await upload(board, await sharp(picture).flop().toBuffer(), { address: "second" });
    const entry = await entryOf(picture);
    centre.put(entry);
    await untilStatus(board, "/p/first", 404);
    await untilStatus(board, "/p/second", 404);
    const desk = await reviewer(board);
    const page = await desk.page();
    expect(page).toContain("self-reported");
    expect(page).toContain("<dd>mirrored</dd>");
    expect(page).not.toMatch(/\/media\/|holiday/);
    const stranger = await fetch(`${board.platform.url}/review/first`, {
      method: "POST",
      body: new URLSearchParams({ decision: "release" }),
    });
    expect(stranger.status).toBe(401);
    expect((await desk.decide("first", "release")).status).toBe(303);
    expect((await desk.decide("second", "refuse")).status).toBe(303);
    expect([await statusOf(board, "/p/first"), await statusOf(board, "/p/second")]).toEqual([200, 409]);
    await until(() => centre.answers.size === 4);
    expect(did().sort()).toEqual(["blocked", "held", "held", "released"]);
    centre.put(await entryOf(await landscape(77)));
    await listed();
    expect(await statusOf(board, "/p/first")).toBe(200);
    centre.put({ ...entry, basis: "court", effect: "block" });
    await untilStatus(board, "/p/first", 451);
  });
});

describe("notices", () => {
  test("by API and by mail act once; the place is gone, and what is put back there stays until another notice", async () => {
    await upload(board, picture, { address: "lake", title: "Unmistakable title" });
    const signed = centre.notify(notice(`${board.platform.url}/p/lake`));
    await untilStatus(board, "/p/lake", 410);
    await sendMail(board, centre.mail(signed));
    expect(await statusOf(board, "/media/lake")).toBe(410);
    expect(await textOfFolder(board.data)).not.toContain("Unmistakable");
    await until(() => centre.noticeAnswers.length > 0);
    expect((await upload(board, picture, { address: "lake" })).status).toBe(303);
    await sendMail(board, centre.mail(signed));
    expect(await statusOf(board, "/p/lake")).toBe(200);
    centre.notify(notice(`${board.platform.url}/media/lake`));
    await untilStatus(board, "/p/lake", 410);
    await until(() => centre.noticeAnswers.length === 2);
    expect(centre.noticeAnswers.map((each) => each.answer)).toEqual(["removed", "removed"]);
  });

  test("by mail alone, when the API does not bring it, and one about another site asks for more", async () => {
    await upload(board, picture, { address: "lake" });
    centre.lie = (path) => (path.endsWith("/notices") ? {} : undefined);
    await sendMail(board, centre.mail(centre.notify(notice(`${board.platform.url}/p/lake`))));
    expect(await statusOf(board, "/p/lake")).toBe(410);
    await sendMail(board, centre.mail(centre.notify(notice("https://another.example/p/lake"))));
    await until(() => centre.noticeAnswers.length === 2);
    expect(centre.noticeAnswers.map((each) => each.answer)).toEqual(["removed", "needs-information"]);
  });

  test("a mail that is altered, unsigned, foreign or without its attachment is refused and logged", async () => {
    await upload(board, picture, { address: "lake" });
    centre.lie = (path) => (path.endsWith("/notices") ? {} : undefined);
    const asked = notice(`${board.platform.url}/p/else`);
    const stranger = await startCentre();
    const foreign = stranger.mail(stranger.notify(notice(`${board.platform.url}/p/lake`)));
    await stranger.close();
    const cases: [string | null, string][] = [
      [centre.mail(centre.notify(asked)).replace("/p/else", "/p/lake"), "SIGNATURE_REFUSED"],
      [JSON.stringify(notice(`${board.platform.url}/p/lake`)), "NOTICE_REFUSED"],
      [foreign, "CERTIFICATE_REFUSED"],
      [null, "NO_NOTICE"],
    ];
    for (const [attachment, code] of cases) {
      await expect(sendMail(board, attachment)).rejects.toMatchObject({ responseCode: 550 });
      expect(board.log.at(-1)).toEqual({ event: "mail-refused", code });
    }
    expect(await statusOf(board, "/p/lake")).toBe(200);
  });
});

describe("setting up", () => {
  test("unlinked it says so; the file that set-up writes links it without a restart", async () => {
    const lonely = await startBoard(null);
    const page = async () => (await fetch(lonely.platform.url, { headers: { "accept-language": "en" } })).text();
    expect(await page()).toContain("does not follow a Jikim list yet");
    expect((await upload(lonely, picture, { address: "lake" })).status).toBe(303);
    await expect(sendMail(lonely, "{}")).rejects.toMatchObject({ responseCode: 451 });
    centre.put(await entryOf(picture));
    await writeFile(join(lonely.data, "jikim.json"), JSON.stringify(settingsOf(centre)));
    await untilStatus(lonely, "/p/lake", 404);
    expect(await page()).toContain("follows a Jikim list");
    await lonely.close();
    await forget(lonely.data);
  });

  test("linked, but before the first list is in force, nothing is published", async () => {
    centre.down = 503;
    const early = await startBoard(settingsOf(centre));
    expect((await upload(early, picture, { address: "lake" })).status).toBe(503);
    centre.down = undefined;
    await until(() => early.log.some((event) => event.event === "following"));
    const end = Date.now() + 5000;
    while ((await upload(early, picture, { address: "lake" })).status === 503 && Date.now() < end);
    expect(await statusOf(early, "/p/lake")).toBe(200);
    await early.close();
    await forget(early.data);
  });
});

test("every page has a strict policy and no script, and speaks the reader's language", async () => {
  const ask = (language: string, path = "/") =>
    fetch(board.platform.url + path, { headers: { "accept-language": language } });
  for (const path of ["/", "/p/none", "/review", "/none"]) {
    const response = await ask("ko-KR,ko;q=0.9,en;q=0.8", path);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none';/);
    expect(await response.text()).not.toMatch(/<script|style=|onclick/);
  }
  expect(await (await ask("ko-KR,ko;q=0.9,en;q=0.8")).text()).toContain("그림마당");
  expect(await (await ask("en-GB,en;q=0.9")).text()).toContain("Picture Green");
  expect(await (await ask("de")).text()).toContain('lang="ko"');
  const foreign = await fetch(`${board.platform.url}/upload`, {
    method: "POST",
    headers: { "sec-fetch-site": "cross-site" },
  });
  expect(foreign.status).toBe(403);
});
