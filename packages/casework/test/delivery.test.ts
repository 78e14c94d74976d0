import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  beginTry,
  type Delivery,
  dropDelivery,
  type Evidence,
  endTry,
  layReady,
  loseTry,
  MOST_TRIES,
  type Settlement,
  sendByHand,
  setRight,
  settleDoubt,
  type TryOutcome,
  weighEvidence,
} from "../src/delivery.ts";

const start = Temporal.Instant.from("2026-11-22T00:00:00Z");
const later = (span: Temporal.DurationLike) => start.add(span);
const pending: Delivery = { state: "pending", tries: 0, dueAt: start };
const under: Delivery = { state: "handed-over", tries: 1, until: later({ minutes: 3 }), doubtedSince: null };
const doubt: Delivery = { state: "in-doubt", tries: 1, since: start, asked: 0, askAt: start };
const found = (evidence: Evidence, tries = 1) => ({ tries, evidence });
const by = (outcome: TryOutcome, tries = 1) => ({ tries, outcome, settlement: "ask" as const });

describe("a delivery", () => {
  test("is handed over once it is due, and by nobody else while that may be under way", () => {
    expect(beginTry({ ...pending, dueAt: later({ seconds: 1 }) }, "ask", start)).toBeNull();
    expect(beginTry(pending, "ask", start)).toEqual(under);
    for (const other of [under, doubt, { state: "sent", tries: 1, at: start } as const])
      expect(beginTry(other, "ask", later({ hours: 9 }))).toBeNull();
  });

  test("whose process died is in doubt, and is not handed over again", () => {
    expect(loseTry(under, "ask", later({ minutes: 2 }))).toBeNull();
    const lost = loseTry(under, "ask", later({ minutes: 3 }));
    expect(lost).toMatchObject({ state: "in-doubt", askAt: later({ minutes: 4 }) });
    expect(loseTry(under, "person", later({ minutes: 3 }))).toMatchObject({ state: "in-doubt", askAt: null });
  });

  test("in doubt is repeated only by a service for which the same key twice is one report, and never when it was dropped", () => {
    expect(beginTry(doubt, "repeat", start)).toMatchObject({ state: "handed-over", tries: 2 });
    expect(beginTry(doubt, "repeat", later({ hours: 24 }))).toBeNull();
    expect(loseTry(doubt, "repeat", later({ hours: 24 }))).toMatchObject({ state: "in-doubt", askAt: null });
    const dropped = dropDelivery(doubt, "repeat", start);
    expect(dropped).toMatchObject({ state: "in-doubt", askAt: null });
    expect(dropped && beginTry(dropped, "repeat", later({ hours: 9 }))).toBeNull();
  });

  test("that nobody can say was taken is in doubt too, at once", () => {
    expect(endTry(under, by("unknown"), start)?.state).toBe("in-doubt");
    expect(endTry(under, by("not-taken"), start)?.state).toBe("pending");
  });

  test("in doubt is sent when its copy is found, and tried again only when it is absent for long", () => {
    expect(weighEvidence(doubt, found("accepted"), later({ hours: 1 }))).toEqual({
      state: "sent",
      tries: 1,
      at: start,
    });
    expect(weighEvidence(doubt, found("absent"), later({ minutes: 29 }))).toMatchObject({
      state: "in-doubt",
      asked: 1,
    });
    expect(weighEvidence(doubt, found("absent"), later({ minutes: 30 }))).toMatchObject({ state: "pending" });
    expect(weighEvidence(doubt, found("unavailable"), later({ hours: 30 }))).toMatchObject({
      state: "in-doubt",
      asked: 1,
    });
    expect(weighEvidence(doubt, found("refused"), start)).toMatchObject({ state: "failed" });
  });

  test("in doubt about a later try is not settled by what an earlier one left undone", () => {
    const again: Delivery = { ...doubt, tries: 2 };
    expect(weighEvidence(again, found("absent"), later({ hours: 1 }))).toBeNull();
    expect(weighEvidence(again, found("accepted"), later({ hours: 1 }))?.state).toBe("sent");
  });

  test("planned by a clock that was years ahead is looked at by the right one, and never later than its pauses", () => {
    const years = later({ hours: 24 * 365 * 3 });
    expect(setRight({ ...pending, dueAt: years }, start)).toEqual(pending);
    expect(setRight({ ...under, until: years }, start)).toEqual({ ...under, until: start });
    expect(setRight({ ...doubt, askAt: years }, start)).toEqual(doubt);
    const soon = later({ hours: 34 });
    expect(setRight({ ...pending, dueAt: soon }, start)).toEqual({ ...pending, dueAt: soon });
    const unsure: Delivery = { ...doubt, since: years };
    expect(loseTry(unsure, "repeat", start)).toMatchObject({ state: "in-doubt", askAt: null });
    expect(beginTry(unsure, "repeat", start)).toBeNull();
    expect(weighEvidence(unsure, found("accepted"), start)).toMatchObject({ at: start });
  });

  test("whose evidence cannot be looked for waits for a person in the end, who says that it arrived or sends it again", () => {
    let waiting: Delivery = doubt;
    for (let looks = 0; looks < 20 && waiting.state === "in-doubt" && waiting.askAt !== null; looks++)
      waiting = weighEvidence(waiting, found("unavailable"), waiting.askAt) ?? waiting;
    expect(waiting).toMatchObject({ state: "in-doubt", askAt: null });
    expect(settleDoubt(waiting, "arrived", later({ hours: 9 }))).toEqual({ state: "sent", tries: 1, at: start });
    expect(settleDoubt(waiting, "send-again", start)).toEqual({ state: "pending", tries: 1, dueAt: start });
    expect(settleDoubt(under, "send-again", start)).toBeNull();
  });

  test("that was dropped is not handed over, and is sent all the same when it had left", () => {
    const dropped = dropDelivery(pending, "ask", start);
    expect(dropped).toMatchObject({ state: "failed" });
    expect(dropDelivery(under, "ask", start)).toBeNull();
    expect(dropDelivery(doubt, "ask", start)).toBeNull();
    expect(endTry({ state: "failed", tries: 1, at: start }, by("accepted"), start)?.state).toBe("sent");
    expect(endTry({ state: "failed", tries: 1, at: start }, by("not-taken"), start)).toBeNull();
  });

  test("of a web form is sent when a person says so", () => {
    expect(sendByHand({ state: "by-hand", tries: 0 }, start)).toEqual({ state: "sent", tries: 0, at: start });
    expect(sendByHand(pending, start)).toBeNull();
    expect(layReady(pending)).toEqual({ state: "by-hand", tries: pending.tries });
    expect(layReady({ state: "sent", tries: 1, at: start })).toBeNull();
  });

  test("the outcome of an earlier try does not end a later one, unless it was accepted", () => {
    const second: Delivery = { ...under, tries: 2 };
    for (const outcome of ["refused", "not-taken", "unknown"] as const)
      expect(endTry(second, by(outcome, 1), start)).toBeNull();
    expect(endTry(second, by("accepted", 1), start)?.state).toBe("sent");
  });
});

/** What happens to one delivery in a world of dying processes: it knows, unlike us, what was really taken. */
type Step =
  | "sweep"
  | "kill-before"
  | "kill-after"
  | "accepted"
  | "refused"
  | "not-taken"
  | "lost-answer"
  | "stale"
  | "drop";
const STEPS: readonly Step[] = [
  ...["sweep", "kill-before", "kill-after", "accepted", "refused"],
  ...["not-taken", "lost-answer", "stale", "drop"],
] as Step[];

type World = {
  delivery: Delivery;
  taken: number;
  now: Temporal.Instant;
  dropped: boolean;
  overAfterDrop: number;
  readonly ways: Settlement;
};

/** Evidence as the world has it: an archive that lags by less than half an hour, a service that can be asked, or none. */
function evidenceOf(world: World, isUp: boolean): Evidence {
  if (!isUp) return "unavailable";
  return world.taken > 0 ? "accepted" : "absent";
}

function step(world: World, what: Step): void {
  const { delivery, now, ways } = world;
  world.now = now.add({ minutes: 7 });
  if (what === "drop") {
    world.dropped = true;
    world.delivery = dropDelivery(delivery, ways, now) ?? delivery;
    return;
  }
  const lost = loseTry(delivery, ways, now);
  if (lost) world.delivery = lost;
  if (
    ways === "ask" &&
    world.delivery.state === "in-doubt" &&
    world.delivery.askAt &&
    Temporal.Instant.compare(world.delivery.askAt, now) <= 0
  )
    world.delivery =
      weighEvidence(world.delivery, found(evidenceOf(world, what !== "stale"), world.delivery.tries), now) ??
      world.delivery;
  // The guard that the server asks again before each try.
  if (world.dropped) world.delivery = dropDelivery(world.delivery, ways, now) ?? world.delivery;
  const begun = beginTry(world.delivery, ways, now);
  if (begun === null || what === "sweep") return;
  world.delivery = begun;
  if (world.dropped) world.overAfterDrop++;
  const reached = what === "kill-after" || what === "accepted" || what === "lost-answer";
  // The same key twice is one report for a service that knows it.
  if (reached) world.taken = ways === "repeat" ? 1 : world.taken + 1;
  const outcome = {
    accepted: "accepted",
    refused: "refused",
    "not-taken": "not-taken",
    "lost-answer": "unknown",
  } as const;
  if (what in outcome)
    world.delivery =
      endTry(begun, { tries: begun.tries, outcome: outcome[what as keyof typeof outcome], settlement: ways }, now) ??
      begun;
}

const newWorld = (ways: Settlement): World => ({
  ...{ delivery: pending, taken: 0, now: start, dropped: false, overAfterDrop: 0, ways },
});

describe("in any order of crashes", () => {
  const lives = fc.array(fc.constantFrom(...STEPS), { maxLength: 40 });
  const ways = fc.constantFrom<Settlement>("repeat", "ask", "person");

  test("a notice is taken at most once", () => {
    fc.assert(
      fc.property(lives, ways, (steps, settlement) => {
        const world = newWorld(settlement);
        for (const each of steps) step(world, each);
        expect(world.taken).toBeLessThanOrEqual(1);
        expect(world.overAfterDrop).toBe(0);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });

  test("and when calm returns it is sent exactly once, or the ledger says that it failed or waits for a person", () => {
    fc.assert(
      fc.property(lives, ways, (steps, settlement) => {
        const world = newWorld(settlement);
        for (const each of steps) step(world, each);
        for (let calm = 0; calm < 30; calm++) {
          world.now = world.now.add({ hours: 80 });
          step(world, "accepted");
        }
        const { state } = world.delivery;
        expect(["sent", "failed", "in-doubt"]).toContain(state);
        if (state === "sent") expect(world.taken).toBe(1);
        if (state === "in-doubt")
          expect(settlement !== "ask" || world.dropped || world.delivery.tries >= MOST_TRIES).toBe(true);
        if (state === "failed" && world.taken > 0) expect(steps).toContain("refused");
        if (state === "failed" && !world.dropped && !steps.includes("refused"))
          expect(world.delivery.tries).toBe(MOST_TRIES);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});
