import { ACTS } from "@jikim/casework";
import { type Draft, isMinor } from "./draft.ts";

/** The questions, in order; one page each. Every one may be skipped. */
export const STEPS = [
  "danger",
  "threat",
  "age",
  "child",
  "guardian",
  "trusted-adult",
  "harms",
  "pictures",
  "places",
  "story",
  "names",
  "contact",
  "remove",
  "share",
  "police",
  "statistics",
  "withdrawal",
  "notify",
  "review",
] as const;
export type Step = (typeof STEPS)[number];

/** Steps that only the path for minors has. */
const FOR_MINORS: ReadonlySet<Step> = new Set(["child", "guardian", "trusted-adult"]);

/** The steps that her answers so far lead through. */
export function stepsFor(draft: Draft): Step[] {
  const minor = isMinor(draft);
  const asksAny = ACTS.some((act) => draft.consents[act] === true);
  return STEPS.filter((step) => {
    if (FOR_MINORS.has(step)) return minor;
    return step !== "withdrawal" || asksAny;
  });
}

/** The step after this one, or null after the last. A step that fell away leads on from where it stood. */
export function stepAfter(step: Step, draft: Draft): Step | null {
  const at = STEPS.indexOf(step);
  return stepsFor(draft).find((each) => STEPS.indexOf(each) > at) ?? null;
}

/** The step before this one, or null before the first. */
export function stepBefore(step: Step, draft: Draft): Step | null {
  const at = STEPS.indexOf(step);
  return stepsFor(draft).findLast((each) => STEPS.indexOf(each) < at) ?? null;
}

/** How far she is: `{ at: 3, of: 16 }`. Until her age is known the path for minors is not counted in. */
export function progressOf(step: Step, draft: Draft): { readonly at: number; readonly of: number } {
  const unsure = draft.ageBand === null && STEPS.indexOf(step) <= STEPS.indexOf("age");
  const steps = stepsFor(draft).filter((each) => !unsure || !FOR_MINORS.has(each));
  return { at: Math.max(1, steps.indexOf(step) + 1), of: steps.length };
}
