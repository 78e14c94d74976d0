import { sheetSentSchema } from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import { recordByPerson } from "../../notices/record.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCaseOf } from "../../store/holder.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";
import { inCase } from "./case-guard.ts";
import { idSchema } from "./cases.ts";

/** "I sent it": an approved notice whose web form a person filled in. */
export const sheetRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const sending = { params: idSchema, body: sheetSentSchema, response: { 200: emptySchema } };
  app.post("/api/desk/notices/:id/sheet", { onRequest, schema: sending }, async (request) => {
    const noticeId = request.params.id;
    const caseId = await findCaseOf(jikim.db, "notice", noticeId);
    if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    const at = Temporal.Instant.from(request.body.sentAt);
    await inCase(jikim, request, caseId, ({ tx }) => recordByPerson(tx, jikim, { did: "sent-by-hand", noticeId, at }));
    return {};
  });
};
