import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { holds, pieces } from "../search.ts";

test("a planted word is found however it is written down", () => {
  const word = "심어둔-단어-하나";
  const bytes = Buffer.from(word);
  const written = [
    word,
    JSON.stringify({ word }),
    encodeURIComponent(word),
    bytes.toString("hex"),
    Buffer.concat([Buffer.from("a"), bytes, Buffer.from("bc")]).toString("base64"),
    Buffer.concat([Buffer.from("ab"), bytes]).toString("base64url"),
    bytes.toString("base64"),
    Buffer.from(word, "utf16le"),
  ];
  for (const text of written)
    expect(holds(Buffer.concat([randomBytes(50), Buffer.from(text), randomBytes(50)]), word)).toBe(true);
  expect(holds(randomBytes(4000), word)).toBe(false);
});

test("any part of a file of some length holds one of its pieces", () => {
  const file = randomBytes(100_000);
  const part = file.subarray(40_000, 46_000);
  expect(pieces(file).some((piece) => holds(part, piece))).toBe(true);
  expect(pieces(file).some((piece) => holds(Buffer.from(part.toString("base64")), piece))).toBe(true);
  expect(pieces(Buffer.alloc(5000))).toEqual([]);
});
