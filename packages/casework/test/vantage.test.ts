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
  [["gone", "no-name"], "cannot-tell"],
  [["gone", "unreached"], "cannot-tell"],
  [["absent", "no-name"], "cannot-tell"],
  [["no-name", "no-name"], "cannot-tell"],
  [["there", "unreached"], "there"],
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

test("a name that one country does not know is blocked there where another sees the item, and only there", () => {
  expect(judgeSightings(from("no-name", "there", "unreached"))).toEqual({
    ...{ outcome: "blocked", blockedIn: ["kr"], seenIn: ["us"] },
  });
  expect(judgeSightings(from("blocked", "no-name"))).toMatchObject({ blockedIn: ["kr"], seenIn: [] });
  const twice = from("no-name", "there").map((sighting) => ({ ...sighting, country: "kr" }));
  expect(judgeSightings(twice)).toEqual({ outcome: "there" });
});

test("whatever else was seen, removed needs every look to say gone", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SIGHTS), { maxLength: 5 }), (saws) => {
      const { outcome } = judgeSightings(from(...saws));
      const looks = saws.filter((saw) => saw !== "no-answer");
      expect(outcome === "removed").toBe(looks.length > 0 && looks.every((saw) => saw === "gone"));
      expect(outcome === "de-indexed").toBe(looks.length > 0 && looks.every((saw) => saw === "absent"));
      if (saws.includes("there")) expect(["there", "blocked"]).toContain(outcome);
    }),
    { seed: 4, numRuns: 1000 },
  );
});

test("a look that got no name or no connection never makes a place gone, nor anything better than without it", () => {
  const looks = fc.array(fc.constantFrom(...SIGHTS), { maxLength: 4 });
  fc.assert(
    fc.property(looks, fc.constantFrom("no-name" as const, "unreached" as const), (saws, blind) => {
      const [without, verdict] = [judgeSightings(from(...saws)), judgeSightings(from(...saws, blind))];
      expect(["removed", "de-indexed"]).not.toContain(verdict.outcome);
      const isBlock = verdict.outcome === "blocked" && without.outcome !== "blocked";
      if (isBlock) expect([blind, saws.includes("there"), verdict.seenIn.length > 0]).toEqual(["no-name", true, true]);
      if (saws.includes("there")) expect(["there", "blocked"]).toContain(verdict.outcome);
    }),
    { seed: 43, numRuns: 1000 },
  );
});
