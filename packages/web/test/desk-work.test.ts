import { UNASKED } from "@jikim/casework";
import { expect, test } from "vitest";
import type { Case, Notice, Place } from "../src/desk/contract.ts";
import { dueOf, partsOf } from "../src/desk/due.ts";
import { ledgerOf } from "../src/desk/ledger.ts";
import { sayNumbers } from "../src/desk/numbers.ts";
import { releaseLines } from "../src/desk/release-log.ts";
import { whatStopsListing, whatStopsNotices } from "../src/desk/sending.ts";
import { inventCase, inventStaff, newRoot } from "./desk-case.ts";

const NOW = Date.parse("2026-06-01T12:00:00Z");
const inHours = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();

test("a due time is overdue when past, soon in its last quarter, else later", () => {
  expect(dueOf(null, 24, NOW)).toEqual({ state: "none" });
  expect(dueOf(inHours(-2), 24, NOW)).toEqual({ state: "overdue", minutes: 120 });
  expect(dueOf(inHours(5), 24, NOW)).toEqual({ state: "soon", minutes: 300 });
  expect(dueOf(inHours(7), 24, NOW)).toEqual({ state: "later", minutes: 420 });
  expect(dueOf(inHours(0.5), 1, NOW).state).toBe("later");
  expect(dueOf(inHours(10), 48, NOW).state).toBe("later");
});

test("spans are said in the two units that matter", () => {
  expect(partsOf(59)).toEqual({ days: 0, hours: 0, minutes: 59 });
  expect(partsOf(61)).toEqual({ days: 0, hours: 1, minutes: 1 });
  expect(partsOf(7 * 60 + 5)).toEqual({ days: 0, hours: 7, minutes: 0 });
  expect(partsOf(1440 + 61)).toEqual({ days: 1, hours: 1, minutes: 0 });
});

test("numbers of places are said as runs, so that two hundred of them are one line", () => {
  expect(sayNumbers(Array.from({ length: 200 }, (_, at) => at + 1))).toBe("1–200");
  expect(sayNumbers([7, 1, 2, 3, 9, 10, 3])).toBe("1–3, 7, 9, 10");
  expect(sayNumbers([])).toBe("");
});

test("the ledger of a place holds its notices, deliveries, answers and checks in order, and nothing of other places", () => {
  const place: Place = {
    ...{ id: "p1", number: 1, address: { kind: "url", text: "https://board.example/1" } },
    ...{
      state: "removed",
      namedBy: "survivor",
      canary: null,
      fetchYes: { survivor: false, staff: false },
      link: UNASKED,
    },
    checks: [{ at: inHours(4), outcome: "removed", nextAt: null, vantages: [], blockedIn: [], robots: null }],
  };
  const notice: Notice = {
    ...{
      id: "n1",
      recipient: { id: "r", kind: "platform", name: "보드", registryKey: null, hostile: false },
      state: "answered",
      places: ["p1"],
    },
    ...{ letter: { subject: "", text: "" }, ground: null, declarations: [], missing: [], sheet: null, endSheet: null },
    ...{ approvedAt: inHours(1), sentAt: inHours(1.1), due: null },
    answer: { answer: "removed", at: inHours(3) },
    deliveries: [
      { channel: "api", state: "sent", at: inHours(1.2) },
      { channel: "mail", state: "pending", at: null },
    ],
  };
  const lines = ledgerOf(place, [notice, { ...notice, id: "n2", places: ["p2"] }]);
  expect(lines.map(({ what }) => what)).toEqual(["approved", "sent", "delivered", "answered", "checked"]);
});

test("nothing is listed or sent without mandate and consent, under a threat or a police hold", async () => {
  const [held] = await inventCase(await inventStaff(newRoot(), "상담 1"), "");
  const given = (act: "remove" | "share") => ({ act, state: "given" as const, givenAt: inHours(0) });
  const ready: Case = {
    ...held,
    mandate: { by: "talk", recordedAt: inHours(0), recordedBy: "상담 1" },
    consents: [given("remove"), given("share")],
  };
  expect(whatStopsNotices(ready)).toBeNull();
  expect(whatStopsListing(ready)).toBeNull();
  expect(whatStopsNotices({ ...ready, mandate: null })).toBe("MANDATE_MISSING");
  expect(whatStopsListing({ ...ready, mandate: null })).toBe("MANDATE_MISSING");
  expect(whatStopsNotices({ ...ready, consents: [given("share")] })).toBe("CONSENT_MISSING");
  expect(whatStopsListing({ ...ready, consents: [{ act: "share", state: "refused" }] })).toBe("CONSENT_MISSING");
  expect(whatStopsNotices({ ...ready, flags: { ...ready.flags, threat: true } })).toBe("THREAT_ACTIVE");
  expect(whatStopsNotices({ ...ready, flags: { ...ready.flags, policeHold: true } })).toBe("POLICE_HOLD");
  const withdrawing = { ...given("remove"), state: "withdrawing" as const, effectiveAt: inHours(24) };
  expect(whatStopsNotices({ ...ready, consents: [withdrawing] })).toBe("CONSENT_MISSING");
});

test("the log of releases joins repeats in a row and leaves none out", () => {
  const release = (hour: number, who: string, what: "opened" | "wrote") => ({
    at: inHours(hour),
    role: "intake" as const,
    who,
    what,
  });
  const log = [release(0, "상담 1", "opened"), release(1, "상담 1", "opened"), release(2, "상담 1", "wrote")];
  const lines = releaseLines([...log, release(3, "상담 1", "opened"), release(4, "상담 2", "opened")]);
  expect(lines.map(({ who, what, times }) => [who, what, times])).toEqual([
    ["상담 2", "opened", 1],
    ["상담 1", "opened", 1],
    ["상담 1", "wrote", 1],
    ["상담 1", "opened", 2],
  ]);
  expect(lines.reduce((sum, { times }) => sum + times, 0)).toBe(5);
});
