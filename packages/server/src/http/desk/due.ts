import { doubtPostSchema, dueQuerySchema, dueSchema, stepPostSchema, stepsPostSchema } from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { approve } from "../../notices/approve.ts";
import { recordByPerson } from "../../notices/record.ts";
import { ServerRefusal } from "../../refusal.ts";
import { hurryClimbs } from "../../store/climb.ts";
import { findDue } from "../../store/due.ts";
import { findCaseOf } from "../../store/holder.ts";
import { stopNotice } from "../../store/leaving.ts";
import { lockNotice } from "../../store/notice.ts";
import { lockRecipientsOf } from "../../store/recipient.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { heldBy, requireSession, staffOf } from "../session-guard.ts";
import { type CaseWork, inCase, LARGE_BODY, recordAct } from "./case-guard.ts";
import { idSchema } from "./cases.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { findEmergencies } from "./emergencies.ts";

/** What is due about notices, and the one key that each of it waits for. */
export const dueRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const listing = { querystring: dueQuerySchema, response: { 200: dueSchema } };
  app.get("/api/desk/due", { onRequest, schema: listing }, async (request) => {
    const { kind, limit, cursor } = request.query;
    const person = staffOf(request);
    const after = cursor === undefined ? null : readCursor(cursor);
    const question = { kind, after, heldBy: heldBy(person), limit: limit + 1, now: jikim.now() };
    const found = await findDue(jikim.db, jikim.vault, question);
    const last = found[limit - 1];
    return {
      rows: found.slice(0, limit).map(({ row }) => row),
      next: found.length > limit && last ? writeCursor(last.mark) : null,
      emergencies: after === null ? await findEmergencies(jikim, person) : [],
    };
  });
  const settling = { params: idSchema, body: doubtPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/notices/:id/doubt", { onRequest, schema: settling }, async (request) => {
    const { channel, purpose, answer } = request.body;
    const noticeId = request.params.id;
    await inCase(jikim, request, await caseOf(jikim, noticeId), ({ tx }) =>
      recordByPerson(tx, jikim, { did: "settled", key: { noticeId, channel, purpose }, answer }),
    );
    return {};
  });
  const stepping = { params: idSchema, body: stepPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/notices/:id/step", { onRequest, schema: stepping }, async (request) => {
    const { body, params } = request;
    await inCase(jikim, request, await caseOf(jikim, params.id), (work) =>
      body.do === "drop"
        ? drop(work, params.id)
        : take(jikim, work, { noticeId: params.id, recipient: body.recipient }),
    );
    return {};
  });
  const climbing = { params: idSchema, body: stepsPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/steps", { onRequest, bodyLimit: LARGE_BODY, schema: climbing }, async (request) => {
    const { body } = request;
    await inCase(jikim, request, request.params.id, async (work) => {
      if (body.do === "drop") for (const noticeId of body.notices) await drop(work, noticeId);
      else {
        await lockRecipientsOf(
          work.tx,
          body.steps.map(({ noticeId }) => noticeId),
        );
        for (const step of body.steps) await take(jikim, work, step);
      }
    });
    return {};
  });
};

async function caseOf({ db }: Jikim, noticeId: string): Promise<string> {
  const caseId = await findCaseOf(db, "notice", noticeId);
  if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  return caseId;
}

/** Sends a prepared step: this is its approval. @throws {ServerRefusal} `STEP_GONE`, and those of `approve`. */
async function take(
  jikim: Jikim,
  work: CaseWork,
  { noticeId, recipient }: { readonly noticeId: string; readonly recipient: string },
): Promise<void> {
  await findStep(work, noticeId);
  const { staffId } = work.person;
  const approval = { noticeId, caseId: work.caseRow.id, named: [recipient], staffId };
  await approve(work.tx, jikim, approval, work.now);
  await recordAct(work, "notice-approved");
}

/** Drops a prepared step: this recipient is not asked by the ladder again, which goes on to the next. */
async function drop(work: CaseWork, noticeId: string): Promise<void> {
  await findStep(work, noticeId);
  await stopNotice(work.tx, noticeId, work.now);
  await hurryClimbs(work.tx, { noticeId }, work.now);
}

async function findStep({ tx, caseRow }: CaseWork, noticeId: string): Promise<void> {
  const row = await lockNotice(tx, noticeId);
  if (row?.caseId !== caseRow.id || row.state !== "draft" || row.stepWhy === null)
    throw new ServerRefusal({ code: "STEP_GONE" });
}
