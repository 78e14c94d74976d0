/** Which package may import which: arrows only downward, as the architecture in CONTRIBUTING.md draws them. */
const arrows = {
  "packages/casework": [],
  "packages/fingerprint": [],
  "packages/evidence": ["packages/casework", "packages/fingerprint"],
  "packages/sdk": ["packages/fingerprint"],
  "packages/capture": ["packages/fingerprint"],
  "packages/server": ["packages/evidence", "packages/casework", "packages/sdk", "packages/fingerprint"],
  "packages/cli": [
    "packages/evidence",
    "packages/casework",
    "packages/sdk",
    "packages/fingerprint",
    "packages/capture",
  ],
  "packages/web": ["packages/evidence", "packages/casework", "packages/fingerprint", "packages/server/src/contract"],
  "examples/platform": ["packages/sdk", "packages/fingerprint"],
};

const arrowRules = Object.entries(arrows).map(([from, allowed]) => ({
  name: `${from.split("/")[1]}-looks-only-down`,
  severity: "error",
  comment: `${from} may import ${allowed.join(", ") || "no other package"}.`,
  from: { path: `^${from}/src/` },
  to: { path: "^(packages|examples|story)/", pathNot: [from, ...allowed].map((path) => `^${path}[/.]`) },
}));

const library = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"];

export default {
  forbidden: [
    ...arrowRules,
    {
      name: "casework-is-pure",
      severity: "error",
      comment: "Rules get facts, time and chance as parameters: no clock, network, disk, randomness, no library.",
      from: { path: "^packages/casework/src/" },
      to: { dependencyTypes: [...library, "core"] },
    },
    {
      name: "fingerprint-core-has-no-dependencies",
      severity: "error",
      comment: "Decoders are entry points of their own (decode.ts, browser.ts); the core runs anywhere.",
      from: { path: "^packages/fingerprint/src/index\\.ts$" },
      to: { path: "node_modules/", reachable: true },
    },
    {
      name: "queries-only-in-the-store",
      severity: "error",
      comment:
        "SQL stands in server/src/store/. database.ts opens the pool; postgres/ runs the embedded database itself.",
      from: {
        path: "^packages/",
        pathNot: "^packages/server/(src/(store|postgres)/|src/database\\.ts$|test/|bench/|simulation/)",
      },
      to: { path: "node_modules/(pg|kysely)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "jobs-only-in-jobs",
      severity: "error",
      comment: "start.ts opens the queue, as database.ts opens the pool.",
      from: { path: "^packages/", pathNot: "^packages/server/(src/jobs/|src/start\\.ts$|test/)" },
      to: { path: "node_modules/pg-boss/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "store-calls-nobody",
      severity: "error",
      comment: "The store reads and writes; who decides calls it, never the other way.",
      from: { path: "^packages/server/src/store/" },
      to: { path: "^packages/server/src/(http|jobs|mail|places|checks|watch)/" },
    },
    {
      name: "contract-is-only-types-and-schemas",
      severity: "error",
      comment: "The portal and the desk load it in the browser.",
      from: { path: "^packages/server/src/contract(/|\\.ts$)" },
      to: { path: "^packages/server/src/", pathNot: "^packages/server/src/contract(/|\\.ts$)" },
    },
    {
      name: "packages-import-each-other-by-name",
      severity: "error",
      comment: "Through what package.json exports, not through the folders.",
      from: { path: "^(packages|examples)/([^/]+)/src/" },
      to: { path: "^packages/", pathNot: "^$1/$2/", dependencyTypes: ["local"] },
    },
    {
      name: "source-needs-no-test",
      severity: "error",
      from: { path: "^(packages|examples)/[^/]+/src/" },
      to: { path: "/(test|bench|fuzz)/" },
    },
    { name: "no-circle", severity: "error", from: {}, to: { circular: true, dependencyTypesNot: ["type-only"] } },
    {
      name: "imports-are-found",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "\\?(worker|url|raw|inline)|/paraglide/|^virtual:" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(packages|examples)/[^/]+/dist/|/paraglide/|\\.as\\.ts$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types", "svelte"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".d.ts", ".svelte", ".json"],
    },
  },
};
