import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findMissing, isSharedAccount, PROGRAMS, sayAccount, sayMissing } from "../src/programs.ts";

type Listed = { readonly name: string; readonly for: readonly string[]; readonly found: readonly string[] };
const listed = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "..", "system-packages.json"), "utf8"),
) as Listed[];

test("what the server can do without is what npm start installs, and is found at the same place", () => {
  const forStart = listed.filter((one) => one.for.includes("start"));
  expect(forStart.map((one) => one.name).sort()).toEqual(PROGRAMS.map((one) => one.package).sort());
  for (const { package: name, found } of PROGRAMS)
    expect(forStart.find((one) => one.name === name)?.found).toEqual([found[0]]);
});

test("where all is there nothing is said", () => {
  expect(sayMissing(findMissing(() => true))).toEqual([]);
});

test("of what is missing it is said what does not work, and the one command", () => {
  const missing = findMissing((path) => !/chromium|nanum/.test(path));
  const said = sayMissing(missing, true).join("\n");
  expect(said).toContain("chromium: PDF 편지를");
  expect(said).toContain("no letters as PDF, no captures");
  expect(said).not.toContain("ffmpeg");
  expect(said).toMatch(/sudo sh -c 'apt-get update && apt-get install -y [^\n]* chromium fonts-nanum'$/);
});

test("where there is no apt the files are named that have to be there", () => {
  const said = sayMissing(
    findMissing(() => false),
    false,
  ).join("\n");
  expect(said).not.toContain("apt-get");
  for (const { found } of PROGRAMS) expect(said).toContain(found[0]);
});

test("a second name of the same program counts", () => {
  expect(findMissing((path) => path !== "/usr/bin/chromium")).toEqual([]);
});

test("an operator who did not start as root is told that foreign pages share the server's account", () => {
  expect([isSharedAccount(0), isSharedAccount(1000), isSharedAccount(undefined)]).toEqual([
    false,
    true,
    process.getuid?.() !== 0,
  ]);
  expect(sayAccount(false)).toEqual([]);
  expect(sayAccount(true).join(" ")).toMatch(/루트로 시작하지 않아.*Not started as root/);
});
