import { expect, test } from "vitest";
import {
  checkKeptHandover,
  checkReferral,
  endsWithConsent,
  type ReferralFacts,
  Refusal,
  referralGrounds,
  UNIT_KINDS,
} from "../src/index.ts";

const now = Temporal.Instant.from("2026-11-22T00:00:00Z");
const given = { act: "police", state: "given", givenAt: now } as const;
const withdrawing = { act: "police", state: "withdrawing", givenAt: now, effectiveAt: now } as const;
const withdrawn = { act: "police", state: "withdrawn", withdrawnAt: now } as const;
const facts: ReferralFacts = {
  ...{ unit: "police", basis: { kind: "consent" }, consent: given, hasMandate: true, minor: false },
};

function refused(changes: Partial<ReferralFacts>): string | null {
  try {
    checkReferral({ ...facts, ...changes });
    return null;
  } catch (error) {
    return error instanceof Refusal ? error.reason.code : "a bug";
  }
}

test("her consent to refer covers police and court, and nobody else", () => {
  const covered = UNIT_KINDS.filter((unit) => refused({ unit }) === null);
  expect(covered).toEqual(["police", "court"]);
});

test("a consent that is missing, withdrawn or being withdrawn covers nobody", () => {
  for (const consent of [undefined, { act: "police", state: "refused" } as const, withdrawing, withdrawn])
    expect(refused({ consent })).toBe("CONSENT_MISSING");
});

test("a yes to one unit covers it whatever it is, until she withdraws; without a mandate neither does", () => {
  const basis = { kind: "agreed" } as const;
  for (const unit of UNIT_KINDS) expect(refused({ unit, basis, consent: undefined })).toBeNull();
  for (const consent of [withdrawing, withdrawn]) expect(refused({ basis, consent })).toBe("CONSENT_MISSING");
  expect(refused({ basis, hasMandate: false })).toBe("MANDATE_MISSING");
  expect(refused({ hasMandate: false })).toBe("MANDATE_MISSING");
});

test("the duty to report covers a child, to the police; a warrant covers anybody, with its number", () => {
  const none = { consent: undefined, hasMandate: false };
  const duty = { kind: "law", id: "kr-duty-to-report", reference: null } as const;
  expect(refused({ ...none, basis: duty, minor: true })).toBeNull();
  expect(refused({ ...none, basis: duty })).toBe("GROUND_NOT_OPEN");
  for (const unit of ["school", "court", "centre"] as const)
    expect(refused({ ...none, basis: duty, minor: true, unit })).toBe("GROUND_NOT_OPEN");
  const warrant = { kind: "law", id: "kr-warrant", reference: "2026-1" } as const;
  expect(refused({ ...none, basis: warrant })).toBeNull();
  expect(refused({ ...none, basis: { ...warrant, reference: null } })).toBe("GROUND_NOT_OPEN");
  expect(refused({ ...none, basis: warrant, unit: "school" })).toBe("GROUND_NOT_OPEN");
});

test("what a law demands does not end with her consent, and each ground says its source", () => {
  expect([endsWithConsent({ kind: "consent" }), endsWithConsent({ kind: "agreed" })]).toEqual([true, true]);
  expect(endsWithConsent({ kind: "law", id: "kr-warrant", reference: "1" })).toBe(false);
  for (const { source } of referralGrounds()) expect(source.where.length).toBeGreaterThan(10);
});

test("what a capture kept goes to police and prosecutors alone, of an adult alone, and on a named basis", () => {
  const code = (changes: Partial<Parameters<typeof checkKeptHandover>[0]>) => {
    try {
      checkKeptHandover({ unit: "police", minor: false, under: "2026-7", ...changes });
      return null;
    } catch (error) {
      return error instanceof Refusal ? error.reason.code : "a bug";
    }
  };
  expect(UNIT_KINDS.map((unit) => code({ unit }))).toEqual([null, ...Array(3).fill("KEPT_FOR_POLICE_ONLY")]);
  expect([code({ minor: true }), code({ under: " " })]).toEqual(["KEEPING_REFUSED", "LEGAL_BASIS_MISSING"]);
});
