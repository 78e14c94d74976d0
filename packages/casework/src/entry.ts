import { allowsSending, type Consent } from "./consent.ts";
import { Refusal } from "./refusal.ts";

/** Why an entry is on the list. Anyone can report anything, so a report alone makes platforms hold and review, not block. */
export const BASES = ["self-reported", "police", "court", "platform-review"] as const;
export type Basis = (typeof BASES)[number];

/** What a platform does with a match. */
export type Effect = "hold" | "block";

/** A disputed entry never blocks until the dispute is settled. */
export function effectOf(basis: Basis, disputed: boolean): Effect {
  return basis === "self-reported" || disputed ? "hold" : "block";
}

/** What an entry rests on. */
export type EntryFacts = {
  readonly basis: Basis;
  /** Number of the police request, the court order or the platform's review; needed for every basis but self-reported. */
  readonly reference: string | null;
  readonly hasMandate: boolean;
  readonly share: Consent | undefined;
};

/** @throws {Refusal} `MANDATE_MISSING`, `CONSENT_MISSING`, `BASIS_NEEDS_REFERENCE`. */
export function checkEntry(facts: EntryFacts): void {
  if (!facts.hasMandate) throw new Refusal({ code: "MANDATE_MISSING" });
  if (!allowsSending(facts.share)) throw new Refusal({ code: "CONSENT_MISSING", act: "share" });
  if (facts.basis !== "self-reported" && !facts.reference?.trim()) throw new Refusal({ code: "BASIS_NEEDS_REFERENCE" });
}
