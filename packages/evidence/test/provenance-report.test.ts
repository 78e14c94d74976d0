import fc from "fast-check";
import { expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import { type ProvenanceReport, readReport, sayProvenance } from "../src/provenance-report.ts";

const REPORT: ProvenanceReport = {
  marks: [
    { what: "comfyui", where: "png:workflow", strength: "strong" },
    { what: "credit", where: "iptc:Credit", strength: "weak", text: "지어낸 낱말" },
  ],
  contentCredentials: {
    ...{ state: "valid", generators: ["Invented 1"], issuer: null, signedAt: "2026-11-01T00:00:00Z" },
    ...{ sourceTypes: ["trainedAlgorithmicMedia"], problems: [] },
  },
  camera: { make: "Invented", model: null, takenAt: null, gps: true },
  notChecked: [{ what: "invisible-watermark", why: "NO_PIXELS" }],
};

test("a report comes back from JSON as it was", () => {
  expect(readReport(JSON.parse(JSON.stringify(REPORT)))).toEqual(REPORT);
  const bare = { marks: [], contentCredentials: null, camera: null, notChecked: [] };
  expect(readReport(bare)).toEqual(bare);
});

test.each([
  ["an unknown mark", { marks: [{ what: "real", where: "x", strength: "strong" }] }],
  ["a mark without a place", { marks: [{ what: "comfyui", strength: "strong" }] }],
  ["too many marks", { marks: Array(201).fill(REPORT.marks[0]) }],
  ["credentials in another state", { contentCredentials: { ...REPORT.contentCredentials, state: "real" } }],
  ["credentials without an issuer", { contentCredentials: { ...REPORT.contentCredentials, issuer: undefined } }],
  ["a camera with a place", { camera: { ...REPORT.camera, gps: "37.5" } }],
  ["an unknown reason", { notChecked: [{ what: "metadata", why: "REAL" }] }],
  ["a text that is too long", { camera: { ...REPORT.camera, make: "x".repeat(10_001) } }],
])("%s is no report", (_, change) => {
  expect(readReport({ ...REPORT, ...change })).toBeNull();
});

test("whatever comes out of a seal, it is a report that can be said, or none", () => {
  const fields = fc.record(
    { marks: fc.anything(), contentCredentials: fc.anything(), camera: fc.anything(), notChecked: fc.anything() },
    { requiredKeys: [] },
  );
  const near = fc.tuple(fc.constantFrom(...Object.keys(REPORT)), fc.anything()).map(([key, value]) => ({
    ...REPORT,
    [key]: value,
  }));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fields, near), (value) => {
      const read = readReport(value);
      if (read !== null) expect(sayProvenance(read, "ko").length).toBeGreaterThan(0);
    }),
    { numRuns: FUZZ_RUNS, seed: 20_261_122 },
  );
});
