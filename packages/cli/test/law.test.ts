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
  expect(text.stdout).toMatch(/on failure: \S/);
  expect(text.stdout).toMatch(/counter-notice: \S/);
  const rows = jikim("law", "us", "--json", "--on", "2026-11-22")
    .stdout.trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const korean = jikim("law", "kr", "--json").stdout;
  expect(JSON.parse(korean.trim().split("\n").at(-1) ?? "")).toMatchObject({ kind: "policy", hours: 24 });
  expect(rows.find((row) => row.id === "us-tida-223a")).toMatchObject({ mayAssert: true, source: { mark: "read" } });
});

test("an unknown place, day or command is an error that says what to do", () => {
  for (const words of [
    ["law", "xx"],
    ["law", "kr", "--on", "soon"],
    ["law", "kr", "--on", "20261122"],
    ["law", "kr", "--nonsense"],
    ["nothing"],
    [],
  ]) {
    const { status, stdout } = jikim(...words);
    expect(status, words.join(" ")).toBe(2);
    expect(JSON.parse(stdout).error.message).toMatch(/jikim|YYYY/);
  }
});

test("nothing but an answer ends with 0 or 1: a reader who left, a language that is none, a fault of ours", () => {
  expect(jikim("law", "kr", "--language", "fr").stdout).toContain("BAD_LANGUAGE");
  const main = join(import.meta.dirname, "../src/main.ts");
  const shell = (script: string) => spawnSync("bash", ["-c", script, process.execPath, main], { encoding: "utf8" });
  const left = shell('set -o pipefail; "$0" "$1" law kr --json | true; echo $?');
  expect([left.stdout, left.stderr]).toEqual(["2\n", ""]);
  // A day that is none: a fault that no rule foresaw.
  const broken = "data:text/javascript,Temporal.Now.plainDateISO=()=>({})";
  const fault = spawnSync(process.execPath, ["--import", broken, main, "law", "kr"], { encoding: "utf8" });
  expect([fault.status, JSON.parse(fault.stdout).error.code]).toEqual([2, "FAULT"]);
});
