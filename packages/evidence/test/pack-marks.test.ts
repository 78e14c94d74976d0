import { generateX25519Identity, identityToRecipient } from "age-encryption";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packMarks, readMarks, sayFinding, sayMarks, verifyPack } from "../src/pack/index.ts";
import type { ProvenanceReport } from "../src/provenance-report.ts";
import { PARTS, packed, partOf, sealedNow, streamOf } from "./packing.ts";

const REPORT: ProvenanceReport = {
  marks: [{ what: "a1111-parameters", where: "png:parameters", strength: "strong", text: "지어낸 이름이 든 글" }],
  contentCredentials: null,
  camera: { make: "Invented", model: "Box", takenAt: null, gps: false },
  notChecked: [{ what: "invisible-watermark", why: "TOO_SMALL" }],
};
const MARKS = packMarks({
  ...{ item: 2, sentAt: "2026-11-22T00:30:00Z", readAt: "2026-11-22T00:29:00Z" },
  ...{ sha256: "ab".repeat(32), bytes: 70_123, report: REPORT },
});
/** What nobody may read out of marks, in either language. */
const REAL = /\breal\b|\bauthentic\b|\bgenuine\b|진짜|실제|원본임/i;

async function verified(json: string) {
  const identity = await generateX25519Identity();
  const parts = [...PARTS, partOf("data/marks/1.json", json), partOf("data/marks/1.txt", sayMarks(MARKS))];
  const sealed = await sealedNow(parts);
  const pack = await packed(sealed, { timestamp: null, log: null }, await identityToRecipient(identity), parts);
  const trust = { root: null, authorities: [], witnesses: [], now: Temporal.Now.instant() };
  const { findings } = await verifyPack(streamOf(pack), identity, trust);
  return findings.filter(({ check }) => check === "marks");
}

test("marks that she sent lie in a pack as they were read and in words, without the text of a prompt, and are verified", async () => {
  expect(JSON.stringify(MARKS)).not.toContain("지어낸 이름");
  const [found, ...more] = await verified(JSON.stringify(MARKS));
  expect(more).toEqual([]);
  expect(found).toMatchObject({ state: "holds", part: "data/marks/1.json", detail: `SHA-256 ${MARKS.sha256}` });
  if (found === undefined) throw new Error("not checked");
  expect(sayFinding(found, "en")).toMatch(/cannot be checked without the file/);
  expect(sayFinding(found, "en") + sayFinding(found, "ko")).not.toMatch(REAL);
});

test("what is no document of marks is named, whoever signed the pack", async () => {
  const { report: _report, ...without } = MARKS;
  for (const wrong of [without, { ...MARKS, sha256: "x" }, { ...MARKS, verdict: "real" }, { ...MARKS, report: [] }])
    expect(await verified(JSON.stringify(wrong))).toMatchObject([{ state: "fails", why: "MALFORMED" }]);
  expect(await verified("{")).toMatchObject([{ state: "fails", why: "MALFORMED" }]);
});

test("in words: what was found, what was not looked at, that absence proves nothing, and never that a picture is real", () => {
  for (const report of [REPORT, { marks: [], contentCredentials: null, camera: null, notChecked: [] }]) {
    const text = sayMarks(packMarks({ ...MARKS, report }));
    expect(text).toContain("absent proves nothing");
    expect(text).toContain("아무것도 증명하지 않습니다");
    expect(text).toContain(MARKS.sha256);
    expect(text).not.toMatch(REAL);
  }
});

test("foreign marks are read or refused, never thrown over", () => {
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom(...Object.keys(MARKS)), (value, key) => {
      const read = readMarks({ ...MARKS, [key]: value });
      expect(read === null || typeof sayMarks(read) === "string").toBe(true);
    }),
    { seed: 5, numRuns: 2000 },
  );
});
