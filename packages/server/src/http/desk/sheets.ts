import { Refusal } from "@jikim/casework";
import type { FastifyRequest } from "fastify";
import { type SheetSent, sheetSentSchema, sheetsPostSchema } from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { recordByPerson } from "../../notices/record.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCaseOf } from "../../store/holder.ts";
import { findPlacesOf, lockNotice, type NoticeRow } from "../../store/notice.ts";
import { findRecipient, lockRecipientsOf } from "../../store/recipient.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Vault } from "../../vault.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";
import { type CaseWork, checkOpen, inAnyCase, LARGE_BODY } from "./case-guard.ts";
import { idSchema } from "./cases.ts";

/** "I sent it": web forms that a person filled in, of approved notices or of the end of one; one, or all of a case. */
export const sheetRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const sending = { params: idSchema, body: sheetSentSchema, response: { 200: emptySchema } };
  app.post("/api/desk/notices/:id/sheet", { onRequest, schema: sending }, async (request) => {
    const noticeId = request.params.id;
    const caseId = await findCaseOf(jikim.db, "notice", noticeId);
    if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    await record(jikim, request, caseId, [{ noticeId, ...request.body }]);
    return {};
  });
  const together = { params: idSchema, body: sheetsPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/sheets", { onRequest, bodyLimit: LARGE_BODY, schema: together }, async (request) => {
    await record(jikim, request, request.params.id, request.body.sheets);
    return {};
  });
};

type Sheet = SheetSent & { readonly noticeId: string };

/** Minutes by which her clock may differ from ours. */
const SKEW_MINUTES = 5;

/** @throws {ServerRefusal} `NOT_FOUND`, `SHEET_CHANGED`, `SENT_TIME_WRONG`, `NOTHING_TO_SETTLE`. @throws {Refusal} `RECIPIENT_HOSTILE`, `CASE_CLOSED`. */
function record(jikim: Jikim, request: FastifyRequest, caseId: string, sheets: readonly Sheet[]): Promise<void> {
  return inAnyCase(jikim, request, caseId, async (work) => {
    await lockRecipientsOf(
      work.tx,
      sheets.map(({ noticeId }) => noticeId),
    );
    for (const { noticeId, sentAt, places, purpose } of sheets) {
      // A request comes to its end also in a case that was closed.
      if (purpose === "notice") checkOpen(work);
      const row = await checkSheet(work, jikim.vault, { noticeId, places: purpose === "notice" ? places : undefined });
      const at = Temporal.Instant.from(sentAt);
      checkTime(at, { from: (purpose === "notice" ? row.approvedAt : row.endedAt) ?? at, to: jikim.now() });
      await recordByPerson(work.tx, jikim, { did: "sent-by-hand", noticeId, purpose, at });
    }
  });
}

/** Nobody sends before the approval or the withdrawal, or later than now: a time that is wrong would start a clock that is wrong. */
function checkTime(at: Temporal.Instant, { from, to }: Readonly<Record<"from" | "to", Temporal.Instant>>): void {
  const isEarly = Temporal.Instant.compare(at.add({ minutes: SKEW_MINUTES }), from) < 0;
  const isLate = Temporal.Instant.compare(at.subtract({ minutes: SKEW_MINUTES }), to) > 0;
  if (isEarly || isLate) throw new ServerRefusal({ code: "SENT_TIME_WRONG" });
}

/** The sheet is of this case, and the one she read: places may have joined it since. */
async function checkSheet(
  { tx, caseRow }: CaseWork,
  vault: Vault,
  { noticeId, places }: { readonly noticeId: string; readonly places: number | undefined },
): Promise<NoticeRow> {
  const row = await lockNotice(tx, noticeId);
  if (row?.caseId !== caseRow.id) throw new ServerRefusal({ code: "NOT_FOUND" });
  if ((await findRecipient(tx, vault, row.recipientId))?.hostile) throw new Refusal({ code: "RECIPIENT_HOSTILE" });
  const now = (await findPlacesOf(tx, [noticeId])).get(noticeId)?.length ?? 0;
  if (places !== undefined && places !== now) throw new ServerRefusal({ code: "SHEET_CHANGED" });
  return row;
}
