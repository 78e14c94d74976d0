import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDisclosed, newSecret, openCommitment, saltsOf } from "../src/chat.ts";

function commit(all: readonly string[], places: readonly number[], secret = newSecret()) {
  const committing = openCommitment(secret, new Set(places));
  for (const text of all) committing.add(text);
  return committing.end();
}

const texts = Array.from({ length: 1000 }, (_, at) => `${at} 지어낸 말`);

describe("some of many messages", () => {
  const { commitment: committed, shown } = commit(texts, [999, 3, 3, 500]);

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
    const [one, two] = commit(["같은 말", "같은 말"], [0, 1]).shown;
    expect(one?.proof).not.toEqual(two?.proof);
    const saltOf = saltsOf(newSecret(), "message");
    expect(new Set(Array.from({ length: 1000 }, (_, at) => saltOf(at).toString())).size).toBe(1000);
  });

  test("are committed to alike under the same secret, and unlike under another", () => {
    const secret = newSecret();
    expect(commit(texts, [1], secret).commitment).toEqual(commit(texts, [700, 9], secret).commitment);
    expect(commit(texts, [1]).commitment).not.toEqual(committed);
  });

  test("have salts that anybody can derive again with HMAC-SHA-256", () => {
    const secret = new Uint8Array(32).fill(7);
    const place = Buffer.alloc(8);
    place.writeBigUInt64BE(500n);
    const mac = createHmac("sha256", secret).update("jikim/message-salt/v1\n").update(place).digest("hex");
    expect(commit(texts, [500], secret).shown[0]?.salt).toBe(mac.slice(0, 32));
  });

  test("that never came cannot be shown", () => {
    expect(() => commit(texts, [1000])).toThrow(RangeError);
  });

  test("of any number and any choice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1200 }), fc.array(fc.nat(), { maxLength: 9 }), (count, asked) => {
        const places = asked.map((place) => place % count);
        const { commitment, shown } = commit(texts.concat(texts).slice(0, count), places);
        expect(new Set(shown.map(({ index }) => index))).toEqual(new Set(places));
        expect(shown.every((each) => isDisclosed(commitment, each))).toBe(true);
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});
