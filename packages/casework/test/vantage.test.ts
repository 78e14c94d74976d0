import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeSightings, SIGHTS, type Sight, type Sighting } from "../src/index.ts";

const COUNTRIES = ["kr", "us", "de", null, "jp"];
const from = (...saws: readonly Sight[]): Sighting[] =>
  saws.map((saw, at) => ({ vantage: `v${at}`, country: COUNTRIES[at] ?? null, saw }));

test.each([
  [["gone"], "removed"],
  [["gone", "gone"], "removed"],
  [["gone", "no-answer"], "removed"],
  [["gone", "unclear"], "cannot-tell"],
  [["gone", "there"], "there"],
  [["there", "no-answer", "unclear"], "there"],
  [["absent", "absent"], "de-indexed"],
  [["absent", "gone"], "cannot-tell"],
  [["no-answer", "no-answer"], "cannot-tell"],
  [["unclear"], "cannot-tell"],
  [[], "cannot-tell"],
] as const)("%j is %s", (saws, outcome) => {
  expect(judgeSightings(from(...saws))).toEqual({ outcome });
});

test("blocked names the countries that could not see it and those that could; a vantage without a country is called by its name", () => {
  expect(judgeSightings(from("blocked", "there"))).toEqual({ outcome: "blocked", blockedIn: ["kr"], seenIn: ["us"] });
  expect(judgeSightings(from("there", "blocked", "blocked", "blocked"))).toEqual({
    outcome: "blocked",
    blockedIn: ["de", "us", "v3"],
    seenIn: ["kr"],
  });
});

test("gone behind a block is no removal", () => {
  expect(judgeSightings(from("gone", "blocked"))).toEqual({ outcome: "blocked", blockedIn: ["us"], seenIn: [] });
});

test("whatever else was seen, removed needs every answer to say gone", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SIGHTS), { maxLength: 5 }), (saws) => {
      const { outcome } = judgeSightings(from(...saws));
      const answers = saws.filter((saw) => saw !== "no-answer");
      expect(outcome === "removed").toBe(answers.length > 0 && answers.every((saw) => saw === "gone"));
      if (saws.includes("there")) expect(["there", "blocked"]).toContain(outcome);
    }),
    { seed: 4, numRuns: 1000 },
  );
});
