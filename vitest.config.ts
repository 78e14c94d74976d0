import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./setup/sequence.ts";

/** A project without the database starts at once; the other one starts one PostgreSQL for all its files. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    // Loading the server and its libraries anew takes a file a second or two; no module keeps what a test wrote.
    isolate: false,
    sequence: { sequencer: SlowestFirst },
    allowOnly: false,
    // Only against hanging: nothing is measured.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "rules",
          include: [
            "packages/{casework,fingerprint,evidence,capture,sdk,cli}/test/**/*.test.ts",
            "setup/test/**/*.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          include: ["packages/{server,web}/test/**/*.test.ts", "examples/*/test/**/*.test.ts", "story/**/*.test.ts"],
          globalSetup: "packages/server/test/cluster-setup.ts",
        },
      },
    ],
  },
});
