import { expect, test } from "vitest";
import { afterKey, NO_PRESSES, type Presses } from "../src/portal/shift-presses.ts";

const press = (keys: readonly (readonly [string, number])[]): Presses =>
  keys.reduce((presses, [key, at]) => afterKey(presses, key, at), NO_PRESSES);

test("three presses of Shift within five seconds leave", () => {
  expect(
    press([
      ["Shift", 0],
      ["Shift", 400],
      ["Shift", 900],
    ]).count,
  ).toBe(3);
});

test("capitals while writing do not leave", () => {
  expect(
    press([
      ["Shift", 0],
      ["A", 50],
      ["Shift", 300],
      ["B", 350],
      ["Shift", 600],
    ]).count,
  ).toBe(1);
});

test("slow presses begin anew", () => {
  expect(
    press([
      ["Shift", 0],
      ["Shift", 400],
      ["Shift", 5500],
    ]).count,
  ).toBe(1);
});
