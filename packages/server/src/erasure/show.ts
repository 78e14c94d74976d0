import { countsAsMinor, erasureDueAt, mayEraseOnRequest, type RetentionRule, retentionRule } from "@jikim/casework";
import type { CaseRetention, RetentionSetting } from "../contract/packs.ts";
import type { Database } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { findCaseErasure, latestErasure } from "../store/erase-case.ts";
import { type CaseKept, findCaseKept, findRetention } from "../store/retention.ts";

const BACKUPS = {
  ko: "백업에는 백업이 덮어써질 때까지 남습니다. 되돌리면 지운 것이 돌아올 수 있으니, 그때 다시 지워야 합니다. 메일은 지킴이 읽는 메일함에서만 지웁니다.",
  en: "Backups hold it until they are overwritten. A restore may bring back what was erased; it must then be erased again. Mail is erased only from the mailbox that Jikim reads.",
};

/** The rule a case falls under. @param statedAdult  she said so, where the report left her age open. */
export function ruleOf(kept: CaseKept, setting: RetentionSetting, statedAdult: boolean): RetentionRule | null {
  const { status, ownDays } = setting;
  const unknown = statedAdult ? false : null;
  const minor = kept.ageKnown ? countsAsMinor(kept.ageBand) : unknown;
  return retentionRule({ status, ownDays, minor, policeRequested: kept.policeRequested, closedAt: kept.closedAt });
}

/** How long a case's records are kept, and why. */
export async function showRetention(
  db: Database,
  { vault }: Pick<Jikim, "vault">,
  caseId: string,
): Promise<CaseRetention> {
  const kept = await findCaseKept(db, vault, caseId);
  if (kept === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const rule = ruleOf(kept, await findRetention(db), false);
  const request = mayEraseOnRequest(rule);
  const { wantedAt } = await findCaseErasure(db, caseId);
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
    caseErasedBy: wantedAt === null ? null : latestErasure(wantedAt).toString(),
  };
}
