import { mayEraseOnRequest } from "@jikim/casework";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { withdrawPack } from "../packs/withdraw.ts";
import { ServerRefusal } from "../refusal.ts";
import { findPacks } from "../store/pack.ts";
import { type Doer, recordRelease } from "../store/release.ts";
import { eraseEvidence, findCaseKept, findRetention } from "../store/retention.ts";
import { wantErased } from "./case.ts";
import { ruleOf } from "./show.ts";

export type ErasureRequest = {
  readonly caseId: string;
  /** evidence: removal goes on · case: everything goes. */
  readonly what: "evidence" | "case";
  readonly statedAdult: boolean;
  readonly by: Doer;
};

/**
 * She asked that her evidence be destroyed, or everything: at once, where the law allows it. Packs that units took are called back first. The
 * case is locked.
 * @throws {ServerRefusal} `RETENTION_FORBIDS`.
 */
export async function eraseOnRequest(tx: InTransaction, jikim: Jikim, request: ErasureRequest): Promise<void> {
  const { caseId, what, statedAdult, by } = request;
  const kept = await findCaseKept(tx, jikim.vault, caseId);
  if (kept === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const rule = ruleOf(kept, await findRetention(tx), statedAdult);
  if (!mayEraseOnRequest(rule).allowed) throw new ServerRefusal({ code: "RETENTION_FORBIDS" });
  const at = jikim.now();
  for (const pack of await findPacks(tx, jikim.vault, caseId)) await withdrawPack(tx, jikim, pack, { by, at });
  await eraseEvidence(tx, caseId, { at, because: "asked", rule: rule?.id ?? "none" });
  if (what === "case") await wantErased(tx, jikim, { caseId, by, at });
  await recordRelease(tx, jikim.vault, { ...by, caseId, what: "erased", at });
}
