import type { Release } from "./contract.ts";

/** Releases in a row by the same person of the same kind, as one line: a case is read anew after every act in it. */
export type ReleaseLine = Release & { readonly times: number };

/** The log, newest first; `at` is the latest of a line. Nothing is left out: the times add up to the log's length. */
export function releaseLines(releases: readonly Release[]): readonly ReleaseLine[] {
  const lines: ReleaseLine[] = [];
  for (const release of releases.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))) {
    const last = lines.at(-1);
    const isSame = last?.who === release.who && last.role === release.role && last.what === release.what;
    if (last !== undefined && isSame) lines[lines.length - 1] = { ...last, times: last.times + 1 };
    else lines.push({ ...release, times: 1 });
  }
  return lines;
}
