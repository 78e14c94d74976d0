import { allowsSending, type Consent } from "./consent.ts";
import type { NoticeField } from "./laws/law.ts";
import { Refusal } from "./refusal.ts";

/** A demand to one recipient. Each state holds just the facts true in it. */
export type Notice =
  | { readonly state: "draft"; readonly id: string; readonly recipientId: string }
  | {
      readonly state: "approved";
      readonly id: string;
      readonly recipientId: string;
      readonly approvedAt: Temporal.Instant;
    }
  | { readonly state: "sent"; readonly id: string; readonly recipientId: string; readonly sentAt: Temporal.Instant }
  | {
      readonly state: "answered";
      readonly id: string;
      readonly recipientId: string;
      readonly answer: Answer;
      readonly answeredAt: Temporal.Instant;
    }
  | {
      readonly state: "stopped";
      readonly id: string;
      readonly recipientId: string;
      readonly stoppedAt: Temporal.Instant;
    };

/** What a recipient said. None of them makes a place "removed": only a check does. */
export const ANSWERS = ["received", "removed", "refused", "needs-information", "not-ours", "counter-notice"] as const;
export type Answer = (typeof ANSWERS)[number];

/** Answers that may come after one: what was removed stays removed until a check says otherwise, but anything can be contested. */
const FOLLOWED_BY: { readonly [key in Answer]: readonly Answer[] } = {
  received: ["removed", "refused", "needs-information", "not-ours", "counter-notice"],
  "needs-information": ["received", "removed", "refused", "not-ours", "counter-notice"],
  removed: ["counter-notice"],
  refused: ["removed", "counter-notice"],
  "not-ours": ["removed", "counter-notice"],
  "counter-notice": ["removed", "refused"],
};

/** Whether a recipient who said one thing may still say another. */
export function mayFollow(before: Answer | null, answer: Answer): boolean {
  return before === null || FOLLOWED_BY[before].includes(answer);
}

/** What must be true for a notice to leave. */
export type NoticeFacts = {
  readonly hasMandate: boolean;
  readonly remove: Consent | undefined;
  readonly threatActive: boolean;
  readonly policeHold: boolean;
  readonly recipientHostile: boolean;
  readonly places: number;
};

/**
 * Holds at approval and again at the moment of sending.
 * @throws {Refusal} `MANDATE_MISSING`, `CONSENT_MISSING`, `THREAT_ACTIVE`, `POLICE_HOLD`, `RECIPIENT_HOSTILE`, `NOTHING_TO_ASK`.
 */
export function checkNotice(facts: NoticeFacts): void {
  if (!facts.hasMandate) throw new Refusal({ code: "MANDATE_MISSING" });
  if (!allowsSending(facts.remove)) throw new Refusal({ code: "CONSENT_MISSING", act: "remove" });
  if (facts.threatActive) throw new Refusal({ code: "THREAT_ACTIVE" });
  if (facts.policeHold) throw new Refusal({ code: "POLICE_HOLD" });
  if (facts.recipientHostile) throw new Refusal({ code: "RECIPIENT_HOSTILE" });
  if (facts.places === 0) throw new Refusal({ code: "NOTHING_TO_ASK" });
}

/** `missing`: fields of a valid notice that it lacks. */
export type ApprovalFacts = NoticeFacts & { readonly missing: readonly NoticeField[] };

/**
 * A caseworker approves a notice, naming its recipient.
 * @param named  recipients she read and confirmed.
 * @throws {Refusal} `NOTICE_NOT_DRAFT`, `RECIPIENT_NOT_NAMED`, those of `checkNotice`, `FIELDS_MISSING`.
 */
export function approveNotice(
  notice: Notice,
  named: readonly string[],
  facts: ApprovalFacts,
  now: Temporal.Instant,
): Notice {
  if (notice.state !== "draft") throw new Refusal({ code: "NOTICE_NOT_DRAFT" });
  if (!named.includes(notice.recipientId)) throw new Refusal({ code: "RECIPIENT_NOT_NAMED" });
  checkNotice(facts);
  if (facts.missing.length > 0) throw new Refusal({ code: "FIELDS_MISSING", fields: facts.missing });
  return { state: "approved", id: notice.id, recipientId: notice.recipientId, approvedAt: now };
}

/** @throws {Refusal} `NOTICE_NOT_APPROVED`, and those of `checkNotice`. */
export function sendNotice(notice: Notice, facts: NoticeFacts, now: Temporal.Instant): Notice {
  if (notice.state !== "approved") throw new Refusal({ code: "NOTICE_NOT_APPROVED" });
  checkNotice(facts);
  return { state: "sent", id: notice.id, recipientId: notice.recipientId, sentAt: now };
}
