import { randomUUID } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { familyOf, fingerprint, type Pixels } from "@jikim/fingerprint";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { folderStore } from "../src/folder-store.ts";
import { type Centre, type CentreOptions, followCentre, type JikimRefusal, memoryStore } from "../src/index.ts";
import type { ChangesPage, Entry, WireNotice } from "../src/wire.ts";
import { randomEntry, startCentre, type TestCentre, until } from "./centre.ts";
import { cropped, flat, framed, hills, mirrored } from "./pictures.ts";

let server: TestCentre;
let folder: string;
let problems: JikimRefusal[];
const followed: Centre[] = [];

beforeEach(async () => {
  server = await startCentre();
  folder = await mkdtemp(join(tmpdir(), "jikim-sdk-"));
  problems = [];
});
afterEach(async () => {
  for (const centre of followed.splice(0)) await centre.stop();
  await server.close();
  await rm(folder, { recursive: true });
});

async function follow(options: Partial<CentreOptions> = {}): Promise<Centre> {
  const { url, key, root } = server;
  const store = options.store ?? memoryStore();
  const onProblem = (problem: JikimRefusal) => void problems.push(problem);
  const centre = await followCentre({ url, key, root, everyMs: 20, onProblem, ...options, store });
  followed.push(centre);
  return centre;
}

const picture = hills(3);
function entryFor(pixels = picture, changes: Partial<Entry> = {}): Entry {
  const { pdq, quality } = fingerprint(pixels);
  return randomEntry({ fingerprints: [{ kind: "pdq", value: pdq, quality }], ...changes });
}

function noticeFor(place: string): WireNotice {
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

describe("the list in force", () => {
  test("an entry takes effect, also on a mirrored upload, and a withdrawal drops it and confirms that it is dropped", async () => {
    const centre = await follow();
    expect(centre.match(picture)).toMatchObject({ verdict: "clear", matches: [] });
    const entry = entryFor();
    server.put(entry);
    await until(() => centre.match(picture).verdict === "hold");
    expect(centre.match(picture).matches).toEqual([
      {
        entryId: entry.id,
        effect: "hold",
        basis: "self-reported",
        disputed: false,
        bitsApart: 0,
        edits: [],
        part: null,
      },
    ]);
    const turned = centre.match(mirrored(picture));
    expect(turned.verdict).toBe("hold");
    expect(turned.matches[0]?.edits).toEqual(["mirrored"]);
    server.withdraw(entry.id);
    await until(() => server.answers.size === 1);
    expect(centre.match(picture).verdict).toBe("clear");
    expect(centre.match(turned.uploaded).verdict).toBe("clear");
    expect([...server.answers.values()]).toMatchObject([{ entryId: entry.id, did: "dropped" }]);
    expect(problems).toEqual([]);
  });

  test("an upload that was cropped, framed or turned is recognised, and the edit is named; what was kept is matched again", async () => {
    const pixels = hills(11, 640, 480);
    server.put(entryFor(pixels, { fingerprints: familyOf(pixels) }));
    const centre = await follow();
    const uploads: [Pixels, readonly string[]][] = [
      [pixels, []],
      [cropped(pixels, 0.1), ["cropped"]],
      [framed(pixels), ["framed"]],
      [mirrored(pixels), ["mirrored"]],
    ];
    for (const [upload, edits] of uploads) {
      const { matches, uploaded } = centre.match(upload);
      expect(matches.map((match) => match.edits)).toEqual([edits]);
      expect(centre.match(JSON.parse(JSON.stringify(uploaded))).matches).toEqual(matches);
    }
    expect(centre.match(hills(12, 640, 480)).verdict).toBe("clear");
  });

  test("what blocks comes before what holds, and a dispute turns a block into a hold", async () => {
    const held = entryFor();
    const blocked = entryFor(picture, { basis: "police", effect: "block" });
    server.put(held);
    server.put(blocked);
    const centre = await follow();
    expect(centre.match(picture).matches.map((match) => match.entryId)).toEqual([blocked.id, held.id]);
    expect(centre.match(picture).verdict).toBe("block");
    server.put({ ...blocked, disputed: true, effect: "hold" });
    await until(() => centre.match(picture).verdict === "hold");
  });

  test("a picture too plain to recognise says so, and a too plain entry harms nothing", async () => {
    server.put(randomEntry({ fingerprints: [{ kind: "pdq", value: "0".repeat(64), quality: 100 }] }));
    server.put(entryFor(flat()));
    server.put(entryFor());
    const centre = await follow();
    expect(centre.status()).toMatchObject({ entries: 3, fingerprints: 1, unmatchable: 2, problem: null });
    expect(centre.match(flat())).toMatchObject({ verdict: "clear", tooPlain: true });
    expect(centre.match(picture).verdict).toBe("hold");
  });

  test("a list whose head is old is stale and stays in force", async () => {
    server.put(entryFor());
    server.clock = () => Date.now() - 3_600_000;
    const centre = await follow();
    expect(centre.status().stale).toBe(true);
    expect(centre.match(picture).verdict).toBe("hold");
    server.clock = Date.now;
    await centre.refresh();
    expect(centre.status().stale).toBe(false);
  });

  test("a lie is told as a problem, and the last good list stays in force", async () => {
    server.put(entryFor());
    const centre = await follow();
    server.lie = (path, body) => (path.endsWith("/changes") ? { ...(body as ChangesPage), changes: [] } : undefined);
    server.put(randomEntry());
    await until(() => problems.length > 0);
    expect(problems[0]?.code).toBe("LIST_TRUNCATED");
    expect(centre.status()).toMatchObject({ number: 1, problem: "LIST_TRUNCATED" });
    expect(centre.match(picture).verdict).toBe("hold");
    server.lie = undefined;
    await until(() => centre.status().number === 2 && centre.status().problem === null);
  });
});

describe("a restart", () => {
  test("keeps the list in force though the centre is down", async () => {
    server.put(entryFor());
    const store = folderStore(folder);
    const first = await follow({ store });
    server.put(randomEntry());
    await until(() => first.status().number === 2);
    await first.stop();
    server.down = 503;
    const second = await follow({ store: folderStore(folder) });
    expect(second.status()).toMatchObject({ number: 2, entries: 2, problem: "UNREACHABLE" });
    expect(second.match(picture).verdict).toBe("hold");
  });

  test("still knows what it saw: a rewound list is refused", async () => {
    server.put(entryFor());
    const early = server.changesPage(0);
    server.put(randomEntry());
    await (await follow({ store: folderStore(folder) })).stop();
    server.lie = (path) => (path.endsWith("/changes") ? { ...early, changes: [] } : undefined);
    const second = await follow({ store: folderStore(folder) });
    expect(second.status()).toMatchObject({ number: 2, problem: "LIST_REWOUND" });
  });

  test("tells a damaged store and reads the list anew", async () => {
    server.put(entryFor());
    await (await follow({ store: folderStore(folder) })).stop();
    const file = join(folder, "list.jsonl");
    await writeFile(file, (await readFile(file, "utf8")).replace(/quality\\":\d+/, 'quality\\":1'));
    const second = await follow({ store: folderStore(folder) });
    expect(problems.map((problem) => problem.code)).toEqual(["STORE_DAMAGED"]);
    expect(second.match(picture).verdict).toBe("hold");
    expect(second.status().problem).toBe(null);
  });

  test("overlooks a line that a crash cut off, and does not grow onto it", async () => {
    const store = folderStore(folder);
    await store.append("answers", ["one"]);
    await appendFile(join(folder, "answers.jsonl"), '{"half');
    expect(await store.read("answers")).toEqual(["one"]);
    await store.append("answers", ["two"]);
    expect(await store.read("answers")).toEqual(["one", "two"]);
    const many = Array.from({ length: 50 }, (_, at) => `line ${at}`);
    await Promise.all(many.map((line) => store.append("notices", [line])));
    expect(await store.read("notices")).toEqual(many);
  });
});

describe("answers", () => {
  test("wait while the centre is down, survive a restart, and are told once", async () => {
    const entry = entryFor();
    server.put(entry);
    const first = await follow({ store: folderStore(folder) });
    server.down = 503;
    await first.answer(entry.id, "held", "upload 1");
    await first.answer(entry.id, "held", "upload 1");
    await first.answer(entry.id, "held", "upload 2");
    expect(first.status().waiting).toBe(2);
    await first.stop();
    server.down = undefined;
    const second = await follow({ store: folderStore(folder) });
    await second.answer(entry.id, "held", "upload 1");
    await until(() => second.status().waiting === 0);
    expect(server.answers.size).toBe(2);
    expect(JSON.stringify([...server.answers.values()])).not.toContain("upload");
  });

  test("one that the centre never takes keeps no other back", async () => {
    const centre = await follow();
    const [good, bad] = [randomUUID(), randomUUID()];
    server.unwanted.add(bad);
    server.down = 503;
    for (const id of [bad, good]) await centre.answer(id, "held", id);
    server.down = undefined;
    await until(() => centre.status().waiting === 0);
    expect([...server.answers.values()].map((answer) => answer.entryId)).toEqual([good]);
    expect(problems.some((problem) => problem.code === "ANSWER_REFUSED")).toBe(true);
  });
});

describe("notices", () => {
  test("the same one by both ways acts once and is answered once", async () => {
    const seen: string[] = [];
    const onNotice: CentreOptions["onNotice"] = async (notice) => {
      seen.push(...notice.places);
      return "removed";
    };
    const store = folderStore(folder);
    const centre = await follow({ onNotice, store });
    const notice = noticeFor("https://board.example/p/1");
    const mail = server.mail(server.notify(notice));
    const [byMail] = await Promise.all([centre.takeNotice(mail), centre.refresh()]);
    expect(byMail.noticeId).toBe(notice.id);
    await until(() => server.noticeAnswers.length > 0);
    await centre.stop();
    const again = await follow({ onNotice, store });
    expect(await again.takeNotice(mail)).toEqual({ noticeId: notice.id, was: "known" });
    await again.refresh();
    expect(seen).toEqual(notice.places);
    expect(server.noticeAnswers).toEqual([{ noticeId: notice.id, answer: "removed" }]);
  });

  test("an altered, unsigned or foreign one by mail is refused", async () => {
    const centre = await follow({ onNotice: async () => "removed" });
    const mail = server.mail(server.notify(noticeFor("https://board.example/p/1")));
    const stranger = await startCentre();
    const foreign = stranger.mail(stranger.notify(noticeFor("https://board.example/p/1")));
    await stranger.close();
    const cases = [
      [mail.replace("/p/1", "/p/2"), "SIGNATURE_REFUSED"],
      [foreign, "CERTIFICATE_REFUSED"],
      [JSON.stringify(noticeFor("https://board.example/p/1")), "NOTICE_REFUSED"],
      ["no JSON", "NOTICE_REFUSED"],
    ] as const;
    for (const [text, code] of cases) await expect(centre.takeNotice(text)).rejects.toMatchObject({ code });
  });

  test("that came by mail before the centre booked it as sent is answered as soon as it has", async () => {
    const centre = await follow({ onNotice: async () => "removed" });
    const notice = noticeFor("https://board.example/p/1");
    server.unsent.add(notice.id);
    await centre.takeNotice(server.mail(server.notify(notice)));
    await centre.refresh();
    expect(centre.status().waiting).toBe(1);
    server.unsent.delete(notice.id);
    await until(() => server.noticeAnswers.length === 1);
    expect(problems).toEqual([]);
  });

  test("comes again when the platform's handler failed, and keeps no later one back", async () => {
    const seen: string[] = [];
    const onNotice: CentreOptions["onNotice"] = async ({ id }) => {
      seen.push(id);
      if (id === first.id && seen.filter((each) => each === id).length < 3) throw new Error("disk full");
      return "removed";
    };
    const [first, second] = [noticeFor("https://board.example/p/1"), noticeFor("https://board.example/p/2")];
    server.notify(first);
    server.notify(second);
    await follow({ onNotice });
    await until(() => server.noticeAnswers.length === 2);
    expect(seen.filter((id) => id === second.id)).toHaveLength(1);
    expect(problems.map((problem) => problem.code)).toEqual(["HANDLER_FAILED", "HANDLER_FAILED"]);
  });
});

describe("what must not happen", () => {
  test("a key never travels in the clear to another machine", async () => {
    for (const wrong of [
      { url: "http://centre.example" },
      { root: "abc" },
      { key: "" },
      { key: "a\nb" },
      { url: "" },
    ]) {
      await expect(follow(wrong)).rejects.toMatchObject({ code: "BAD_OPTIONS" });
    }
  });

  test("a wrong key is told as such", async () => {
    expect((await follow({ key: "another" })).status().problem).toBe("KEY_REFUSED");
  });

  test("no problem names an entry, a fingerprint, a place or the key", async () => {
    const entry = entryFor();
    server.put(entry);
    const centre = await follow({ onNotice: async () => "removed" });
    server.lie = () => ({ certificate: {}, secret: entry.id });
    await centre.refresh();
    server.lie = undefined;
    server.down = 500;
    await centre.refresh();
    const told = problems
      .map((problem) => `${problem.message} ${problem.code} ${String(problem.cause)} ${problem.stack}`)
      .join();
    expect(problems.length).toBeGreaterThan(1);
    for (const secret of [entry.id, entry.fingerprints[0]?.value ?? "?", server.key])
      expect(told).not.toContain(secret);
  });
});
