import { Refusal } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { recordCustody } from "../store/custody.ts";
import { lockCase } from "../store/next.ts";
import { findCaseOfPack, lockPack, type Pack } from "../store/pack.ts";
import { findByToken, type Receipt, type ReferralRow, recordReceipt, recordTaken } from "../store/referral.ts";
import { findSealedFile, type SealedFile } from "../store/sealed-file.ts";
import { checkPack } from "./check.ts";

/** A download may break off and be begun again. Ours. */
const MOST_FETCHES = 5;

/** What a link leads to; its case and pack are locked. */
export type Link = { readonly referral: ReferralRow; readonly pack: Pack; readonly file: SealedFile };

/**
 * Opens a link. One that has ended, was withdrawn, or whose consent is being withdrawn, or whose emergency lapsed says that it is dead, and no more.
 * @throws {ServerRefusal} `NOT_FOUND` for a wrong token, `LINK_EXPIRED`.
 */
export async function openLink(
  tx: InTransaction,
  { vault, now }: Pick<Jikim, "vault" | "now">,
  token: string,
): Promise<Link> {
  const known = await findByToken(tx, vault, token);
  const caseId = known === null ? null : await findCaseOfPack(tx, known.packId);
  if (known === null || caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const dead = new ServerRefusal({ code: "LINK_EXPIRED" });
  // The case first, as everywhere: who withdraws at this moment is either before us or after.
  const caseRow = await lockCase(tx, caseId);
  const pack = await lockPack(tx, vault, known.packId);
  const referral = await findByToken(tx, vault, token);
  const file = pack === null || pack.fileId === null ? null : await findSealedFile(tx, pack.fileId);
  if (caseRow === undefined || pack === null || referral === null || file === null) throw dead;
  if (referral.state === "withdrawn" || Temporal.Instant.compare(referral.expiresAt, now()) <= 0) throw dead;
  try {
    await checkPack({ tx, vault, caseRow, now: now() }, pack);
  } catch (error) {
    throw error instanceof Refusal || error instanceof ServerRefusal ? dead : error;
  }
  return { referral, pack, file };
}

/** The bytes leave: recorded before the first of them does. @throws {ServerRefusal} as `openLink`. */
export async function takePack(
  jikim: Jikim,
  token: string,
): Promise<{ readonly packId: string; readonly fileId: string; readonly bytes: number }> {
  return jikim.db.transaction().execute(async (tx) => {
    const { referral, pack, file } = await openLink(tx, jikim, token);
    const at = jikim.now();
    if (!(await recordTaken(tx, referral.id, { at, most: MOST_FETCHES })))
      throw new ServerRefusal({ code: "LINK_EXPIRED" });
    const { id: packId, caseId, unit } = pack;
    const by = { role: "unit", who: unit.kind } as const;
    const note = referral.fetches === 0 ? null : `fetched again (${referral.fetches + 1})`;
    await recordCustody(tx, jikim.vault, { packId, caseId, did: "taken", by, at, note });
    return { packId, fileId: file.id, bytes: file.bytes };
  });
}

/** Who received it, in the unit's own words; written once. @throws {ServerRefusal} as `openLink`; `RECEIPT_GIVEN`. */
export async function receive(jikim: Jikim, token: string, receipt: Receipt): Promise<void> {
  await jikim.db.transaction().execute(async (tx) => {
    const { referral } = await openLink(tx, jikim, token);
    // Nothing was received yet.
    if (referral.state !== "taken") throw new ServerRefusal({ code: "PACK_NOT_SEALED" });
    if (!(await recordReceipt(tx, jikim.vault, { id: referral.id, receipt, at: jikim.now() })))
      throw new ServerRefusal({ code: "RECEIPT_GIVEN" });
  });
}
