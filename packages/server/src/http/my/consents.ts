import { type Act, type Consent, giveConsent, withdrawConsent } from "@jikim/casework";
import { consentChangeSchema, consentsSchema } from "../../contract/portal.ts";
import type { Jikim } from "../../jikim.ts";
import { planNotices } from "../../notices/plan.ts";
import { reweighEnds } from "../../notices/withdrawn.ts";
import { ServerRefusal } from "../../refusal.ts";
import { consentTo, findConsents, saveConsent, showConsent } from "../../store/consent.ts";
import { countOwnActs } from "../../store/my-change.ts";
import { recordRelease } from "../../store/release.ts";
import { settleSafeContactWhenNothingWaits, settleWithdrawal } from "../../withdrawal.ts";
import type { App } from "../app-type.ts";
import { type Guarded, inMyAnyCase, type MyWork, refuseErased } from "./access.ts";

const WITHDRAWALS_A_DAY = 20;

/** POST /api/my/consents: she gives a consent, or withdraws it as she chose beforehand: at once, or after 24 hours. */
export function addConsentRoute(app: App, jikim: Jikim, guarded: Guarded): void {
  const schema = { body: consentChangeSchema, response: { 200: consentsSchema } };
  app.post("/api/my/consents", { ...guarded, schema }, async (request) => {
    const { act, change } = request.body;
    // What stays on the list of a case that was erased can still be taken back.
    return inMyAnyCase(jikim, request, async (work) => {
      if (change === "give") await refuseErased(work);
      const { tx, caseRow } = work;
      const before = consentTo(act, await findConsents(tx, caseRow.id)) ?? { act, state: "refused" };
      if (change === "give") await give(jikim, work, before);
      else await withdraw(jikim, work, before);
      return { consents: (await findConsents(tx, caseRow.id)).map(showConsent) };
    });
  });
}

/** Given again while a withdrawal waits, it stops that; her safe contact need not be told of it any more when none waits. */
async function give(jikim: Jikim, { tx, caseRow, now }: MyWork, before: Consent & { act: Act }): Promise<void> {
  if (before.state === "given") return;
  await saveConsent(tx, caseRow.id, giveConsent(before.act, now));
  if (before.act === "remove") {
    await planNotices(tx, jikim, caseRow.id, now);
    await reweighEnds(tx, jikim, caseRow.id, now);
  }
  await settleSafeContactWhenNothingWaits(tx, caseRow.id);
}

async function withdraw(jikim: Jikim, { tx, caseRow, now }: MyWork, before: Consent & { act: Act }): Promise<void> {
  const { id: caseId, withdrawalPlan } = caseRow;
  const after = withdrawConsent(before, withdrawalPlan, now);
  if ((await countOwnActs(tx, caseId, "withdrew", now)) >= WITHDRAWALS_A_DAY)
    throw new ServerRefusal({ code: "TOO_MANY_TODAY" });
  await saveConsent(tx, caseId, after);
  await recordRelease(tx, jikim.vault, { caseId, role: "survivor", who: "", what: "withdrew", at: now });
  await settleWithdrawal(tx, jikim, caseId, before.act, now);
}
