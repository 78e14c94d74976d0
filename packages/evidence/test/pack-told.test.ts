import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sayFinding, sayTold, type Trust, verifyPack } from "../src/pack/index.ts";
import { type Inner, innerPack, nested, stamped } from "./exhibits.ts";
import { forged, packed, partOf, root, sealedNow, streamOf } from "./packing.ts";
import { openAuthority, type TestAuthority } from "./timestamp-authority.ts";

const [FIRST, SECOND, DELIVERED, BEFORE] = ["1", "2", "9", "0"].map(
  (digit) => `${digit.repeat(8)}-6a59-4a5d-9b2b-1d2f3a4b5c6d`,
);
let authority: TestAuthority;
let keys: { identity: string; recipient: string };
let trust: Trust;

beforeAll(async () => {
  authority = openAuthority();
  const identity = await generateX25519Identity();
  keys = { identity, recipient: await identityToRecipient(identity) };
  trust = { root: root.public, authorities: [authority.root], witnesses: [], now: Temporal.Now.instant() };
});
afterAll(() => authority.remove());

const verified = (pack: Uint8Array) => verifyPack(streamOf(pack), keys.identity, trust);

async function packOf(changes: object, parts = [partOf("data/page.txt", "words")]) {
  const sealed = await sealedNow(parts, changes);
  return packed(sealed, await stamped(authority, sealed), keys.recipient, parts);
}

test("a pack says what it and its exhibits follow, also when that is an exhibit of the same pack, and how far the clock was off", async () => {
  const capture = (packId: string | undefined, changes: object): Promise<Inner> =>
    innerPack(authority, [partOf("data/record.json", "{}\n")], { packId, ...changes });
  const inners = [await capture(FIRST, { clockOffMs: 12 }), await capture(SECOND, { previous: FIRST })];
  const parts = [...(await nested(inners)), partOf("data/report/report-ko.pdf", "not really one")];
  const { told, findings } = await verified(await packOf({ packId: DELIVERED, previous: BEFORE }, parts));
  expect(findings.filter(({ state }) => state === "fails")).toEqual([]);
  expect(told).toEqual([
    { about: "follows", exhibit: null, kind: "pack", packId: BEFORE, here: null },
    { about: "clock", exhibit: null, offMs: null },
    { about: "report", exhibit: null, path: "data/report/report-ko.pdf" },
    { about: "clock", exhibit: 1, offMs: 12 },
    { about: "follows", exhibit: 2, kind: "capture", packId: FIRST, here: 1 },
  ]);
  expect(told.map((each) => sayTold(each, "en"))).toEqual([
    `This pack follows pack ${BEFORE}.`,
    "The clock of the machine that sealed it was not compared with another.",
    "A report to read: data/report/report-ko.pdf",
    "Exhibit 1: the clock of the machine that sealed it was 12 ms ahead of the timestamp authority's (compared within a day).",
    `Exhibit 2 follows capture ${FIRST}, which is exhibit 1 here.`,
  ]);
  expect(told.map((each) => sayTold(each, "ko"))[4]).toBe(
    `증거 2은(는) 수집 ${FIRST}에 이어지는 것입니다 (이 꾸러미의 증거 1).`,
  );
});

test("what a manifest says whose signature does not hold is not told", async () => {
  const pack = await forged(await packOf({ previous: FIRST }), keys, (entries) =>
    entries.map((entry) =>
      entry.name.endsWith("seal/manifest.json")
        ? { ...entry, data: Buffer.from(Buffer.from(entry.data).toString().replaceAll(`${FIRST}`, `${SECOND}`)) }
        : entry,
    ),
  );
  const { told, holds } = await verified(pack);
  expect([told, holds]).toEqual([[], false]);
});

test("a stamp of days after the sealing holds, and how long after is said; one of the same day is not remarked", async () => {
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000 - 60_000).toISOString();
  const sealedAgo = async (hours: number) => {
    const at = ago(hours);
    const { findings } = await verified(await packOf({ startedAt: at, endedAt: at, sealedAt: at }));
    return findings.find(({ check }) => check === "timed");
  };
  const late = await sealedAgo(76);
  expect(late).toMatchObject({ state: "holds", hoursLate: 76 });
  expect(late && sayFinding(late, "en")).toMatch(
    /^holds · .*But it was stamped 3 days and 4 hours after it was sealed/,
  );
  expect(late && sayFinding(late, "ko")).toMatch(/^맞음 · .*봉인하고 3일 4시간 뒤에 확인된/);
  expect(await sealedAgo(23)).toMatchObject({ state: "holds", hoursLate: null });
});

test("a history of custody that is none is named, also when it was signed", async () => {
  const custody = async (text: string) => {
    const { findings } = await verified(await packOf({}, [partOf("data/custody.jsonl", text)]));
    return findings.find(({ check }) => check === "custody");
  };
  const line = JSON.stringify({ what: "custody", v: 1, did: "sealed", role: "server", who: "" });
  const lost = JSON.stringify({ what: "unreadable", v: 1, entry: 7 });
  expect(await custody(`${line}\n${lost}\n`)).toMatchObject({ state: "holds", detail: "2" });
  for (const text of ["", "\n", line, `${line}\n\n`, "[]\n", "null\n", `${line}\n{"did":""}\n`])
    expect(await custody(text)).toMatchObject({ state: "fails", why: "MALFORMED", part: "data/custody.jsonl" });
});
