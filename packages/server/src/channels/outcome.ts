import type { Evidence, TryOutcome } from "@jikim/casework";
import type { Said } from "./ask.ts";

/** What became of a report. `reference`: what the service calls it · `code`: why not, in its words, without anything of ours. */
export type Reported = {
  readonly outcome: TryOutcome;
  readonly reference: string | null;
  readonly code: string | null;
};

/** What was found of a report whose answer never came. */
export type Traced = { readonly evidence: Evidence; readonly reference: string | null };

export const UNAVAILABLE: Traced = { evidence: "unavailable", reference: null };

/**
 * What an answer without a reference means. Refused for good are only reports that the service found fault with: a missing right or a
 * worn-out token is the operator's to mend, and too many requests pass.
 */
export function withoutReference(said: Said, code: string | null): Reported {
  const reported = (outcome: TryOutcome, why: string | null): Reported => ({ outcome, reference: null, code: why });
  if ("failed" in said) return reported(said.failed === "not-reached" ? "not-taken" : "unknown", null);
  const { status } = said;
  const why = tidy(code) ?? `HTTP_${status}`;
  if ([401, 403, 408, 425, 429].includes(status)) return reported("not-taken", why);
  if (status >= 400 && status < 500) return reported("refused", why);
  // Redirects are not followed, so nothing took the report.
  if (status >= 300 && status < 400) return reported("not-taken", why);
  return reported("unknown", why);
}

/** A code as a service's error names it, or null when it is none. */
function tidy(code: string | null): string | null {
  return /^[\w.-]{1,60}/.exec(code ?? "")?.[0] ?? null;
}
