import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("each committed kernel is byte for byte what its source builds", () => {
  const build = fileURLToPath(new URL("../kernel/build.mjs", import.meta.url));
  expect(execFileSync(process.execPath, [build, "--check"], { encoding: "utf8" })).toMatch(
    /^pdq: \d+ bytes\nindex: \d+ bytes\n$/,
  );
}, 60_000);
