import { spawnSync } from "node:child_process";
import { chmod, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { whyNot } from "../system.mjs";

/** A clone of its own that asks for a package which no machine has. */
let clone: string;
const cup = { name: "jikim-cup", for: ["start", "story"], found: ["/nonexistent/cup"], why: "tea" };

beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), "jikim-system-"));
  await cp(join(import.meta.dirname, ".."), join(clone, "setup"), { recursive: true });
  await writeFile(join(clone, "system-packages.json"), JSON.stringify([cup]));
  await chmod(clone, 0o755);
});
afterAll(() => rm(clone, { recursive: true }));

/** Runs a line of setup/system.mjs as somebody who is not root. */
function run(line: string, env: NodeJS.ProcessEnv = {}) {
  const program = `import * as system from ${JSON.stringify(join(clone, "setup", "system.mjs"))}; ${line}; console.log("went on");`;
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const done = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    ...{ ...nobody, cwd: "/", encoding: "utf8", env: { ...process.env, ...env } },
  });
  return { code: done.status, said: done.stderr, out: done.stdout };
}

test("npm start goes on without a package that it may not install, and says so in a line", () => {
  const { code, said, out } = run('await system.offerSystemPackages("start")');
  expect({ code, out }).toEqual({ code: 0, out: "went on\n" });
  expect(said).toMatch(/^jikim-cup: missing, and (only root may install|this system has no apt)\.\n$/);
});

test("an operator who wants the machine left alone is not told each time by the set-up", () => {
  expect(run('await system.offerSystemPackages("start")', { JIKIM_INSTALL: "no" }).said).toBe("");
});

test("tests and the story end without what they need, and name the one command", () => {
  const { code, said, out } = run('await system.installSystemPackages("story")');
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(said).toContain("The system package jikim-cup is missing (tea).");
  expect(said).toMatch(/apt-get install -y --no-remove --no-install-recommends jikim-cup|\/nonexistent\/cup/);
});

test("where all is there nothing is done", () => {
  expect(run('await system.offerSystemPackages("test")')).toEqual({ code: 0, said: "", out: "went on\n" });
});

test.each([
  [{ isRoot: true, hasApt: true }, null],
  [{ isRoot: false, hasApt: true }, /sudo sh -c 'apt-get update && apt-get install .* jikim-cup'$/],
  [{ isRoot: true, hasApt: false }, /so that these exist:\n {2}\/nonexistent\/cup$/],
])("%o: it installs, or names the one thing to do", (machine, todo) => {
  const why = whyNot([cup], machine);
  if (todo === null) expect(why).toBeNull();
  else expect(why?.todo).toMatch(todo);
});
