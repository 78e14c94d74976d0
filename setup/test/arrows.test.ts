import { execFileSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** A source file, what it must not import, and the rule that says so. */
const forbidden: [file: string, imported: string, rule: string][] = [
  ["packages/casework/src/a.ts", "../../fingerprint/src/index.ts", "casework-looks-only-down"],
  ["packages/casework/src/b.ts", "node:fs", "casework-is-pure"],
  ["packages/casework/src/c.ts", "zod", "casework-is-pure"],
  ["packages/fingerprint/src/a.ts", "../../casework/src/index.ts", "fingerprint-looks-only-down"],
  ["packages/fingerprint/src/index.ts", "zod", "fingerprint-core-has-no-dependencies"],
  ["packages/evidence/src/a.ts", "../../sdk/src/index.ts", "evidence-looks-only-down"],
  ["packages/sdk/src/a.ts", "../../casework/src/index.ts", "sdk-looks-only-down"],
  ["packages/capture/src/a.ts", "../../evidence/src/index.ts", "capture-looks-only-down"],
  ["packages/server/src/a.ts", "../../web/src/index.ts", "server-looks-only-down"],
  ["packages/server/src/b.ts", "../../capture/src/index.ts", "server-looks-only-down"],
  ["packages/cli/src/a.ts", "../../server/src/index.ts", "cli-looks-only-down"],
  ["packages/web/src/a.ts", "../../server/src/index.ts", "web-looks-only-down"],
  ["packages/web/src/b.ts", "../../sdk/src/index.ts", "web-looks-only-down"],
  ["examples/platform/src/a.ts", "../../../packages/server/src/index.ts", "platform-looks-only-down"],
  ["packages/server/src/http/a.ts", "pg", "queries-only-in-the-store"],
  ["packages/server/src/http/b.ts", "kysely", "queries-only-in-the-store"],
  ["packages/server/src/http/c.ts", "pg-boss", "jobs-only-in-jobs"],
  ["packages/server/src/store/a.ts", "../http/a.ts", "store-calls-nobody"],
  ["packages/server/src/contract/a.ts", "../store/a.ts", "contract-is-only-types-and-schemas"],
  ["packages/evidence/src/b.ts", "../../casework/src/index.ts", "packages-import-each-other-by-name"],
  ["packages/evidence/src/c.ts", "../test/a.ts", "source-needs-no-test"],
  ["packages/evidence/src/d.ts", "./no-such-file.ts", "imports-are-found"],
  ["packages/evidence/src/e.ts", "./f.ts", "no-circle"],
];

const allowed: [file: string, imported: string][] = [
  ["packages/server/src/store/b.ts", "kysely"],
  ["packages/server/src/jobs/a.ts", "pg-boss"],
  ["packages/web/src/c.ts", "@jikim/server/contract"],
  ["packages/evidence/src/g.ts", "@jikim/casework"],
];

let folder: string;
let broken: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jikim-arrows-"));
  await copyFile(join(root, ".dependency-cruiser.mjs"), join(folder, ".dependency-cruiser.mjs"));
  await copyFile(join(root, "tsconfig.json"), join(folder, "tsconfig.json"));
  for (const library of ["zod", "pg", "kysely", "pg-boss"]) {
    await mkdir(join(folder, "node_modules"), { recursive: true });
    await symlink(join(root, "node_modules", library), join(folder, "node_modules", library));
  }
  for (const name of ["casework", "fingerprint", "evidence", "sdk", "capture", "server", "web"]) await addPackage(name);
  await add("packages/evidence/test/a.ts", "");
  await add("packages/evidence/src/f.ts", 'export * from "./e.ts";');
  for (const [file, imported] of [...forbidden, ...allowed])
    await add(file, `import * as seen from "${imported}";\nexport { seen };\n`);
  broken = cruise();
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

/** With an index, a contract, and a name under which the others find them. */
async function addPackage(name: string): Promise<void> {
  const exported = { ".": "./src/index.ts", "./contract": "./src/contract.ts" };
  await add(
    `packages/${name}/package.json`,
    JSON.stringify({ name: `@jikim/${name}`, type: "module", exports: exported }),
  );
  await add(`packages/${name}/src/index.ts`, "export {};\n");
  await add(`packages/${name}/src/contract.ts`, "export {};\n");
  await mkdir(join(folder, "node_modules", "@jikim"), { recursive: true });
  await symlink(join(folder, "packages", name), join(folder, "node_modules", "@jikim", name));
}

async function add(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

/** Each broken rule as "rule: file". */
function cruise(): string[] {
  const program = join(root, "node_modules", ".bin", "depcruise");
  const asked = ["--config", ".dependency-cruiser.mjs", "--output-type", "json", "packages", "examples"];
  let said: string;
  try {
    said = execFileSync(program, asked, { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    said = (error as { stdout: string }).stdout;
  }
  const { summary } = JSON.parse(said) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}

test.each(forbidden)("%s may not import %s (%s)", (file, _imported, rule) => {
  expect(broken).toContain(`${rule}: ${file}`);
});

test.each(allowed)("%s may import %s", (file) => {
  expect(broken.filter((each) => each.endsWith(`: ${file}`))).toEqual([]);
});
