import { describe, expect, test } from "vitest";
import {
  AGE_BANDS,
  type ApprovalFacts,
  approveNotice,
  type CaseFacts,
  type Consent,
  checkEntry,
  countsAsMinor,
  effectOf,
  giveConsent,
  isLive,
  KOREA_TARGET,
  laneOf,
  NO_QUESTIONS,
  type Notice,
  type NoticeFacts,
  nextAct,
  type PlaceQuestions,
  PROMISES,
  Refusal,
  sendNotice,
  settleConsent,
  withdrawConsent,
} from "../src/index.ts";

const now = Temporal.Instant.from("2026-11-22T00:00:00Z");
const given = giveConsent("remove", now);

function refusedWith(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.reason.code;
    throw error;
  }
}

test("unknown age counts as a child, and so does eighteen in Korea", () => {
  expect(AGE_BANDS.filter((band) => !countsAsMinor(band))).toEqual(["19", "20s", "30s", "40s", "50-plus"]);
});

describe("consent", () => {
  test("withdrawn at once when she chose so, else a day later, and not before", () => {
    expect(withdrawConsent(given, "at-once", now)).toMatchObject({ state: "withdrawn" });
    const withdrawing = withdrawConsent(given, "after-24-hours", now);
    expect(isLive(withdrawing)).toBe(true);
    expect(settleConsent(withdrawing, now.add({ hours: 23, minutes: 59 }))).toBe(withdrawing);
    expect(settleConsent(withdrawing, now.add({ hours: 24 }))).toMatchObject({ state: "withdrawn" });
  });

  test("that was never given cannot be withdrawn", () => {
    expect(refusedWith(() => withdrawConsent({ act: "share", state: "refused" }, "at-once", now))).toBe(
      "CONSENT_NOT_GIVEN",
    );
  });
});

describe("a notice", () => {
  const draft: Notice = { state: "draft", id: "n1", recipientId: "p1" };
  const good: ApprovalFacts = {
    hasMandate: true,
    remove: given,
    threatActive: false,
    policeHold: false,
    recipientHostile: false,
    places: 1,
    missing: [],
  };
  const wrong: [string, Partial<NoticeFacts>][] = [
    ["MANDATE_MISSING", { hasMandate: false }],
    ["CONSENT_MISSING", { remove: undefined }],
    ["CONSENT_MISSING", { remove: withdrawConsent(given, "after-24-hours", now) }],
    ["CONSENT_MISSING", { remove: { act: "remove", state: "refused" } as Consent }],
    ["THREAT_ACTIVE", { threatActive: true }],
    ["POLICE_HOLD", { policeHold: true }],
    ["RECIPIENT_HOSTILE", { recipientHostile: true }],
    ["NOTHING_TO_ASK", { places: 0 }],
  ];

  test("is approved and sent when everything it needs is there", () => {
    const approved = approveNotice(draft, ["p1"], good, now);
    expect(sendNotice(approved, good, now)).toEqual({ state: "sent", id: "n1", recipientId: "p1", sentAt: now });
  });

  test.each(wrong)("is refused with %s at approval and again at sending", (code, change) => {
    expect(refusedWith(() => approveNotice(draft, ["p1"], { ...good, ...change }, now))).toBe(code);
    const approved = approveNotice(draft, ["p1"], good, now);
    expect(refusedWith(() => sendNotice(approved, { ...good, ...change }, now))).toBe(code);
  });

  test("is not approved while a field that it must hold is missing", () => {
    const lacking = { ...good, missing: ["signature" as const] };
    expect(refusedWith(() => approveNotice(draft, ["p1"], lacking, now))).toBe("FIELDS_MISSING");
  });

  test("goes to nobody whom the caseworker did not name, and never out of a draft", () => {
    expect(refusedWith(() => approveNotice(draft, ["p2"], good, now))).toBe("RECIPIENT_NOT_NAMED");
    expect(refusedWith(() => sendNotice(draft, good, now))).toBe("NOTICE_NOT_APPROVED");
    const stopped: Notice = { state: "stopped", id: "n1", recipientId: "p1", stoppedAt: now };
    expect(refusedWith(() => approveNotice(stopped, ["p1"], good, now))).toBe("NOTICE_NOT_DRAFT");
  });
});

describe("an entry", () => {
  test("by report alone makes platforms hold; by police, court or a platform's review, block; disputed, hold again", () => {
    expect(effectOf("self-reported", false)).toBe("hold");
    for (const basis of ["police", "court", "platform-review"] as const) {
      expect(effectOf(basis, false)).toBe("block");
      expect(effectOf(basis, true)).toBe("hold");
    }
  });

  test("needs a mandate, her consent, and a reference where somebody's decision is claimed", () => {
    const facts = {
      basis: "self-reported",
      reference: null,
      hasMandate: true,
      share: giveConsent("share", now),
    } as const;
    expect(refusedWith(() => checkEntry(facts))).toBeNull();
    expect(refusedWith(() => checkEntry({ ...facts, hasMandate: false }))).toBe("MANDATE_MISSING");
    expect(refusedWith(() => checkEntry({ ...facts, share: undefined }))).toBe("CONSENT_MISSING");
    const stopping = withdrawConsent(giveConsent("share", now), "after-24-hours", now);
    expect(refusedWith(() => checkEntry({ ...facts, share: stopping }))).toBe("CONSENT_MISSING");
    expect(refusedWith(() => checkEntry({ ...facts, basis: "police", reference: " " }))).toBe("BASIS_NEEDS_REFERENCE");
  });
});

test("a flood or a closed gate sets reports aside and turns none away", () => {
  expect(laneOf({ gate: "open", acceptedInLastHour: 119, mostAnHour: 120 })).toBe("queue");
  expect(laneOf({ gate: "open", acceptedInLastHour: 120, mostAnHour: 120 })).toBe("set-aside");
  expect(laneOf({ gate: "closed", acceptedInLastHour: 0, mostAnHour: 120 })).toBe("set-aside");
});

describe("the next act", () => {
  const calm: CaseFacts = {
    state: "open",
    receivedAt: now,
    danger: false,
    threat: false,
    assigned: true,
    hasMandate: true,
    sharesFingerprints: true,
    asksRemoval: true,
    unlistedItems: 0,
    openPlaces: 0,
    backPlaces: 0,
    questions: NO_QUESTIONS,
    draftNotices: 0,
    unansweredSince: null,
    unreadMailSince: null,
    ...{ doubtSince: null, sheetSince: null, stepSince: null },
    safeContactWaitingSince: null,
    answerDue: null,
  };
  const act = (change: Partial<CaseFacts>, at = now) => nextAct({ ...calm, ...change }, at).act;

  test("is the most pressing one", () => {
    expect(act({ state: "received", assigned: false, danger: true })).toBe("reach-her-safely");
    expect(act({ state: "received", assigned: false, threat: true })).toBe("plan-for-threat");
    expect(act({ state: "received", assigned: false })).toBe("assign");
    expect(act({ danger: true, unansweredSince: now })).toBe("reach-her-safely");
    expect(act({ safeContactWaitingSince: now, unansweredSince: now })).toBe("tell-safe-contact");
    expect(act({ unansweredSince: now, hasMandate: false })).toBe("answer-message");
    expect(act({ unreadMailSince: now, backPlaces: 1 })).toBe("read-answers");
    expect(act({ unreadMailSince: now, unansweredSince: now })).toBe("answer-message");
    const byHand = { doubtSince: now, sheetSince: now, stepSince: now, unreadMailSince: now, draftNotices: 1 };
    expect(act(byHand)).toBe("settle-doubt");
    expect(act({ ...byHand, doubtSince: null })).toBe("send-by-hand");
    expect(act({ ...byHand, doubtSince: null, sheetSince: null })).toBe("read-answers");
    expect(act({ stepSince: now, draftNotices: 1 })).toBe("take-next-step");
    expect(act({ stepSince: now, asksRemoval: false, draftNotices: 1 })).toBe("approve-notices");
    expect(act({ hasMandate: false, openPlaces: 3 })).toBe("record-mandate");
    expect(act({ backPlaces: 1, openPlaces: 3 })).toBe("ask-again");
    expect(act({ draftNotices: 1, openPlaces: 1 })).toBe("approve-notices");
    expect(act({ openPlaces: 1, unlistedItems: 1 })).toBe("draft-notices");
    expect(act({ unlistedItems: 1 })).toBe("list-items");
    expect(act({})).toBe("wait");
  });

  test("is never to do what she did not consent to", () => {
    expect(act({ asksRemoval: false, openPlaces: 3, backPlaces: 1 })).toBe("wait");
    const asking = (change: Partial<PlaceQuestions>) => ({ questions: { ...NO_QUESTIONS, ...change } });
    expect(act({ ...asking({ linksToAsk: 1 }), answerDue: { clock: PROMISES.followUp, dueAt: now } })).toBe(
      "ask-about-link",
    );
    expect(act(asking({ linksToAsk: 1, linksToDecide: 1 }))).toBe("decide-link");
    expect(act({ ...asking({ linksToAsk: 1, sourceless: 1 }), asksRemoval: false })).toBe("wait");
    expect(act({ ...asking({ linksToAsk: 1 }), draftNotices: 1 })).toBe("approve-notices");
    expect(act(asking({ sourceless: 1 }))).toBe("find-address");
    expect(
      act({ ...asking({ sourceless: 1 }), answerDue: { clock: PROMISES.followUp, dueAt: now.subtract({ hours: 1 }) } }),
    ).toBe("chase-answer");
    expect(act({ sharesFingerprints: false, unlistedItems: 2 })).toBe("wait");
    expect(act({ hasMandate: false, asksRemoval: false, sharesFingerprints: false })).toBe("wait");
  });

  test("chases an answer once it is overdue, and not before", () => {
    const answerDue = { clock: KOREA_TARGET, dueAt: now.add({ hours: 24 }) };
    expect(act({ answerDue }, now.add({ hours: 24 }))).toBe("wait");
    expect(act({ answerDue }, now.add({ hours: 25 }))).toBe("chase-answer");
    expect(nextAct({ ...calm, answerDue }, now).dueAt).toEqual(answerDue.dueAt);
  });

  test("of a closed case or one set aside is to wait, with no clock", () => {
    expect(nextAct({ ...calm, state: "closed", danger: true }, now)).toEqual({ act: "wait", clock: null, dueAt: null });
    expect(act({ state: "set-aside", danger: true })).toBe("wait");
  });
});
