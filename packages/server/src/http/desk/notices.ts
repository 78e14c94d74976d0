import { Refusal } from "@jikim/casework";
import type { FastifyRequest } from "fastify";
import { approvedSchema, approveSchema, draftedSchema, noticesPostSchema } from "../../contract/desk.ts";
import type { Jikim } from "../../jikim.ts";
import { approve } from "../../notices/approve.ts";
import { draftNotices } from "../../notices/draft.ts";
import { ServerRefusal } from "../../refusal.ts";
import { lockCase, refreshNext } from "../../store/next.ts";
import { findCasesOf, findNotices } from "../../store/notice.ts";
import { CASE_ROLES, doerOf, recordRelease } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { inCase, wrapOf } from "./case-guard.ts";
import { idSchema } from "./cases.ts";

/** Notices: drafts, and the approval that sends them. */
export const noticeRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const drafting = { params: idSchema, body: noticesPostSchema, response: { 200: draftedSchema } };
  app.post("/api/desk/cases/:id/notices", { onRequest, schema: drafting }, async (request) =>
    inCase(jikim, request, request.params.id, async ({ tx, caseRow, now }) => {
      const drafted = new Set(await draftNotices(tx, jikim.vault, { caseRow, ...request.body }, now));
      const notices = await findNotices(tx, jikim.vault, caseRow.id);
      return { notices: notices.filter((notice) => drafted.has(notice.id)) };
    }),
  );
  const approving = { body: approveSchema, response: { 200: approvedSchema } };
  app.post("/api/desk/notices/approve", { onRequest, schema: approving }, async (request) => {
    const approved = [...new Set(request.body.notices)];
    await approveAll(jikim, request, { approved, named: request.body.recipients });
    return { approved };
  });
};

/** All of them, or none. Cases are locked in one order, so that two approvals at once never wait for each other. */
async function approveAll(
  jikim: Jikim,
  request: FastifyRequest,
  { approved, named }: { readonly approved: readonly string[]; readonly named: readonly string[] },
): Promise<void> {
  const person = staffOf(request);
  await jikim.db.transaction().execute(async (tx) => {
    const now = jikim.now();
    const caseOf = await findCasesOf(tx, approved);
    if (caseOf.size !== approved.length) throw new ServerRefusal({ code: "NOT_FOUND" });
    const cases = [...new Set(caseOf.values())].sort();
    for (const caseId of cases) {
      const row = await lockCase(tx, caseId);
      await wrapOf(tx, { person, caseId, now });
      if (row?.state === "closed") throw new Refusal({ code: "CASE_CLOSED" });
      const what = "notice-approved" as const;
      await recordRelease(tx, { ...doerOf(person), caseId, what, at: now });
    }
    for (const [noticeId, caseId] of caseOf)
      await approve(tx, jikim, { noticeId, caseId, named, staffId: person.staffId }, now);
    for (const caseId of cases) await refreshNext(tx, jikim.vault, caseId, now);
  });
}
