import { checkEntry } from "@jikim/casework";
import { entriesPostSchema, entryChangeSchema } from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import { ServerRefusal } from "../../refusal.ts";
import { consentTo, findConsents } from "../../store/consent.ts";
import { listItems, setDispute, withdrawEntries } from "../../store/entry.ts";
import { findCaseOf } from "../../store/holder.ts";
import { hasMandate } from "../../store/notice-facts.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";
import { inCase, recordAct } from "./case-guard.ts";
import { idSchema } from "./cases.ts";

/** Items onto the list and off it. */
export const entryRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const listing = { params: idSchema, body: entriesPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/entries", { onRequest, schema: listing }, async (request) => {
    const { items, basis, reference } = request.body;
    await inCase(jikim, request, request.params.id, async (work) => {
      const { tx, caseRow, now } = work;
      const consents = await findConsents(tx, caseRow.id);
      checkEntry({
        ...{ basis, reference },
        hasMandate: await hasMandate(tx, caseRow.id),
        share: consentTo("share", consents),
      });
      await listItems(tx, jikim, { caseId: caseRow.id, items, basis, reference: reference || null }, now);
      await recordAct(work, "listed");
    });
    return {};
  });
  const change = { params: idSchema, body: entryChangeSchema, response: { 200: emptySchema } };
  app.post("/api/desk/entries/:id", { onRequest, schema: change }, async (request) => {
    const entryId = request.params.id;
    const caseId = await findCaseOf(jikim.db, "entry", entryId);
    if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    await inCase(jikim, request, caseId, async (work) => {
      const { tx, now } = work;
      if (request.body.change !== "withdraw") {
        await setDispute(tx, jikim, { entryId, disputed: request.body.change === "dispute" }, now);
      } else if ((await withdrawEntries(tx, jikim, { caseId, entryId }, now)) > 0) await recordAct(work, "withdrew");
    });
    return {};
  });
};
