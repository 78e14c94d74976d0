import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The test files that take longest, longest first: begun early, they leave no worker alone at the end. A fresh clone
 * has no durations of an earlier run, and vitest would then go by the size of a file. The order need not be exact.
 */
const SLOWEST: readonly string[] = [
  "story/test/story",
  "server/test/kill",
  "server/test/outbox",
  "server/test/escalation",
  "web/test/desk-evidence",
  "server/test/browser",
  "server/test/postgres",
  "server/test/mail-in",
  "web/test/desk-notices",
  "server/test/capture",
  "server/test/watch",
  "server/test/simulate",
  "server/test/services",
  "web/test/desk-cases",
  "web/test/desk-flows",
  "web/test/portal-network",
  "web/test/portal-pages",
  "story/test/phone",
  "cli/test/capture",
  "fingerprint/test/index-snapshot",
  "fingerprint/test/decode",
  "fingerprint/test/fuzz",
  "fingerprint/test/browser",
];

/** Vitest's order, project by project, but for the slowest files, which come first in their project. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => (a.project.name === b.project.name ? turnOf(a) - turnOf(b) : 0));
  }
}

function turnOf({ moduleId }: TestSpecification): number {
  const at = SLOWEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return at === -1 ? SLOWEST.length : at;
}
