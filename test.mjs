/** `npm test`: installs what is missing, runs every check and every test, and ends with `N passed, N failed`. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages, root } from "./setup/install.mjs";
import { installSystemPackages } from "./setup/system.mjs";
import { runTool, stopToolsWithUs } from "./setup/tool.mjs";
import { buildWeb, hasWeb } from "./setup/web.mjs";

installPackages();
await installSystemPackages("test");
stopToolsWithUs();

const web = join(root, "packages", "web");
const count = { passed: 0, failed: 0 };

/** Two at a time: type checks are heavy, and the pages must be built before the checks that read their messages. */
const early = [
  { name: "build of the pages", run: buildWeb, when: hasWeb() },
  { name: "biome", run: () => runTool("biome", ["check", "--error-on-warnings", "."]) },
  { name: "dependency rules", run: () => runTool("depcruise", ["--config", ".dependency-cruiser.mjs", ...cruised()]) },
];
const late = [
  { name: "types", run: () => runTool("tsc", ["-p", "tsconfig.json", "--noEmit"]) },
  {
    name: "types of the pages",
    run: () => runTool("node", ["check.ts"], web),
    when: hasWeb(),
  },
  { name: "unused code and packages", run: () => runTool("knip", ["--no-progress"]) },
];

await runChecks(early);
await runChecks(late);
await runTests();
process.stderr.write("\n");
process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`);
process.exit(count.failed === 0 ? 0 : 1);

async function runChecks(checks) {
  const waiting = checks.filter(({ when = true }) => when);
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const start = Date.now();
      const { ok, said } = await check.run();
      report(check.name, ok, said, Date.now() - start);
    }
  };
  await Promise.all([lane(), lane()]);
}

function report(name, ok, said, milliseconds) {
  count[ok ? "passed" : "failed"] += 1;
  const text = ok ? "" : `${said.trim()}\n`;
  process.stderr.write(`${ok ? "ok    " : "FAILED"} ${name} (${(milliseconds / 1000).toFixed(1)} s)\n${text}`);
}

function cruised() {
  return ["packages", "examples", "story", "setup"].filter((folder) => existsSync(join(root, folder)));
}

/** Every test counts as one; so does a file that could not be run. A skipped test counts as failed: nobody ran it. */
async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "jikim-results-"));
  const file = join(folder, "results.json");
  const asked = ["run", "--passWithNoTests", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { ok } = await runTool("vitest", asked, root, { show: true });
  const failedBefore = count.failed;
  if (existsSync(file)) for (const each of JSON.parse(readFileSync(file, "utf8")).testResults) countTests(each);
  rmSync(folder, { recursive: true });
  if (!ok && count.failed === failedBefore) report("vitest, which ended with an error of its own", false, "", 0);
}

function countTests({ name, status, message, assertionResults }) {
  for (const { status: outcome, fullName } of assertionResults) {
    count[outcome === "passed" ? "passed" : "failed"] += 1;
    if (outcome !== "passed") process.stderr.write(`${outcome}: ${name.replace(root, "")}: ${fullName}\n`);
  }
  const onlyTheFileFailed = status === "failed" && !assertionResults.some((each) => each.status === "failed");
  if (onlyTheFileFailed) report(name.replace(root, ""), false, message ?? "", 0);
}
