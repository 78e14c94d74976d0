import { allowsSending, type Consent } from "./consent.ts";
import type { Answer } from "./notice.ts";
import { PLAIN_REQUEST } from "./route-table.ts";

/**
 * A supervisor's signed yes, given beforehand, to go on to one recipient on one ground until an end. It never stands in for her
 * consent.
 */
export type StandingPolicy = {
  readonly recipientId: string;
  /** Id of the ground, or `PLAIN_REQUEST`. */
  readonly ground: string;
  readonly from: Temporal.Instant;
  readonly until: Temporal.Instant;
  readonly withdrawnAt: Temporal.Instant | null;
  /** Its signature holds, and who signed is a supervisor now. */
  readonly signatureHolds: boolean;
};

/** What is known when the next rung of a ladder comes up. */
export type EscalationFacts = {
  readonly now: Temporal.Instant;
  /** The next rung: whom, on what ground, and from when on. */
  readonly next: { readonly recipientId: string; readonly ground: string | null; readonly dueAt: Temporal.Instant };
  /** Recipients whom a caseworker named when she approved, later rungs included. */
  readonly named: readonly string[];
  readonly policies: readonly StandingPolicy[];
  readonly remove: Consent | undefined;
  readonly hasMandate: boolean;
  readonly caseClosed: boolean;
  readonly threatActive: boolean;
  readonly policeHold: boolean;
  readonly nextHostile: boolean;
  /** Places of the notice before it that no check has seen gone at the source. */
  readonly placesLeft: number;
  /** The last answer to the notice before it, and what checks of the places left have seen since; null: none was made. */
  readonly answer: {
    readonly what: Answer;
    readonly seenSince: "there" | "cannot-tell" | null;
  } | null;
};

/**
 * send: by itself, on what authority · prepare: a draft that waits for one key · wait: until a time, or (null) until a person or a
 * check has acted · skip: pass this rung over and decide the one after it · end: nothing more is sent on this ladder.
 */
export type Escalation =
  | { readonly do: "send"; readonly by: "approval" | "policy" }
  | { readonly do: "prepare"; readonly why: "not-named" | "mandate-missing" | "needs-information" | "cannot-tell" }
  | {
      readonly do: "wait";
      readonly why: "not-due" | "unchecked-claim" | "threat-active" | "police-hold";
      readonly until: Temporal.Instant | null;
    }
  | { readonly do: "skip"; readonly why: "hostile" }
  | { readonly do: "end"; readonly why: "nothing-left" | "counter-notice" | "consent-missing" | "case-closed" };

/** Answers after which waiting any longer helps nobody: the next rung is due at once. */
const OVER: ReadonlySet<Answer | null> = new Set(["refused", "not-ours"]);

/** What to do about the next rung of a ladder. It stops first and sends last: everything that forbids is asked before what allows. */
export function decideEscalation(facts: EscalationFacts): Escalation {
  const { answer, next, now } = facts;
  if (facts.placesLeft === 0) return { do: "end", why: "nothing-left" };
  if (facts.caseClosed) return { do: "end", why: "case-closed" };
  if (answer?.what === "counter-notice") return { do: "end", why: "counter-notice" };
  if (!allowsSending(facts.remove)) return { do: "end", why: "consent-missing" };
  if (facts.threatActive) return { do: "wait", why: "threat-active", until: null };
  if (facts.policeHold) return { do: "wait", why: "police-hold", until: null };
  if (facts.nextHostile) return { do: "skip", why: "hostile" };
  if (answer?.what === "removed" && answer.seenSince === null)
    return { do: "wait", why: "unchecked-claim", until: null };
  const due = Temporal.Instant.compare(now, next.dueAt) >= 0;
  if (!due && !OVER.has(answer?.what ?? null)) return { do: "wait", why: "not-due", until: next.dueAt };
  if (!facts.hasMandate) return { do: "prepare", why: "mandate-missing" };
  if (answer?.what === "needs-information") return { do: "prepare", why: "needs-information" };
  if (answer?.what === "removed" && answer.seenSince === "cannot-tell") return { do: "prepare", why: "cannot-tell" };
  if (facts.named.includes(next.recipientId)) return { do: "send", by: "approval" };
  if (facts.policies.some((policy) => coversNotice(policy, next, now))) return { do: "send", by: "policy" };
  return { do: "prepare", why: "not-named" };
}

/** Whether a standing policy is live and names this recipient and this ground. */
export function coversNotice(
  policy: StandingPolicy,
  next: Pick<EscalationFacts["next"], "recipientId" | "ground">,
  now: Temporal.Instant,
): boolean {
  return (
    policy.signatureHolds &&
    policy.withdrawnAt === null &&
    policy.recipientId === next.recipientId &&
    policy.ground === (next.ground ?? PLAIN_REQUEST) &&
    Temporal.Instant.compare(policy.from, now) <= 0 &&
    Temporal.Instant.compare(now, policy.until) < 0
  );
}
