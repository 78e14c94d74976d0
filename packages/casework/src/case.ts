import { type Clock, PROMISES, type PromiseClock, runClock } from "./clock.ts";
import type { PlaceQuestions } from "./link-question.ts";

/** received: nobody has taken it yet · open: being worked on · set-aside: part of a flood · closed. */
export const CASE_STATES = ["received", "open", "set-aside", "closed"] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** What the queue knows of a case, without opening it. */
export type CaseFacts = {
  readonly state: CaseState;
  readonly receivedAt: Temporal.Instant;
  readonly danger: boolean;
  readonly threat: boolean;
  readonly assigned: boolean;
  readonly hasMandate: boolean;
  readonly sharesFingerprints: boolean;
  readonly asksRemoval: boolean;
  readonly unlistedItems: number;
  readonly openPlaces: number;
  readonly backPlaces: number;
  readonly questions: PlaceQuestions;
  /** Those that a person drafted. */
  readonly draftNotices: number;
  /** When the oldest message of hers that nobody answered came in. */
  readonly unansweredSince: Temporal.Instant | null;
  /** When the oldest mail of a recipient came in that nobody has said what it is. */
  readonly unreadMailSince: Temporal.Instant | null;
  /** Since when the oldest try is in doubt that only a person can settle. */
  readonly doubtSince: Temporal.Instant | null;
  /** When the oldest sheet was approved whose web form nobody has sent yet. */
  readonly sheetSince: Temporal.Instant | null;
  /** When the ladder drafted the oldest next step that waits for one key. */
  readonly stepSince: Temporal.Instant | null;
  /** When a delayed withdrawal was asked for, while her safe contact has not been told. */
  readonly safeContactWaitingSince: Temporal.Instant | null;
  /** The earliest time an answer to a sent notice is due, with its clock. */
  readonly answerDue: { readonly clock: Clock; readonly dueAt: Temporal.Instant } | null;
};

/** The one thing to do next in a case, most pressing first. */
export const NEXT_ACTS = [
  "reach-her-safely",
  "plan-for-threat",
  "assign",
  "tell-safe-contact",
  "answer-message",
  "record-mandate",
  "settle-doubt",
  "send-by-hand",
  "read-answers",
  "take-next-step",
  "ask-again",
  "approve-notices",
  "draft-notices",
  "list-items",
  "decide-link",
  "ask-about-link",
  "chase-answer",
  "find-address",
  "wait",
] as const;
export type NextAct = (typeof NEXT_ACTS)[number];

export type Next = { readonly act: NextAct; readonly clock: Clock | null; readonly dueAt: Temporal.Instant | null };

/** What a caseworker should do next, and by when. @param now  only decides whether an answer is overdue. */
export function nextAct(facts: CaseFacts, now: Temporal.Instant): Next {
  const due = (act: NextAct, clock: PromiseClock, from: Temporal.Instant): Next => ({ act, ...runClock(clock, from) });
  const since = facts.receivedAt;
  if (facts.state === "closed" || facts.state === "set-aside") return { act: "wait", clock: null, dueAt: null };
  if (!facts.assigned) {
    if (facts.danger) return due("reach-her-safely", PROMISES.danger, since);
    if (facts.threat) return due("plan-for-threat", PROMISES.threat, since);
    return due("assign", PROMISES.firstLook, since);
  }
  if (facts.danger) return due("reach-her-safely", PROMISES.danger, since);
  if (facts.safeContactWaitingSince)
    return due("tell-safe-contact", PROMISES.tellSafeContact, facts.safeContactWaitingSince);
  if (facts.threat) return due("plan-for-threat", PROMISES.threat, since);
  if (facts.unansweredSince) return due("answer-message", PROMISES.answerMessage, facts.unansweredSince);
  if (facts.doubtSince) return due("settle-doubt", PROMISES.firstLook, facts.doubtSince);
  if (facts.sheetSince) return due("send-by-hand", PROMISES.firstLook, facts.sheetSince);
  if (facts.unreadMailSince) return due("read-answers", PROMISES.nextStep, facts.unreadMailSince);
  if (facts.stepSince && facts.hasMandate && facts.asksRemoval)
    return due("take-next-step", PROMISES.nextStep, facts.stepSince);
  const step = nextStep(facts);
  if (step) return due(step, PROMISES.nextStep, since);
  // Nothing is late about it, and perhaps nobody can be found: it stands where there would be nothing to do.
  const idle = facts.questions.sourceless > 0 && facts.hasMandate && facts.asksRemoval ? "find-address" : "wait";
  if (facts.answerDue === null) return { act: idle, clock: null, dueAt: null };
  const overdue = Temporal.Instant.compare(now, facts.answerDue.dueAt) > 0;
  return { act: overdue ? "chase-answer" : idle, clock: facts.answerDue.clock, dueAt: facts.answerDue.dueAt };
}

function nextStep(facts: CaseFacts): NextAct | null {
  const wantsHelp = facts.asksRemoval || facts.sharesFingerprints;
  if (!facts.hasMandate) return wantsHelp ? "record-mandate" : null;
  if (facts.asksRemoval && facts.backPlaces > 0) return "ask-again";
  if (facts.draftNotices > 0) return "approve-notices";
  if (facts.asksRemoval && facts.openPlaces > 0) return "draft-notices";
  if (facts.sharesFingerprints && facts.unlistedItems > 0) return "list-items";
  if (facts.asksRemoval && facts.questions.linksToDecide > 0) return "decide-link";
  if (facts.asksRemoval && facts.questions.linksToAsk > 0) return "ask-about-link";
  return null;
}
