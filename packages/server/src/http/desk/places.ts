import { Refusal } from "@jikim/casework";
import { acceptedSchema, linkQuestionSchema, placesPostSchema } from "../../contract/desk.ts";
import { fetchesSchema } from "../../contract/watch.ts";
import { emptySchema } from "../../contract.ts";
import { checkSoon } from "../../jobs/queue.ts";
import { planNotices } from "../../notices/plan.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCheckTask } from "../../store/check-task.ts";
import { recordFetchAnswer, recordQuestion } from "../../store/fetch-yes.ts";
import { findCaseOf } from "../../store/holder.ts";
import { hasMandate } from "../../store/notice-facts.ts";
import { addPlaces, findAddress } from "../../store/place.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { readAddresses } from "../reports.ts";
import { requireSession } from "../session-guard.ts";
import { inCase, LARGE_BODY, recordAct } from "./case-guard.ts";
import { idSchema } from "./cases.ts";
import { writeDocument } from "./documents.ts";

/** Places that staff found, and looking at one now. */
export const placeRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const adding = { params: idSchema, body: placesPostSchema, response: { 200: emptySchema } };
  const options = { onRequest, bodyLimit: LARGE_BODY, schema: adding };
  app.post("/api/desk/cases/:id/places", options, async (request) => {
    const addresses = readAddresses(request.body.places);
    await inCase(jikim, request, request.params.id, async ({ tx, caseRow, now }) => {
      await addPlaces(tx, jikim.vault, { caseId: caseRow.id, namedBy: "staff" }, addresses);
      await planNotices(tx, jikim, caseRow.id, now);
    });
    return {};
  });
  const looking = { params: idSchema, body: emptySchema, response: { 202: acceptedSchema } };
  app.post("/api/desk/places/:id/checks", { onRequest, schema: looking }, async (request, reply) => {
    const placeId = request.params.id;
    const caseId = await findCaseOf(jikim.db, "place", placeId);
    if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    await inCase(jikim, request, caseId, async ({ tx }) => {
      // An anonymous report is help, not power: before a mandate nothing is watched for it.
      if (!(await hasMandate(tx, caseId))) throw new Refusal({ code: "MANDATE_MISSING" });
      const address = await findAddress(tx, jikim.vault, placeId);
      if (address?.kind !== "url") throw new ServerRefusal({ code: "NOT_A_PAGE" });
      const task = await findCheckTask(tx, jikim.vault, placeId);
      if (!task?.mayFetch) throw new ServerRefusal({ code: "LINK_UNCONFIRMED" });
      await checkSoon(jikim.jobs, tx, { placeId, asked: true });
    });
    return reply.status(202).send({ accepted: true as const });
  });
  const answering = { params: idSchema, body: fetchesSchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/fetches", { onRequest, bodyLimit: LARGE_BODY, schema: answering }, async (request) => {
    await inCase(jikim, request, request.params.id, async ({ tx, caseRow, person, now }) => {
      const of = { caseId: caseRow.id, ...request.body };
      const done = await recordFetchAnswer(
        { tx, vault: jikim.vault },
        of,
        { who: "staff", staffId: person.staffId },
        now,
      );
      if (!done) throw new ServerRefusal({ code: "NOT_FOUND" });
    });
    return {};
  });
  const asking = { params: idSchema, body: linkQuestionSchema, response: { 200: emptySchema } };
  app.post(
    "/api/desk/cases/:id/link-questions",
    { onRequest, bodyLimit: LARGE_BODY, schema: asking },
    async (request) => {
      const { document, places } = request.body;
      await inCase(jikim, request, request.params.id, async (work) => {
        const { tx, caseRow, person, now } = work;
        // The same question sent twice was asked once; it answers no message of hers.
        if (!(await writeDocument(work, { ...document, kind: "message" }))) return;
        const of = { caseId: caseRow.id, places, staffId: person.staffId };
        if (!(await recordQuestion({ tx, vault: jikim.vault }, of, now)))
          throw new ServerRefusal({ code: "NOT_FOUND" });
        await recordAct(work, "wrote");
      });
      return {};
    },
  );
};
