import { countsAsMinor, referralGrounds } from "@jikim/casework";
import type { PackRow, Referral } from "../contract/packs.ts";
import type { Database } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { findCentre } from "../store/centre.ts";
import { findPacks, type Pack } from "../store/pack.ts";
import { findReferrals, type ReferralRow } from "../store/referral.ts";
import { findSeal } from "../store/seal.ts";
import { openCodes } from "../store/sealed.ts";
import { findSealedFile } from "../store/sealed-file.ts";
import { findStaff } from "../store/staff.ts";
import { showStamp } from "./vouch.ts";
import { withdrawalWords } from "./words.ts";

type Shown = Pick<Jikim, "vault" | "config"> & { readonly now: Temporal.Instant };

/** A case's packs with their links, newest first. */
export async function showPacks(db: Database, by: Shown, caseId: string): Promise<PackRow[]> {
  const packs = await findPacks(db, by.vault, caseId);
  const referrals = await findReferrals(
    db,
    by.vault,
    packs.map(({ id }) => id),
  );
  const rows: PackRow[] = [];
  for (const pack of packs) {
    const own = referrals.filter(({ packId }) => packId === pack.id);
    rows.push(await showPack(db, by, { pack, referrals: own }));
  }
  return rows;
}

async function showPack(
  db: Database,
  by: Shown,
  { pack, referrals }: { readonly pack: Pack; readonly referrals: readonly ReferralRow[] },
): Promise<PackRow> {
  const { id: packId, order, state, orderedAt, orderedBy, fileId, sealedAt } = pack;
  const file = fileId === null ? null : await findSealedFile(db, fileId);
  const { name } = (await findCentre(db)).settings;
  return {
    ...{ packId, state, exhibit: order.exhibit, unit: order.unit, ground: order.ground, legalBasis: order.legalBasis },
    ...{ orderedAt: orderedAt.toString(), by: (await findStaff(db, orderedBy))?.pseudonym ?? "" },
    sealed:
      file === null || sealedAt === null ? null : { bytes: file.bytes, sha256: file.sha256, at: sealedAt.toString() },
    stamp: showStamp(by, await findSeal(db, packId)),
    kept: order.kept ?? { leftOut: 0, handed: 0 },
    referrals: referrals.map((row) =>
      showReferral(row, { now: by.now, words: withdrawalWords({ centre: name, number: row.number, packId }) }),
    ),
  };
}

function showReferral(
  row: ReferralRow,
  { now, words }: { readonly now: Temporal.Instant; readonly words: { readonly ko: string; readonly en: string } },
): Referral {
  const { id, packId, madeAt, expiresAt, takenAt, fetches, receipt, receiptAt, told } = row;
  const expired = row.state === "open" && Temporal.Instant.compare(expiresAt, now) <= 0;
  return {
    ...{ id, packId, fetches, told, state: expired ? "expired" : row.state, takenAt: takenAt?.toString() ?? null },
    ...{ madeAt: madeAt.toString(), expiresAt: expiresAt.toString() },
    receipt: receipt === null || receiptAt === null ? null : { ...receipt, at: receiptAt.toString() },
    text: told === "not-needed" ? null : words,
  };
}

/** Grounds that need no consent, with their law, and whether this case may use them. */
export function showGrounds(
  { vault }: Pick<Jikim, "vault">,
  caseRow: { readonly id: string; readonly codesSealed: Buffer },
) {
  const minor = countsAsMinor(openCodes(vault, caseRow).ageBand);
  return referralGrounds().map(({ id, law, article, source, units, minorsOnly, needsReference }) => ({
    ...{ id, law: { ...law }, article, source: source.where, asOf: source.asOf, mark: source.mark },
    ...{ units: [...units], needsReference, open: minor || !minorsOnly },
  }));
}
