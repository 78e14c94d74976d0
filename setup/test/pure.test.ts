import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** Where a rule would take its time, its chance or its facts by itself. Imports are for .dependency-cruiser.mjs. */
const impure =
  /\bTemporal\.Now\b|\bnew Date\b|\bDate\.\w|\bMath\.random\b|\bfetch\(|\bcrypto\.|\bprocess\.|\bperformance\./;

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

test("no rule of casework reads a clock, chance, the network or the environment", () => {
  const files = globSync("packages/casework/src/**/*.ts", { cwd: root });
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => impure.test(withoutComments(readFileSync(join(root, file), "utf8"))))).toEqual([]);
});

test.each(["Temporal.Now.instant()", "new Date()", "Date.now()", "Math.random()", "crypto.randomUUID()"])(
  "%s is seen",
  (text) => {
    expect(impure.test(text)).toBe(true);
  },
);
