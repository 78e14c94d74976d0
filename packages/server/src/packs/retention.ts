import { countsAsMinor, erasureDueAt, mayEraseOnRequest, type RetentionRule, retentionRule } from "@jikim/casework";
import type { CaseRetention, RetentionSetting } from "../contract/packs.ts";
import type { Database, InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { lockCase } from "../store/next.ts";
import { endPack, findPacks } from "../store/pack.ts";
import { type Doer, recordRelease } from "../store/release.ts";
import { type CaseKept, eraseEvidence, findCaseKept, findClosedKept, findRetention } from "../store/retention.ts";
import { withdrawPack } from "./withdraw.ts";

const BACKUPS = {
  ko: "백업에는 백업이 덮어써질 때까지 남습니다. 되돌리면 지운 것이 돌아올 수 있으니, 그때 다시 지워야 합니다.",
  en: "Backups hold it until they are overwritten. A restore may bring back what was erased; it must then be erased again.",
};

/** @param statedAdult  she said so, where the report left her age open. */
function ruleOf(kept: CaseKept, setting: RetentionSetting, statedAdult: boolean): RetentionRule | null {
  const { status, ownDays } = setting;
  const unknown = statedAdult ? false : null;
  const minor = kept.ageKnown ? countsAsMinor(kept.ageBand) : unknown;
  return retentionRule({ status, ownDays, minor, policeRequested: kept.policeRequested, closedAt: kept.closedAt });
}

/** How long a case's evidence is kept, and why. */
export async function showRetention(
  db: Database,
  { vault }: Pick<Jikim, "vault">,
  caseId: string,
): Promise<CaseRetention> {
  const kept = await findCaseKept(db, vault, caseId);
  if (kept === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const rule = ruleOf(kept, await findRetention(db), false);
  const request = mayEraseOnRequest(rule);
  return {
    rule:
      rule === null
        ? null
        : {
            ...{ id: rule.id, law: { ...rule.law }, article: rule.article, keep: rule.keep, why: { ...rule.why } },
            ...{ source: rule.source.where, asOf: rule.source.asOf, mark: rule.source.mark },
          },
    closedAt: kept.closedAt?.toString() ?? null,
    eraseAt: erasureDueAt(rule, kept.closedAt)?.toString() ?? null,
    onRequest: { allowed: request.allowed, why: { ...request.why } },
    ageUnknown: !kept.ageKnown,
    backups: BACKUPS,
    erasedAt: kept.erased?.at.toString() ?? null,
  };
}

/**
 * She asked that her evidence be destroyed: at once, where the law allows it. Packs that units took are called back first.
 * @throws {ServerRefusal} `RETENTION_FORBIDS`.
 */
export async function eraseOnRequest(
  tx: InTransaction,
  jikim: Jikim,
  of: { readonly caseId: string; readonly statedAdult: boolean; readonly by: Doer },
): Promise<void> {
  const { caseId, statedAdult, by } = of;
  const kept = await findCaseKept(tx, jikim.vault, caseId);
  if (kept === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const rule = ruleOf(kept, await findRetention(tx), statedAdult);
  if (!mayEraseOnRequest(rule).allowed) throw new ServerRefusal({ code: "RETENTION_FORBIDS" });
  const at = jikim.now();
  for (const pack of await findPacks(tx, jikim.vault, caseId)) await withdrawPack(tx, jikim, pack, { by, at });
  await eraseEvidence(tx, caseId, { at, because: "asked", rule: rule?.id ?? "none" });
  await recordRelease(tx, jikim.vault, { ...by, caseId, what: "erased", at });
}

const PAGE = 500;
/** Below every id. */
const FIRST = "00000000-0000-0000-0000-000000000000";

/** Erases the evidence of closed cases whose time has come. */
export async function eraseDue(jikim: Jikim, now: Temporal.Instant): Promise<void> {
  const { db, vault } = jikim;
  const setting = await findRetention(db);
  if (setting.status === null) return;
  for (let after = FIRST; ; ) {
    const page = await findClosedKept(db, vault, { after, limit: PAGE });
    for (const kept of page) await eraseIfDue(jikim, kept.caseId, now);
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    after = last.caseId;
  }
}

/** Looks again with the case locked: it may have been opened again meanwhile. */
async function eraseIfDue(jikim: Jikim, caseId: string, now: Temporal.Instant): Promise<void> {
  await jikim.db.transaction().execute(async (tx) => {
    await lockCase(tx, caseId);
    const kept = await findCaseKept(tx, jikim.vault, caseId);
    const rule = kept === null ? null : ruleOf(kept, await findRetention(tx), false);
    const due = erasureDueAt(rule, kept?.closedAt ?? null);
    if (rule === null || due === null || Temporal.Instant.compare(due, now) > 0) return;
    for (const pack of await findPacks(tx, jikim.vault, caseId))
      await endPack(tx, { id: pack.id, state: "erased", at: now });
    await eraseEvidence(tx, caseId, { at: now, because: "due", rule: rule.id });
    await recordRelease(tx, jikim.vault, { role: "server", who: "", caseId, what: "erased", at: now });
  });
}
