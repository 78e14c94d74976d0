import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseGround, type GroundFacts, mayAssert, NO_READINGS } from "../src/index.ts";
import { CARD, someCard, someFacts, stated, TODAY } from "./writing-facts.ts";

function choose(change: Partial<GroundFacts>) {
  return chooseGround({
    card: CARD,
    reach: "public",
    minor: false,
    statements: stated("is-depicted", "no-consent"),
    senderKinds: ["counselling-centre"],
    day: TODAY,
    readings: NO_READINGS,
    ...change,
  });
}
const idOf = (change: Partial<GroundFacts>) => choose(change).ground?.id ?? null;

describe("the ground of a notice", () => {
  test("is 22-5 at a Korean platform, host or search engine, and none at a Korean registrar or regulator", () => {
    for (const kind of ["platform", "host", "search"] as const)
      expect(idOf({ card: { ...CARD, kind } })).toBe("kr-tba-22-5");
    for (const kind of ["registrar", "network", "regulator"] as const)
      expect(choose({ card: { ...CARD, kind } })).toEqual({
        ground: null,
        asserted: false,
        because: "no-ground-there",
      });
  });

  test("is never 22-5 or 44-2 for a closed room, nor for one of which nobody can tell", () => {
    for (const reach of ["closed", "unknown"] as const)
      expect(choose({ reach })).toEqual({ ground: null, asserted: false, because: "not-open-to-the-public" });
  });

  test("is the Take It Down Act at an American platform, closed rooms too, but not without who is shown", () => {
    const card = { ...CARD, jurisdiction: "us" as const };
    expect(idOf({ card, reach: "closed" })).toBe("us-tida-223a");
    expect(choose({ card, statements: stated("no-consent") })).toMatchObject({
      ground: null,
      because: "sender-not-entitled",
    });
    expect(idOf({ card: { ...card, kind: "host" } })).toBeNull();
  });

  test("is held but not asserted where the row was not read: the Digital Services Act, the United Kingdom", () => {
    for (const jurisdiction of ["eu", "gb"] as const)
      expect(choose({ card: { ...CARD, jurisdiction } })).toMatchObject({ asserted: false, because: "fields-only" });
  });

  test("is a complaint to eSafety only for who lives in Australia, and none at an Australian platform", () => {
    const card = { ...CARD, jurisdiction: "au" as const, kind: "regulator" as const };
    expect(choose({ card })).toMatchObject({ ground: null, because: "not-resident-there" });
    expect(idOf({ card, statements: stated("is-depicted", "is-in-au") })).toBe("au-osa-77");
    expect(idOf({ card: { ...card, kind: "platform" } })).toBeNull();
  });

  test("is asserted only as long as its row was looked at lately", () => {
    expect(choose({ day: Temporal.PlainDate.from("2026-12-05") }).asserted).toBe(true);
    expect(choose({ day: Temporal.PlainDate.from("2026-12-06") })).toMatchObject({
      asserted: false,
      because: "fields-only",
    });
  });

  test("is nothing where nobody knows whose law holds", () => {
    expect(choose({ card: { ...CARD, jurisdiction: null } })).toMatchObject({
      ground: null,
      because: "jurisdiction-unknown",
    });
  });
});

test("whatever the facts: what is asserted may be asserted, and no closed room gets a ground for public places", () => {
  const reach = fc.constantFrom("public" as const, "closed" as const, "unknown" as const);
  fc.assert(
    fc.property(someFacts, someCard, reach, ({ minor, statements, day, readings, centre }, card, reach) => {
      const { ground, asserted } = chooseGround({
        ...{ card, reach, minor, statements, senderKinds: [centre.kind], day, readings },
      });
      if (asserted) expect(ground !== null && mayAssert(ground, day, readings)).toBe(true);
      if (ground?.reaches === "public") expect(reach).toBe("public");
    }),
    { numRuns: 2000, seed: 22_5 },
  );
});
