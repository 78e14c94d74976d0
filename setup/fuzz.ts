import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * `npm run fuzz`, after the parsers that have a program of their own: the tests that feed bad input to every other parser of foreign input,
 * with 100,000 inputs each instead of 2,000. Exit 0: none crashed, hung, or said what it must not.
 */
const RUNS = 100_000;
const HOURS_MS = 2 * 3_600_000;

/** Where those tests are. */
const FILES = [
  ...[
    "casework/test/place",
    "casework/test/canary",
    "casework/test/registry",
    "casework/test/required-fields",
    "casework/test/mail-answer",
  ],
  ...["capture/test/scrub", "evidence/test/redaction", "evidence/test/timestamp", "evidence/test/provenance-report"],
  ...["casework/test/log-parsers", "evidence/test/pack-fuzz", "evidence/test/provenance"],
  ...["server/test/mail-read", "server/test/decoder", "server/test/rdap-card"],
].map((name) => `packages/${name}.test.ts`);

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const child = spawn(process.execPath, [vitest, "run", `--testTimeout=${HOURS_MS}`, ...FILES], {
  ...{ cwd: root, env: { ...process.env, JIKIM_FUZZ_RUNS: String(RUNS) }, stdio: ["ignore", 2, 2] },
});
child.on("exit", (code) => {
  process.stdout.write(`${JSON.stringify({ runsEach: RUNS, files: FILES.length, failed: code !== 0 })}\n`);
  process.exitCode = code === 0 ? 0 : 1;
});
