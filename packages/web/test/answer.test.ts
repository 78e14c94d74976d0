import { expect, test } from "vitest";
import { readAnswer } from "../src/shared/documents.ts";

const answer = {
  ...{ from: "가상 담당 <abuse@board.example>", subject: "Re", text: "삭제했습니다", phrase: "삭제했", cut: false },
  parts: [{ type: "image/png", bytes: 3, sha256: "00" }],
};

test("a recipient's mail is read as the server sealed it, and anything else is not", () => {
  expect(readAnswer(answer)).toEqual(answer);
  expect(readAnswer({ ...answer, cut: "yes", parts: [{ type: 1 }, null] })).toEqual({ ...answer, parts: [] });
  expect(readAnswer({ ...answer, parts: "x" })?.parts).toEqual([]);
  for (const other of [null, "x", { ...answer, text: 1 }, {}]) expect(readAnswer(other)).toBeNull();
});
