import type { Mail } from "../notice-work.ts";

/** What a person can say that a mail is, in the order of the keys 1 to 8. */
export const CONFIRMED = [
  "receipt",
  "removed",
  "refused",
  "needs-information",
  "not-ours",
  "counter-notice",
  "auto-reply",
  "unknown",
] as const satisfies readonly Exclude<Mail["class"], "bounce">[];
