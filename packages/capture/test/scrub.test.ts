import fc from "fast-check";
import { expect, test } from "vitest";
import { FUZZ_RUNS } from "../../../setup/fuzz-runs.ts";
import { scrub } from "../src/scrub.ts";

test("words, addresses and Korean in addresses are left as they are", () => {
  const said =
    '한국어 https://example.com/some/long/path/that-is-ordinary <a href="/%ED%95%9C%EA%B5%AD%EC%96%B4">방</a>';
  expect(scrub(said)).toEqual({ text: said, cuts: [] });
});

test("of any bytes in base64 as a data address nothing is left", () => {
  const bytes = fc.uint8Array({ minLength: 24, maxLength: 900 });
  const left = (given: Uint8Array) => {
    const encoded = Buffer.from(given).toString("base64");
    const { text, cuts } = scrub(`<img src="data:image/png;base64,${encoded}">`);
    expect(text).not.toContain(encoded.slice(0, 16));
    expect(cuts[0]?.bytes).toEqual(Buffer.from(given));
  };
  fc.assert(fc.property(bytes, left), { seed: 5, numRuns: 300 });
});

test("hostile texts are read without a crash or a hang", () => {
  const pieces = ["a", "+", "1,", '"+"', "%4", "\\x41", "data:image/", ",", "=", "\n", "\\n", " ", "\0", "/9j/4", "가"];
  const text = fc.array(fc.tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 90 })), { maxLength: 12 });
  const read = (parts: [string, number][]) => {
    scrub(parts.map(([piece, times]) => piece.repeat(times)).join(""));
  };
  fc.assert(fc.property(text, read), { seed: 5, numRuns: FUZZ_RUNS });
});
