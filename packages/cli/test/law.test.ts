import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const jikim = (...words: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, "../src/main.ts"), ...words], { encoding: "utf8" });

test("jikim law prints a jurisdiction's table with marks and sources, as text and as JSON lines", () => {
  const text = jikim("law", "kr", "--on", "2026-11-22");
  expect(text.status).toBe(0);
  expect(text.stdout).toContain("전기통신사업법 22-5(1)");
  expect(text.stdout).toContain("policy target, not law: 24 h");
  const rows = jikim("law", "us", "--json", "--on", "2026-11-22")
    .stdout.trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows.find((row) => row.id === "us-tida-223a")).toMatchObject({ mayAssert: true, source: { mark: "read" } });
});

test("an unknown place, day or command is an error that says what to do", () => {
  for (const words of [["law", "xx"], ["law", "kr", "--on", "soon"], ["law", "kr", "--nonsense"], ["nothing"]]) {
    const { status, stdout } = jikim(...words);
    expect(status, words.join(" ")).toBe(2);
    expect(JSON.parse(stdout).error.message).toMatch(/jikim|YYYY/);
  }
});
