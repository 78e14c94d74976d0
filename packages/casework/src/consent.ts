import { Refusal } from "./refusal.ts";

/** Acts she says yes or no to, each by itself. */
export const ACTS = ["remove", "share", "police", "statistics"] as const;
/** remove: ask platforms to remove · share: put fingerprints on the list · police: refer · statistics: be counted. */
export type Act = (typeof ACTS)[number];

/** When a withdrawal takes effect, chosen beforehand: whoever holds her phone must not be able to undo her protection in secret. */
export type WithdrawalPlan = "at-once" | "after-24-hours";

export type Consent =
  | { readonly act: Act; readonly state: "refused" }
  | { readonly act: Act; readonly state: "given"; readonly givenAt: Temporal.Instant }
  | {
      readonly act: Act;
      readonly state: "withdrawing";
      readonly givenAt: Temporal.Instant;
      readonly effectiveAt: Temporal.Instant;
    }
  | { readonly act: Act; readonly state: "withdrawn"; readonly withdrawnAt: Temporal.Instant };

/** Until a delayed withdrawal takes effect the list entry stays; anything not yet sent stops at once. */
export function isLive(consent: Pick<Consent, "state"> | undefined): boolean {
  return consent?.state === "given" || consent?.state === "withdrawing";
}

/** Whether something new may be sent under this consent. */
export function allowsSending(consent: Pick<Consent, "state"> | undefined): boolean {
  return consent?.state === "given";
}

/** @throws {Refusal} `CONSENT_NOT_GIVEN` when there is nothing to withdraw. */
export function withdrawConsent(consent: Consent, plan: WithdrawalPlan, now: Temporal.Instant): Consent {
  if (consent.state !== "given") throw new Refusal({ code: "CONSENT_NOT_GIVEN" });
  if (plan === "at-once") return { act: consent.act, state: "withdrawn", withdrawnAt: now };
  return { act: consent.act, state: "withdrawing", givenAt: consent.givenAt, effectiveAt: now.add({ hours: 24 }) };
}

/** What a delayed withdrawal has become by now. */
export function settleConsent(consent: Consent, now: Temporal.Instant): Consent {
  if (consent.state !== "withdrawing" || Temporal.Instant.compare(now, consent.effectiveAt) < 0) return consent;
  return { act: consent.act, state: "withdrawn", withdrawnAt: consent.effectiveAt };
}

/** She gives a consent, for the first time or again; also stops a withdrawal that has not taken effect. */
export function giveConsent(act: Act, now: Temporal.Instant): Consent {
  return { act, state: "given", givenAt: now };
}
