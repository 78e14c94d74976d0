import { Refusal } from "@jikim/casework";
import type { FastifyRequest } from "fastify";
import {
  approvedSchema,
  approveSchema,
  draftedSchema,
  noticesPostSchema,
  routesPostSchema,
  routesSchema,
} from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import type { InTransaction } from "../../database.ts";
import type { Jikim } from "../../jikim.ts";
import type { KnownPlace } from "../../notices/batches.ts";
import { draftNotices } from "../../notices/draft.ts";
import { findRoutes } from "../../notices/routes.ts";
import { findRungs, type Rungs, type Which } from "../../notices/rungs.ts";
import { type CaseFacts, findCaseFacts } from "../../notices/writing.ts";
import { ServerRefusal } from "../../refusal.ts";
import { hurryClimbs } from "../../store/climb.ts";
import { findCaseOf } from "../../store/holder.ts";
import { stopNotice } from "../../store/leaving.ts";
import { findPlacesLeft, lockNotice } from "../../store/notice.ts";
import { hasMandate } from "../../store/notice-facts.ts";
import { findNotices } from "../../store/notice-shown.ts";
import { findKnownPlaces } from "../../store/place.ts";
import { findDraftsAbout, markDiscarded } from "../../store/prepared.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { approveAll } from "./approval.ts";
import { type CaseWork, inCase, LARGE_BODY } from "./case-guard.ts";
import { idSchema } from "./cases.ts";

/** Notices: whom to ask, drafts, and the approval that sends them. */
export const noticeRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const options = { onRequest, bodyLimit: LARGE_BODY };
  const routing = { params: idSchema, body: routesPostSchema, response: { 200: routesSchema } };
  app.post("/api/desk/cases/:id/routes", { ...options, schema: routing }, async (request) => {
    const { facts, places } = await lookInto(jikim, request, { caseId: request.params.id, ...request.body });
    return { routes: await findRoutes(jikim, facts, places) };
  });
  const drafting = { params: idSchema, body: noticesPostSchema, response: { 200: draftedSchema } };
  app.post("/api/desk/cases/:id/notices", { ...options, schema: drafting }, async (request) => {
    const { places, recipients } = request.body;
    const caseId = request.params.id;
    if (recipients !== "all-first-rungs") {
      const placesOf = new Map(recipients.map((id) => [id, places]));
      return draft(jikim, request, { caseId, placesOf, unreached: [], places: "as-asked" });
    }
    const rungs = await seek(jikim, request, { caseId, places, which: "first" });
    return draft(jikim, request, { ...rungs, caseId, places });
  });
  const going = { params: idSchema, body: emptySchema, response: { 200: draftedSchema } };
  app.post("/api/desk/notices/:id/next", { ...options, schema: going }, async (request) => {
    const caseId = await findCaseOf(jikim.db, "notice", request.params.id);
    if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    const places = await findPlacesLeft(jikim.db, request.params.id);
    const rungs = await seek(jikim, request, { caseId, places, which: "next" });
    return draft(jikim, request, { ...rungs, caseId, places: "as-asked" });
  });
  const discarding = { params: idSchema, body: emptySchema, response: { 200: emptySchema } };
  app.post("/api/desk/notices/:id/discard", { onRequest, schema: discarding }, async (request) => {
    const caseId = await findCaseOf(jikim.db, "notice", request.params.id);
    if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    await inCase(jikim, request, caseId, (work) => discard(work, request.params.id));
    return {};
  });
  const approving = { body: approveSchema, response: { 200: approvedSchema } };
  app.post("/api/desk/notices/approve", { ...options, schema: approving }, async (request) => {
    const { notices, recipients, later = [] } = request.body;
    const approved = [...new Set(notices)];
    await approveAll(jikim, staffOf(request), { approved, named: recipients, later });
    return { approved };
  });
};

type Looked = { readonly facts: CaseFacts; readonly places: readonly KnownPlace[] };
type Wanted = { readonly caseId: string; readonly places: readonly string[] };

/**
 * Opens places of a case for someone who holds its key, before anybody is looked for. Looking for a host tells a directory of it,
 * so nobody is looked for without a mandate.
 */
async function lookInto(jikim: Jikim, request: FastifyRequest, { caseId, places: wanted }: Wanted): Promise<Looked> {
  return inCase(jikim, request, caseId, async ({ tx, caseRow, now }) => {
    if (!(await hasMandate(tx, caseId))) throw new Refusal({ code: "MANDATE_MISSING" });
    const places = await findKnownPlaces(tx, jikim.vault, { caseId, places: wanted });
    if (places === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    return { places, facts: await findCaseFacts(tx, jikim.vault, caseRow, now) };
  });
}

async function seek(jikim: Jikim, request: FastifyRequest, wanted: Wanted & { readonly which: Which }): Promise<Rungs> {
  const { facts, places } = await lookInto(jikim, request, wanted);
  return findRungs(jikim, facts, places, wanted.which);
}

type Drafting = Rungs & { readonly caseId: string; readonly places: readonly string[] | "as-asked" };

/** Drafts what no draft asks yet; those that wait already are given as well. */
function draft(jikim: Jikim, request: FastifyRequest, { caseId, placesOf, unreached, places }: Drafting) {
  return inCase(jikim, request, caseId, async ({ tx, caseRow, now }) => {
    const { waiting, left } = await splitDrafted(tx, caseId, { placesOf, places });
    const drafted = new Set([...waiting, ...(await draftNotices(tx, jikim.vault, { caseRow, placesOf: left }, now))]);
    const notices = await findNotices(tx, jikim.vault, caseRow.id);
    return { notices: notices.filter((notice) => drafted.has(notice.id)), unreached: [...unreached] };
  });
}

type Wished = Pick<Drafting, "placesOf" | "places">;

/**
 * What is asked for already by drafts that wait: `waiting`, their ids, and `left`, what is still to be drafted. Where those who are asked
 * first are wanted, every draft about the places belongs to the answer.
 */
async function splitDrafted(tx: InTransaction, caseId: string, { placesOf, places }: Wished) {
  const wanted = places === "as-asked" ? [...placesOf.values()].flat() : places;
  const found = await findDraftsAbout(tx, { caseId, places: wanted });
  const waiting = found.filter(
    ({ recipientId, placeId }) => places !== "as-asked" || placesOf.get(recipientId)?.includes(placeId),
  );
  const asked = new Set(waiting.map(({ recipientId, placeId }) => `${recipientId} ${placeId}`));
  const left = [...placesOf].map(([id, its]) => [id, its.filter((place) => !asked.has(`${id} ${place}`))] as const);
  return {
    waiting: waiting.map(({ id }) => id),
    left: new Map(left.filter(([id, its]) => its.length > 0 || placesOf.get(id)?.length === 0)),
  };
}

/** Lets a draft go: this recipient is not asked about these places by itself. @throws {Refusal} `NOTICE_NOT_DRAFT`. */
async function discard({ tx, caseRow, person, now }: CaseWork, noticeId: string): Promise<void> {
  const row = await lockNotice(tx, noticeId);
  if (row?.caseId !== caseRow.id || row.state !== "draft") throw new Refusal({ code: "NOTICE_NOT_DRAFT" });
  await stopNotice(tx, noticeId, now);
  await markDiscarded(tx, noticeId, { staffId: person.staffId, now });
  await hurryClimbs(tx, { noticeId }, now);
}
