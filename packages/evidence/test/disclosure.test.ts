import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commitToAll, disclose, isDisclosed } from "../src/chat.ts";

const texts = Array.from({ length: 1000 }, (_, at) => `${at} 지어낸 말`);

describe("some of many messages", () => {
  const committed = commitToAll(texts);
  const shown = disclose(texts, committed, [999, 3, 3, 500]);

  test("are shown in order, each proved to stand at its place", () => {
    expect(shown.map(({ index }) => index)).toEqual([3, 500, 999]);
    expect(shown.every((each) => isDisclosed(committed, each))).toBe(true);
  });

  test("cannot be altered, moved, shown under another salt, nor can a message be said to be left out that was not there", () => {
    const [first] = shown;
    if (first === undefined) throw new Error("nothing shown");
    const other = "f".repeat(32);
    const lies = [
      { text: "3 다른 말" },
      { index: 4 },
      { salt: other },
      { proof: first.proof.slice(1) },
      { proof: ["zz"] },
      { index: -1 },
    ];
    expect(lies.map((lie) => isDisclosed(committed, { ...first, ...lie }))).toEqual(lies.map(() => false));
    expect(isDisclosed({ ...committed, size: 500 }, first)).toBe(false);
  });

  test("tell nothing of the others: the same words twice have different leaves", () => {
    const twice = commitToAll(["같은 말", "같은 말"]);
    const [one] = disclose(["같은 말", "같은 말"], twice, [0]);
    const [two] = disclose(["같은 말", "같은 말"], twice, [1]);
    expect(one?.proof).not.toEqual(two?.proof);
    expect(new Set(committed.salts).size).toBe(1000);
  });

  test("of any number and any choice", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1, maxLength: 70 }),
        fc.array(fc.nat(), { maxLength: 9 }),
        (all, asked) => {
          const whole = commitToAll(all);
          const places = asked.map((place) => place % all.length);
          expect(disclose(all, whole, places).every((each) => isDisclosed(whole, each))).toBe(true);
        },
      ),
      { numRuns: 200, seed: 5 },
    );
  });
});
