/** Presses of Shift alone, one after the other: how many, and when the first was (milliseconds). */
export type Presses = { readonly count: number; readonly since: number };

export const NO_PRESSES: Presses = { count: 0, since: 0 };
/** Within this time three presses leave the page (GOV.UK Design System, "Exit this page": five seconds). */
const WITHIN_MS = 5000;

/** The presses after one more key. Any other key begins anew, so that capitals while writing do not count. */
export function afterKey(presses: Presses, key: string, at: number): Presses {
  if (key !== "Shift") return NO_PRESSES;
  if (presses.count === 0 || at - presses.since > WITHIN_MS) return { count: 1, since: at };
  return { count: presses.count + 1, since: presses.since };
}
