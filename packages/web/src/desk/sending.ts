import { type Act, type Consent, checkEntry, checkNotice, type Reason, Refusal } from "@jikim/casework";
import type { Case } from "./contract.ts";

/** Why no notice of this case may leave now, by the same rules the server holds to; null when nothing stands in the way. */
export function whatStopsNotices(held: Case): Reason["code"] | null {
  return refusalOf(() =>
    checkNotice({
      hasMandate: held.mandate !== null,
      remove: consentOf(held, "remove"),
      threatActive: held.flags.threat,
      policeHold: held.flags.policeHold,
      recipientHostile: false,
      places: 1,
    }),
  );
}

/** Why no item of this case may be listed now; null when nothing stands in the way. */
export function whatStopsListing(held: Case): Reason["code"] | null {
  return refusalOf(() =>
    checkEntry({
      basis: "self-reported",
      reference: null,
      hasMandate: held.mandate !== null,
      share: consentOf(held, "share"),
    }),
  );
}

function refusalOf(check: () => void): Reason["code"] | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.reason.code;
    throw error;
  }
}

/** Her consent as the rules read it. */
function consentOf(held: Case, act: Act): Consent | undefined {
  const consent = held.consents.find((each) => each.act === act);
  if (consent === undefined || consent.state === "refused") return consent;
  if (consent.state === "withdrawn")
    return { act, state: "withdrawn", withdrawnAt: Temporal.Instant.from(consent.withdrawnAt) };
  const givenAt = Temporal.Instant.from(consent.givenAt);
  if (consent.state === "given") return { act, state: "given", givenAt };
  return { act, state: "withdrawing", givenAt, effectiveAt: Temporal.Instant.from(consent.effectiveAt) };
}
