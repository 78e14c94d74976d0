import type { Fingerprint } from "./fingerprint.ts";
import { fingerprint, type Pixels } from "./pdq.ts";

/** The fingerprints that stand for one picture on a list, its own first. */
export function familyOf(pixels: Pixels): Fingerprint[] {
  const { pdq, quality } = fingerprint(pixels);
  return [{ kind: "pdq", value: pdq, quality }];
}
