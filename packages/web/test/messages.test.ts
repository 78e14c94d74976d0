import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const PARTS = ["shared", "portal", "desk", "evidence"] as const;

function read(part: string, language: "ko" | "en"): Record<string, string> {
  const file = new URL(`../messages/${part}/${language}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
}

const holesOf = (text: unknown) => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test.each(PARTS)("every text of %s is there in Korean and in English, with the same places to fill", (part) => {
  const [korean, english] = [read(part, "ko"), read(part, "en")];
  expect(Object.keys(english).sort()).toEqual(Object.keys(korean).sort());
  for (const [key, text] of Object.entries(korean)) expect(holesOf(english[key]), key).toEqual(holesOf(text));
});

test("no text is named twice, since all of them share one name space", () => {
  const keys = PARTS.flatMap((part) => Object.keys(read(part, "ko")).filter((key) => key !== "$schema"));
  expect(keys.length).toBe(new Set(keys).size);
});
