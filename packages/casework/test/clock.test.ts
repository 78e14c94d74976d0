import { describe, expect, test } from "vitest";
import {
  CALENDARS,
  clocksOf,
  dueAfter,
  type Ground,
  LAWS,
  NO_READINGS,
  type NoticeTimes,
  PROMISES,
  roughHours,
  runFirst,
  startOf,
} from "../src/index.ts";

const ground = (id: string): Ground => {
  const law = Object.values(LAWS)
    .flatMap((table) => table.laws)
    .find((each) => each.id === id);
  if (law?.kind !== "ground") throw new Error(`no ground ${id}`);
  return law;
};
const today = { day: Temporal.PlainDate.from("2026-11-22"), readings: NO_READINGS };
const sentAt = Temporal.Instant.from("2026-11-20T09:00:00Z");
const times: NoticeTimes = { sentAt, receivedAt: null };

describe("Korea's article 22-5", () => {
  const clocks = clocksOf(ground("kr-tba-22-5"), "kr", today);

  test("says without delay, which has no hours; the board's 24 hours stand beside it as a target", () => {
    expect(clocks.map((clock) => clock.kind)).toEqual(["legal", "policy", "promise"]);
    const [law] = clocks;
    expect(law).toMatchObject({ length: "without-delay", article: "22-5(1)", mark: "read" });
    expect(law && "count" in law).toBe(false);
    expect(law && dueAfter(law, sentAt, CALENDARS.kr)).toBeNull();
    expect(law && roughHours(law)).toBeNull();
  });

  test("is counted down by the target, and the target is never called law", () => {
    expect(runFirst(clocks, times, CALENDARS.kr)).toMatchObject({
      clock: { kind: "policy", hours: 24 },
      dueAt: sentAt.add({ hours: 24 }),
    });
    expect(clocks.some((clock) => clock.kind === "legal" && clock.length === "hours")).toBe(false);
  });
});

test("a period of hours runs from receipt where that is known, else from when the recipient's server took it", () => {
  const clocks = clocksOf(ground("us-tida-223a"), "us", today);
  const receivedAt = sentAt.add({ hours: 3 });
  expect(runFirst(clocks, { sentAt, receivedAt }, CALENDARS.us)?.dueAt).toEqual(receivedAt.add({ hours: 48 }));
  expect(runFirst(clocks, times, CALENDARS.us)?.dueAt).toEqual(sentAt.add({ hours: 48 }));
});

test("a period that runs from an authority's own order is not counted from our letter", () => {
  const [law] = clocksOf(ground("au-osa-77"), "au", today);
  expect(law).toMatchObject({ kind: "legal", length: "hours", count: 24, from: "order" });
  expect(law && startOf(law, times)).toBeNull();
  expect(runFirst(clocksOf(ground("au-osa-77"), "au", today), times, CALENDARS.au)?.clock).toBe(PROMISES.followUp);
});

test("a plain request, a row that was not read, and one that is not in force yet set no legal period running", () => {
  const kinds = (...facts: Parameters<typeof clocksOf>) => clocksOf(...facts).map((clock) => clock.kind);
  expect(kinds(null, "us", today)).toEqual(["promise"]);
  expect(kinds(ground("gb-intimate-image-report"), "gb", today)).toEqual(["promise"]);
  expect(kinds(ground("us-tida-223a"), "us", { ...today, day: Temporal.PlainDate.from("2026-05-18") })).toEqual([
    "promise",
  ]);
  expect(kinds(ground("us-tida-223a"), "us", { ...today, day: Temporal.PlainDate.from("2027-05-18") })).toEqual([
    "promise",
  ]);
  expect(kinds(null, null, today)).toEqual(["promise"]);
  expect(kinds(null, "kr", today)).toEqual(["policy", "promise"]);
});

test("every notice has a clock that runs", () => {
  for (const table of Object.values(LAWS))
    for (const law of table.laws)
      if (law.kind === "ground")
        expect(
          runFirst(clocksOf(law, table.jurisdiction, today), times, CALENDARS[table.jurisdiction]),
          law.id,
        ).not.toBeNull();
});
