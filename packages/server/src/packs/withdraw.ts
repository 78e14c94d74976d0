import { endsWithConsent } from "@jikim/casework";
import type { Unit } from "../contract/packs.ts";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { tellUnitSoon } from "../jobs/queue.ts";
import { mailWay } from "../mail/transport.ts";
import { recordCustody } from "../store/custody.ts";
import { endPack, findPacks, type Pack } from "../store/pack.ts";
import { endReferrals } from "../store/referral.ts";
import type { Doer } from "../store/release.ts";
import { dropSealedFiles } from "../store/sealed-file.ts";

type Means = Pick<Jikim, "vault" | "jobs" | "config">;

/**
 * Calls a pack of a locked case back: what was not taken is erased and its links are dead; who took it is told by mail, or by a person. Does
 * nothing to one that had ended.
 */
export async function withdrawPack(
  tx: InTransaction,
  jikim: Means,
  pack: Pick<Pack, "id" | "caseId" | "unit">,
  { by, at }: { readonly by: Doer; readonly at: Temporal.Instant },
): Promise<void> {
  const { id: packId, caseId, unit } = pack;
  const ended = await endPack(tx, { id: packId, state: "withdrawn", at });
  if (ended === undefined) return;
  if (ended.fileId !== null) await dropSealedFiles(tx, [ended.fileId]);
  const told = await endReferrals(tx, packId, { at, by: tellsByMail(jikim, unit) ? "mail" : "person" });
  for (const referralId of told) await tellUnitSoon(jikim.jobs, tx, referralId);
  const note = told.length === 0 ? null : `taken by ${told.length}`;
  await recordCustody(tx, jikim.vault, { packId, caseId, did: "withdrawn", by, at, note });
}

/** She no longer agrees to refer: every pack goes that no law demands. */
export async function withdrawPacks(
  tx: InTransaction,
  jikim: Means,
  caseId: string,
  now: Temporal.Instant,
): Promise<void> {
  const by = { role: "survivor", who: "" } as const;
  for (const pack of await findPacks(tx, jikim.vault, caseId))
    if (endsWithConsent(pack.order.ground)) await withdrawPack(tx, jikim, pack, { by, at: now });
}

function tellsByMail({ config }: Pick<Jikim, "config">, { mail }: Unit): boolean {
  return mail !== null && mailWay(config) !== null;
}
