import { allowsSending, type Consent } from "./consent.ts";
import type { Bilingual, Source } from "./laws/law.ts";
import { Refusal } from "./refusal.ts";

/** Who can be given a pack; police stands for prosecutors too. */
export const UNIT_KINDS = ["police", "school", "court", "centre"] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

/** Legal grounds on which a pack goes out without her consent; each is named in the pack and in the log. */
export const REFERRAL_GROUNDS = ["kr-duty-to-report", "kr-warrant"] as const;
export type ReferralGroundId = (typeof REFERRAL_GROUNDS)[number];

export type ReferralGround = {
  readonly id: ReferralGroundId;
  readonly law: Bilingual;
  readonly article: string;
  readonly source: Source;
  readonly units: readonly UnitKind[];
  /** Only for a child, or where the age is not known. */
  readonly minorsOnly: boolean;
  /** The number of a paper must be named. */
  readonly needsReference: boolean;
};

const GROUNDS: readonly ReferralGround[] = [
  {
    id: "kr-duty-to-report",
    law: {
      ko: "아동·청소년의 성보호에 관한 법률",
      en: "Act on the Protection of Children and Youth against Sex Offenses",
    },
    article: "34(2)xi",
    source: {
      where:
        "아동·청소년의 성보호에 관한 법률 제34조 제2항: 신고의무자는 알게 된 때 즉시 수사기관에 신고. 센터가 목록에 드는지는 자문이 필요함",
      asOf: "2026-06-08",
      mark: "read",
    },
    units: ["police"],
    minorsOnly: true,
    needsReference: false,
  },
  {
    id: "kr-warrant",
    law: { ko: "형사소송법", en: "Criminal Procedure Act" },
    article: "215",
    source: { where: "형사소송법 제215조(압수, 수색, 검증): 조문은 읽지 않음", asOf: "2026-11-22", mark: "general" },
    units: ["police", "court"],
    minorsOnly: false,
    needsReference: true,
  },
];

export function referralGrounds(): readonly ReferralGround[] {
  return GROUNDS;
}

/** Whether a law's ground covers a unit in a case. */
function isOpen(
  { units, minorsOnly }: ReferralGround,
  { unit, minor }: Pick<ReferralFacts, "unit" | "minor">,
): boolean {
  return units.includes(unit) && (minor || !minorsOnly);
}

/** On what a pack is given away; see `checkReferral`. */
export type ReferralBasis =
  | { readonly kind: "consent" }
  | { readonly kind: "agreed" }
  | { readonly kind: "law"; readonly id: ReferralGroundId; readonly reference: string | null };

export type ReferralFacts = {
  readonly unit: UnitKind;
  readonly basis: ReferralBasis;
  readonly consent: Consent | undefined;
  readonly hasMandate: boolean;
  /** Also where the age is not known. */
  readonly minor: boolean;
};

/**
 * Whether a case's evidence may be given to somebody: her live consent to refer covers police and court; a yes to one unit covers that unit; a law
 * covers what it names, and needs neither.
 * @throws {Refusal} `MANDATE_MISSING`, `CONSENT_MISSING`, `GROUND_NOT_OPEN`.
 */
export function checkReferral({ unit, basis, consent, hasMandate, minor }: ReferralFacts): void {
  if (basis.kind === "law") {
    const ground = GROUNDS.find(({ id }) => id === basis.id);
    if (!ground || !isOpen(ground, { unit, minor })) throw new Refusal({ code: "GROUND_NOT_OPEN" });
    if (ground.needsReference && basis.reference === null) throw new Refusal({ code: "GROUND_NOT_OPEN" });
    return;
  }
  if (!hasMandate) throw new Refusal({ code: "MANDATE_MISSING" });
  if (basis.kind === "agreed" && consent?.state !== "withdrawn" && consent?.state !== "withdrawing") return;
  const covered = basis.kind === "consent" && (unit === "police" || unit === "court");
  if (!covered || !allowsSending(consent)) throw new Refusal({ code: "CONSENT_MISSING", act: "police" });
}

/**
 * Whether bodies that a capture kept may go along in a pack. They are pictures of an adult as she never agreed to be shown, and holding them can be
 * an offence (성폭력처벌법 제14조 제4항): they stay sealed at the centre, but for police and prosecutors, where somebody chose it and named the power.
 * @param under  the legal basis or authority, in words.
 * @throws {Refusal} `KEEPING_REFUSED` for a minor or an unknown age, `KEPT_FOR_POLICE_ONLY`, `LEGAL_BASIS_MISSING`.
 */
export function checkKeptHandover({
  unit,
  minor,
  under,
}: Pick<ReferralFacts, "unit" | "minor"> & { readonly under: string }) {
  if (minor) throw new Refusal({ code: "KEEPING_REFUSED" });
  if (unit !== "police") throw new Refusal({ code: "KEPT_FOR_POLICE_ONLY" });
  if (under.trim() === "") throw new Refusal({ code: "LEGAL_BASIS_MISSING" });
}

/** Whether a withdrawn consent to refer calls a pack back: not one that a law demands. */
export function endsWithConsent(basis: ReferralBasis): boolean {
  return basis.kind !== "law";
}
