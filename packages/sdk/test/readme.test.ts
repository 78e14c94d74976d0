import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "..");

test("the README's example runs as it stands, and without a centre says so", async () => {
  const [, example = ""] = /```js\n(.*?)```/s.exec(await readFile(join(folder, "README.md"), "utf8")) ?? [];
  // A port that nothing listens on, so that a centre that happens to run here is left alone.
  const code = example.replace("localhost:7380", "localhost:1");
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { cwd: folder });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(String(chunk)));
  expect((await once(child, "close"))[0]).toBe(0);
  expect(said.join("")).toContain("clear 0");
  expect(said.join("")).toContain("UNREACHABLE");
});
