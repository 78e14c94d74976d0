import type { portal } from "@jikim/server/contract";
import { type Draft, emptyDraft } from "./draft.ts";
import { onLeave } from "./leave.ts";
import { STEPS, type Step, stepAfter, stepBefore } from "./steps.ts";

/** What is on screen: a question, or one of the other pages. */
export type Page = Step | "welcome" | "limits" | "save" | "sending" | "return" | "case" | "chat";

/** What the server said of the centre, and whether its keys hold. `unchecked` until the sealing library is loaded. */
export type CentreState =
  | { readonly state: "loading" }
  | { readonly state: "unreachable" }
  | { readonly state: "not-open"; readonly centre: portal.Centre }
  | { readonly state: "untrusted"; readonly centre: portal.Centre }
  | { readonly state: "open"; readonly centre: portal.Centre };

type Visit = {
  page: Page;
  /** Where "limits" and "save" lead back to. */
  cameFrom: Page;
  /** Set while she mends one answer from the review page. */
  mending: boolean;
  draft: Draft;
  /** Her return code without dashes, once there is one. */
  code: string | null;
  /** Whether a draft lies on the server under this code. */
  draftLeft: boolean;
  centre: CentreState;
};

function fresh(): Visit {
  return {
    page: "welcome",
    cameFrom: "welcome",
    mending: false,
    draft: emptyDraft(),
    code: null,
    draftLeft: false,
    centre: { state: "loading" },
  };
}

/** Everything that is known during a visit, in memory only. */
export const visit = $state(fresh());

/** Forgets all she wrote; the centre's public facts stay. */
export function forgetVisit(): void {
  Object.assign(visit, fresh(), { centre: visit.centre });
}
onLeave(() => Object.assign(visit, fresh()));

export function isStep(page: Page): page is Step {
  return STEPS.some((step) => step === page);
}

/** Shows a page; side pages remember where they were opened. */
export function show(page: Page): void {
  if (page === "limits" || page === "save") {
    if (visit.page !== "limits" && visit.page !== "save") visit.cameFrom = visit.page;
  }
  visit.page = page;
}

/** Loads the sealing library and checks the centre's keys, so that nothing is written to a centre that is not what it says. */
export async function checkKeys(): Promise<boolean> {
  if (visit.centre.state !== "open") return false;
  const { centre } = visit.centre;
  const { trustKeys } = await import("./sealing.ts");
  const trusted = trustKeys(centre, Date.now()) !== null;
  if (!trusted) visit.centre = { state: "untrusted", centre };
  return trusted;
}

/** The next question, or back to the review when one answer was being mended. */
export function goOn(): void {
  const { page } = visit;
  if (page === "welcome") {
    // Without a network the library comes later, at the latest before sending.
    checkKeys().catch(() => undefined);
    show("danger");
    return;
  }
  if (!isStep(page)) return;
  // An age changes which pages there are, so those are walked through again.
  const review = visit.mending && page !== "age";
  visit.mending = false;
  const next = review ? "review" : stepAfter(page, visit.draft);
  if (next !== null) show(next);
}

/** One page back. False on the first one, and while a report is on its way: there is nothing to go back to. */
export function goBack(): boolean {
  const { page } = visit;
  if (page === "welcome") return false;
  if (page === "limits" || page === "save") show(visit.cameFrom);
  else if (page === "chat") show("case");
  else if (page === "return" || page === "case") show("welcome");
  else if (isStep(page)) {
    const review = visit.mending;
    visit.mending = false;
    show(review ? "review" : (stepBefore(page, visit.draft) ?? "welcome"));
  }
  return true;
}

/** Opens one question from the review page. */
export function mend(step: Step): void {
  visit.mending = true;
  show(step);
}
