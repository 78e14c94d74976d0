import { readCertificate } from "@jikim/evidence";
import { assignSchema } from "../../contract/desk.ts";
import { emptySchema, type Rekey } from "../../contract.ts";
import { ServerRefusal } from "../../refusal.ts";
import { assignCase, closeCase } from "../../store/case-change.ts";
import { findCentre } from "../../store/centre.ts";
import { replaceCaseKey } from "../../store/rekey.ts";
import { CASE_ROLES } from "../../store/release.ts";
import { findStaff } from "../../store/staff.ts";
import { stopUnsent } from "../../store/withdrawal.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";
import { type CaseWork, inCase, isCertified, recordAct } from "./case-guard.ts";
import { idSchema } from "./cases.ts";

/** 2,000 documents re-sealed at their largest would be more: such a case is split before it gets there. */
const REKEY_BODY = 64 * 1024 * 1024;

/** Giving a case to a colleague under a new key, and closing it. */
export const assignmentRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const assigning = { params: idSchema, body: assignSchema, response: { 200: emptySchema } };
  const options = { onRequest, bodyLimit: REKEY_BODY, schema: assigning };
  app.post("/api/desk/cases/:id/rekey", options, async (request) => {
    const { assignTo, rekey } = request.body;
    await inCase(jikim, request, request.params.id, async (work) => {
      await checkHolders(work, assignTo, rekey);
      await replaceCaseKey(work, work.caseRow.id, rekey);
      await assignCase(work.tx, work.caseRow.id, assignTo);
      await recordAct(work, "assigned");
    });
    return {};
  });
  const closing = { params: idSchema, body: emptySchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/close", { onRequest, schema: closing }, async (request) => {
    await inCase(jikim, request, request.params.id, async (work) => {
      await stopUnsent(work.tx, work.caseRow.id, { now: work.now, drafts: true });
      await closeCase(work.tx, work.caseRow.id, work.now);
      await recordAct(work, "closed");
    });
    return {};
  });
};

/**
 * The new key goes to her, the recovery key, the colleague, and at most the one who gives the case away; each of them vouched
 * for by the root now. A key that is not new would leave the old holders what they had.
 */
async function checkHolders({ tx, caseRow, person, now }: CaseWork, assignTo: string, rekey: Rekey): Promise<void> {
  const holders = new Set(rekey.wraps.map((wrap) => wrap.holder));
  const needed = new Set(["survivor", "recovery", assignTo]);
  const allowed = new Set([...needed, person.staffId]);
  const exact = holders.size === rekey.wraps.length && needed.isSubsetOf(holders) && holders.isSubsetOf(allowed);
  if (!exact) throw new ServerRefusal({ code: "HOLDERS_WRONG" });
  if (rekey.caseRecipient === caseRow.caseRecipient)
    throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.rekey.caseRecipient" });
  const { root, recoveryCertificate } = await findCentre(tx);
  const recovery =
    root && recoveryCertificate && readCertificate(recoveryCertificate, "recovery", root, now.epochMilliseconds);
  const assignee = await findStaff(tx, assignTo);
  const mayHold = assignee !== null && CASE_ROLES.some((role) => assignee.roles.includes(role));
  if (!recovery || !mayHold || !(await isCertified(tx, assignTo, now)))
    throw new ServerRefusal({ code: "NOT_CERTIFIED" });
}
