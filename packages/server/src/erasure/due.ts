import { allowsSending, dueIfClosedBy, erasureDueAt } from "@jikim/casework";
import type { Jikim } from "../jikim.ts";
import { consentTo, findConsents } from "../store/consent.ts";
import { lockCase } from "../store/next.ts";
import { endPack, findPacks } from "../store/pack.ts";
import { eraseEvidence, findCaseKept, findClosedKept, findRetention } from "../store/retention.ts";
import { eraseWhole } from "./case.ts";
import { ruleOf } from "./show.ts";

const PAGE = 500;
/** Below every id. */
const FIRST = "00000000-0000-0000-0000-000000000000";

/** Erases closed cases whose time has come. */
export async function eraseDue(jikim: Jikim, now: Temporal.Instant): Promise<void> {
  const { db, vault } = jikim;
  const closedBy = dueIfClosedBy(await findRetention(db), now);
  if (closedBy === null) return;
  for (let after = FIRST; ; ) {
    const page = await findClosedKept(db, vault, { after, closedBy, limit: PAGE });
    for (const kept of page) await eraseIfDue(jikim, kept.caseId, now);
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    after = last.caseId;
  }
}

/**
 * Looks again with the case locked: it may have been opened again meanwhile. Of a case whose time has come the fingerprints stay on the list
 * as long as she wants them there: the period is one of records, and ends no protection.
 */
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
    const shares = allowsSending(consentTo("share", await findConsents(tx, caseId)));
    await eraseWhole(tx, jikim, { caseId, at: now, list: shares ? "keep" : "gone" });
  });
}
