import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decideEscalation,
  type Escalation,
  type EscalationFacts,
  giveConsent,
  PLAIN_REQUEST,
  type StandingPolicy,
  withdrawConsent,
} from "../src/index.ts";

const now = Temporal.Instant.from("2026-11-22T03:00:00Z");
const given = giveConsent("remove", now.subtract({ hours: 100 }));
const policy: StandingPolicy = {
  recipientId: "host",
  ground: "eu-dsa-16",
  from: now.subtract({ hours: 24 }),
  until: now.add({ hours: 24 }),
  withdrawnAt: null,
  signatureHolds: true,
};
const due: EscalationFacts = {
  now,
  next: { recipientId: "host", ground: "eu-dsa-16", dueAt: now },
  named: ["host"],
  policies: [],
  remove: given,
  hasMandate: true,
  caseClosed: false,
  threatActive: false,
  policeHold: false,
  nextHostile: false,
  placesLeft: 2,
  answer: null,
};
const decide = (change: Partial<EscalationFacts>): Escalation => decideEscalation({ ...due, ...change });
const later = { ...due.next, dueAt: now.add({ hours: 1 }) };

describe("the next rung", () => {
  test("is sent by itself to a recipient whom the approval named, when it is due and not before", () => {
    expect(decide({})).toEqual({ do: "send", by: "approval" });
    expect(decide({ next: later })).toEqual({ do: "wait", why: "not-due", until: later.dueAt });
  });

  test("is prepared for one key when nobody named its recipient", () => {
    expect(decide({ named: ["somebody-else"] })).toEqual({ do: "prepare", why: "not-named" });
  });

  test("is sent on a standing policy that names recipient, ground and end", () => {
    expect(decide({ named: [], policies: [policy] })).toEqual({ do: "send", by: "policy" });
    const plain = { ...due.next, ground: null };
    expect(decide({ named: [], policies: [{ ...policy, ground: PLAIN_REQUEST }], next: plain })).toEqual({
      do: "send",
      by: "policy",
    });
  });

  test.each<[string, Partial<StandingPolicy>]>([
    ["another recipient", { recipientId: "registrar" }],
    ["another ground", { ground: "us-tida-223a" }],
    ["a plain request", { ground: PLAIN_REQUEST }],
    ["a time that is over", { until: now }],
    ["a time to come", { from: now.add({ seconds: 1 }) }],
    ["nothing, since it was withdrawn", { withdrawnAt: now.subtract({ hours: 1 }) }],
    ["nothing, since its signature fails", { signatureHolds: false }],
  ])("is not sent on a policy for %s", (_, change) => {
    expect(decide({ named: [], policies: [{ ...policy, ...change }] })).toEqual({ do: "prepare", why: "not-named" });
  });
});

describe("nothing goes on", () => {
  test.each<[string, Partial<EscalationFacts>, Escalation]>([
    ["when every place is gone at the source", { placesLeft: 0 }, { do: "end", why: "nothing-left" }],
    ["in a closed case", { caseClosed: true }, { do: "end", why: "case-closed" }],
    [
      "after a counter-notice: that is for a person",
      { answer: { what: "counter-notice", seenSince: "there" } },
      { do: "end", why: "counter-notice" },
    ],
    ["without her consent", { remove: undefined }, { do: "end", why: "consent-missing" }],
    [
      "once she asked to stop, before the day is over",
      { remove: withdrawConsent(given, "after-24-hours", now) },
      { do: "end", why: "consent-missing" },
    ],
    ["once she stopped", { remove: withdrawConsent(given, "at-once", now) }, { do: "end", why: "consent-missing" }],
    ["while a threat is active", { threatActive: true }, { do: "wait", why: "threat-active", until: null }],
    ["while the police ask to hold", { policeHold: true }, { do: "wait", why: "police-hold", until: null }],
    ["to a recipient who is the threat", { nextHostile: true }, { do: "skip", why: "hostile" }],
    ["without a mandate", { hasMandate: false }, { do: "prepare", why: "mandate-missing" }],
  ])("%s, whatever was approved and whatever policy stands", (_, change, expected) => {
    expect(decide({ ...change, policies: [policy] })).toEqual(expected);
  });
});

describe("an answer", () => {
  test("of no, or that it is not theirs, makes the next rung due at once", () => {
    for (const what of ["refused", "not-ours"] as const)
      expect(decide({ next: later, answer: { what, seenSince: null } })).toEqual({ do: "send", by: "approval" });
  });

  test("that it was received changes nothing", () => {
    expect(decide({ next: later, answer: { what: "received", seenSince: null } }).do).toBe("wait");
    expect(decide({ answer: { what: "received", seenSince: null } }).do).toBe("send");
  });

  test("that asks for more goes to a person and not over the head of who asked", () => {
    expect(decide({ answer: { what: "needs-information", seenSince: null } })).toEqual({
      do: "prepare",
      why: "needs-information",
    });
  });

  test("that it was removed is a claim: a check decides, and where none can tell, a person", () => {
    const claim = (seenSince: "there" | "cannot-tell" | null) => decide({ answer: { what: "removed", seenSince } });
    expect(claim(null)).toEqual({ do: "wait", why: "unchecked-claim", until: null });
    expect(claim("cannot-tell")).toEqual({ do: "prepare", why: "cannot-tell" });
    expect(claim("there")).toEqual({ do: "send", by: "approval" });
  });
});

test("whatever the facts, nothing is sent without consent, mandate, a due time and somebody's named yes", () => {
  const consent = fc.constantFrom(
    given,
    undefined,
    withdrawConsent(given, "at-once", now),
    withdrawConsent(given, "after-24-hours", now),
  );
  const shape = fc.record({
    ...{ remove: consent, hasMandate: fc.boolean(), caseClosed: fc.boolean(), threatActive: fc.boolean() },
    ...{ policeHold: fc.boolean(), nextHostile: fc.boolean(), placesLeft: fc.nat({ max: 2 }) },
    named: fc.subarray(["host", "registrar"]),
    policies: fc.array(
      fc.record({
        ...{ recipientId: fc.constantFrom("host", "registrar"), ground: fc.constantFrom("eu-dsa-16", PLAIN_REQUEST) },
        ...{ from: fc.constantFrom(policy.from, now.add({ hours: 1 })), until: fc.constantFrom(policy.until, now) },
        ...{ withdrawnAt: fc.constantFrom(null, now), signatureHolds: fc.boolean() },
      }),
      { maxLength: 3 },
    ),
    next: fc.constantFrom(due.next, later),
    answer: fc.option(
      fc.record({
        what: fc.constantFrom("received", "removed", "refused", "needs-information", "not-ours", "counter-notice"),
        seenSince: fc.constantFrom("there", "cannot-tell", null),
      }),
      { nil: null },
    ),
  });
  fc.assert(
    fc.property(shape, (change) => {
      const facts: EscalationFacts = { ...due, ...change };
      if (decideEscalation(facts).do !== "send") return;
      expect(facts.remove?.state).toBe("given");
      expect([facts.hasMandate, facts.caseClosed, facts.threatActive, facts.policeHold, facts.nextHostile]).toEqual([
        true,
        false,
        false,
        false,
        false,
      ]);
      expect(facts.placesLeft).toBeGreaterThan(0);
      const said = facts.answer?.what;
      expect(said).not.toBe("counter-notice");
      expect(facts.next === due.next || said === "refused" || said === "not-ours").toBe(true);
      const live = facts.policies.some(
        (each) =>
          each.recipientId === "host" &&
          each.ground === "eu-dsa-16" &&
          each.signatureHolds &&
          each.withdrawnAt === null &&
          each.from === policy.from &&
          each.until === policy.until,
      );
      expect(facts.named.includes("host") || live).toBe(true);
    }),
    { seed: 12, numRuns: 3000 },
  );
});
