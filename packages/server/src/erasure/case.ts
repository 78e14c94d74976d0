import { ACTS } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { closeCase } from "../store/case-change.ts";
import { findConsents, saveConsent } from "../store/consent.ts";
import { withdrawEntries } from "../store/entry.ts";
import {
  type Erasing,
  eraseCase,
  findCaseErasure,
  findWanted,
  isTelling,
  latestErasure,
  wantCaseErased,
} from "../store/erase-case.ts";
import { lockCase, refreshNext } from "../store/next.ts";
import { type Doer, recordRelease } from "../store/release.ts";
import { stopUnsent } from "../store/withdrawal.ts";
import { settleWithdrawal } from "../withdrawal.ts";

/** Cases of one sweep. */
const MOST = 500;

/**
 * She asked that everything be destroyed: what she agreed to is taken back at once, also where she once chose a day's delay, since somebody
 * talked with her; the case is closed, and goes when everybody was told. The case is locked and its evidence was erased.
 */
export async function wantErased(
  tx: InTransaction,
  jikim: Jikim,
  { caseId, by, at }: { readonly caseId: string; readonly by: Doer; readonly at: Temporal.Instant },
): Promise<void> {
  const consents = await findConsents(tx, caseId);
  for (const act of ACTS) {
    const consent = consents.find((one) => one.act === act);
    if (consent?.state !== "given" && consent?.state !== "withdrawing") continue;
    await saveConsent(tx, caseId, { act, state: "withdrawn", withdrawnAt: at });
    await settleWithdrawal(tx, jikim, caseId, act, at);
  }
  await recordRelease(tx, jikim.vault, { ...by, caseId, what: "withdrew", at });
  await stopUnsent(tx, caseId, { now: at, drafts: true });
  await closeCase(tx, caseId, at);
  await wantCaseErased(tx, caseId, at);
}

/** Erases the cases of which everybody was told, or that waited for long enough. */
export async function eraseWanted(jikim: Jikim, now: Temporal.Instant): Promise<void> {
  for (const caseId of await findWanted(jikim.db, MOST))
    await jikim.db.transaction().execute(async (tx) => {
      await lockCase(tx, caseId);
      const { wantedAt, erasedAt } = await findCaseErasure(tx, caseId);
      if (wantedAt === null || erasedAt !== null) return;
      const isLate = Temporal.Instant.compare(latestErasure(wantedAt), now) <= 0;
      if (!isLate && (await isTelling(tx, caseId))) return;
      await eraseWhole(tx, jikim, { caseId, at: now, list: "gone" });
    });
}

/** Erases a locked case and tells her so. */
export async function eraseWhole(
  tx: InTransaction,
  jikim: Pick<Jikim, "vault" | "service">,
  erasing: Erasing,
): Promise<void> {
  const { vault } = jikim;
  const { caseId, at, list } = erasing;
  if (list === "gone") await withdrawEntries(tx, jikim, { caseId }, at);
  await eraseCase(tx, vault, erasing);
  await recordRelease(tx, vault, { role: "server", who: "", caseId, what: "erased", at });
  await refreshNext(tx, vault, caseId, at);
}
