import { AGE_BANDS } from "@jikim/casework";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addPlaces, consentsOf, emptyDraft, isMail, isMinor, notifyOf, readDraft } from "../src/portal/draft.ts";
import { progressOf, STEPS, type Step, stepAfter, stepBefore, stepsFor } from "../src/portal/steps.ts";
import { inventDraft } from "./portal-answers.ts";

test("an age that is not given counts as a child's", () => {
  expect(isMinor(emptyDraft())).toBe(true);
  expect(isMinor(inventDraft({ ageBand: "unknown" }))).toBe(true);
  expect(isMinor(inventDraft({ ageBand: "18" }))).toBe(true);
  expect(isMinor(inventDraft({ ageBand: "19" }))).toBe(false);
});

test("a minor is asked for no consent to the police, and none is recorded as hers", () => {
  const yes = { remove: true, share: true, police: true, statistics: true };
  expect(consentsOf(inventDraft({ ageBand: "14-17", consents: yes }))).toEqual({ ...yes, police: false });
  expect(consentsOf(inventDraft({ ageBand: "20s", consents: yes }))).toEqual(yes);
});

test("what she did not answer is no consent", () => {
  expect(consentsOf(emptyDraft())).toEqual({ remove: false, share: false, police: false, statistics: false });
});

test("only minors walk through what must be passed on, the guardian and the trusted adult", () => {
  const extra: Step[] = ["child", "guardian", "trusted-adult"];
  expect(stepsFor(inventDraft({ ageBand: "14-17" }))).toEqual(expect.arrayContaining(extra));
  expect(stepsFor(inventDraft({ ageBand: "30s" })).filter((step) => extra.includes(step))).toEqual([]);
});

test("when a withdrawal takes effect is asked only of who consents to something", () => {
  const none = { remove: false, share: null, police: false, statistics: null };
  expect(stepsFor(inventDraft({ consents: none }))).not.toContain("withdrawal");
  expect(stepsFor(inventDraft())).toContain("withdrawal");
});

test("forward and back lead through the same steps, whatever was answered", () => {
  const draft = fc.record({
    ageBand: fc.constantFrom(null, ...AGE_BANDS),
    remove: fc.constantFrom(null, true, false),
  });
  fc.assert(
    fc.property(draft, ({ ageBand, remove }) => {
      const answers = inventDraft({ ageBand, consents: { ...emptyDraft().consents, remove } });
      const forward: Step[] = [];
      for (let step: Step | null = "danger"; step !== null; step = stepAfter(step, answers)) forward.push(step);
      const back: Step[] = [];
      for (let step: Step | null = "review"; step !== null; step = stepBefore(step, answers)) back.unshift(step);
      expect(forward).toEqual(back);
      expect(forward).toEqual(stepsFor(answers));
    }),
    { seed: 7 },
  );
});

test("progress grows with every step and ends full", () => {
  const answers = inventDraft({ ageBand: "14-17" });
  const shares = stepsFor(answers).map((step) => progressOf(step, answers));
  expect(shares.map(({ at }) => at)).toEqual(shares.map((_, index) => index + 1));
  expect(shares.at(-1)).toEqual({ at: shares.length, of: shares.length });
});

test("a place named twice is one place", () => {
  const draft = emptyDraft();
  const place = { kind: "url", text: "https://board.example/1" } as const;
  expect(addPlaces(draft, [place, { kind: "room", text: "@room" }])).toBe(2);
  expect(addPlaces(draft, [place])).toBe(0);
  expect(draft.places).toHaveLength(2);
});

test("an address for news is sent only when it is one, with the words she chose", () => {
  expect(notifyOf(inventDraft())).toBeNull();
  expect(notifyOf(inventDraft({ notify: { mail: "a b@c", text: "새 글" } }))).toBeNull();
  expect(notifyOf(inventDraft({ notify: { mail: "her@mail.example", text: " " } }))).toBeNull();
  const notify = { mail: " her@mail.example ", text: "새 글" };
  expect(notifyOf(inventDraft({ notify }))).toEqual({ mail: "her@mail.example", text: "새 글" });
  expect(isMail("a@b")).toBe(false);
});

test("a draft read back is the one that was left", () => {
  const draft = inventDraft({ guardian: true, notify: { mail: "her@mail.example", text: "새 글" } });
  expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
});

test("whatever a seal held, reading it back gives a usable draft or nothing", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const draft = readDraft(value);
      if (draft === null) return;
      expect(STEPS).toEqual(expect.arrayContaining(stepsFor(draft)));
      expect(Object.keys(draft).sort()).toEqual(Object.keys(emptyDraft()).sort());
    }),
    { seed: 11 },
  );
  expect(
    readDraft({ items: [{ id: "x", kind: "picture", fingerprints: [{ value: "no", quality: 1 }] }] })?.items,
  ).toEqual([]);
  expect(readDraft({ harms: ["circulated", "invented"], ageBand: "7" })).toMatchObject({
    harms: ["circulated"],
    ageBand: null,
  });
});
