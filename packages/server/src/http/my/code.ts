import { codeReplacementSchema } from "../../contract/portal.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCentre } from "../../store/centre.ts";
import { resealHers } from "../../store/chat.ts";
import { findHolders } from "../../store/holder.ts";
import { countOwnActs, replaceToken } from "../../store/my-change.ts";
import { replaceCaseKey } from "../../store/rekey.ts";
import { recordRelease } from "../../store/release.ts";
import { awaitSafeContact } from "../../store/withdrawal.ts";
import type { App } from "../app-type.ts";
import { type Guarded, inMyCase, type MyWork } from "./access.ts";

const REPLACEMENTS_A_DAY = 10;
/** Every document of a case, sealed anew. */
const BODY_LIMIT = 32 * 1024 * 1024;

/**
 * POST /api/my/code: the old code dies and the case key rotates, in one step; who holds the key stays the same. Whoever holds her
 * code may do this, so that when she asked for 24 hours her safe contact is told.
 */
export function addCodeRoute(app: App, jikim: Jikim, guarded: Guarded): void {
  const schema = { body: codeReplacementSchema, response: { 200: emptySchema } };
  app.post("/api/my/code", { ...guarded, bodyLimit: BODY_LIMIT, schema }, async (request) => {
    const { token, survivorRecipient, rekey, chats = [] } = request.body;
    await inMyCase(jikim, request, async (work) => {
      await checkHolders(
        work,
        rekey.wraps.map((wrap) => wrap.holder),
      );
      const { tx, caseRow, now } = work;
      const caseId = caseRow.id;
      if ((await countOwnActs(tx, caseId, "code-replaced", now)) >= REPLACEMENTS_A_DAY)
        throw new ServerRefusal({ code: "TOO_MANY_TODAY" });
      await replaceCaseKey({ tx, vault: jikim.vault, now }, caseId, rekey);
      await resealHers(tx, caseId, chats);
      await replaceToken(tx, jikim.vault, caseId, { token, survivorRecipient });
      await recordRelease(tx, jikim.vault, { caseId, role: "survivor", who: "", what: "code-replaced", at: now });
      if (caseRow.withdrawalPlan === "after-24-hours") await awaitSafeContact(tx, caseId, now);
    });
    return {};
  });
}

/** @throws {ServerRefusal} `HOLDERS_CHANGED` unless the key goes to her, the recovery key and who holds it now, each once. */
async function checkHolders({ tx, caseRow, now }: MyWork, given: readonly string[]): Promise<void> {
  const { root } = await findCentre(tx);
  const staff = await findHolders(tx, caseRow.id, { root: root ?? "", now });
  const holders = new Set(["survivor", "recovery", ...staff.map((holder) => holder.staffId)]);
  const exact =
    given.length === holders.size && new Set(given).size === holders.size && given.every((id) => holders.has(id));
  if (!exact) throw new ServerRefusal({ code: "HOLDERS_CHANGED" });
}
