import { type Authority, approveAuthority, checkAuthority, countsAsMinor } from "@jikim/casework";
import { z } from "zod";
import {
  authoritiesDueSchema,
  authoritiesSchema,
  authorityApproveSchema,
  authorityPostSchema,
  authoritySchema,
  closedRoomsSchema,
} from "../../contract/captures.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import {
  endAuthority,
  findAuthorities,
  findAuthority,
  recordAuthority,
  saveApproval,
  unlockUnder,
} from "../../store/authority.ts";
import { findClosedRooms, saveClosedRooms } from "../../store/closed-rooms.ts";
import { recordCustody } from "../../store/custody.ts";
import { findKnownPlaces } from "../../store/place.ts";
import { CASE_ROLES, doerOf } from "../../store/release.ts";
import { openCodes } from "../../store/sealed.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { type CaseWork, inCase } from "./case-guard.ts";
import { idSchema } from "./cases.ts";
import { findEmergencies } from "./emergencies.ts";
import { asHolder } from "./pack-guard.ts";

const authorityIdSchema = idSchema.extend({ authorityId: z.uuid() });

/** Powers of the police or a court: recorded, approved, ended; and counsel's opinion on closed rooms. */
export const authorityRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const listing = { onRequest, schema: { params: idSchema, response: { 200: authoritiesSchema } } };
  app.get("/api/desk/cases/:id/authorities", listing, (request) =>
    asHolder(jikim, request, request.params.id, async (work) => ({ rows: await showAll(jikim, work) })),
  );
  const recording = { params: idSchema, body: authorityPostSchema, response: { 200: authoritySchema } };
  app.post("/api/desk/cases/:id/authorities", { onRequest, schema: recording }, (request) =>
    inCase(jikim, request, request.params.id, (work) => record(jikim, work, request.body)),
  );
  const path = "/api/desk/cases/:id/authorities/:authorityId";
  const approving = { params: authorityIdSchema, body: authorityApproveSchema, response: { 200: authoritySchema } };
  app.post(`${path}/approve`, { onRequest, schema: approving }, (request) =>
    inCase(jikim, request, request.params.id, (work) =>
      approve(jikim, work, { id: request.params.authorityId, approval: request.body }),
    ),
  );
  const ending = { params: authorityIdSchema, body: emptySchema, response: { 200: authoritySchema } };
  app.post(`${path}/end`, { onRequest, schema: ending }, (request) =>
    inCase(jikim, request, request.params.id, async (work) => {
      const { authorityId } = request.params;
      await known(jikim, work, authorityId);
      await endAuthority(work.tx, authorityId, work.now);
      return show(jikim, work, authorityId);
    }),
  );
  addDueRoute(app, jikim);
  addClosedRoomRoutes(app, jikim);
};

const addDueRoute: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const schema = { response: { 200: authoritiesDueSchema } };
  app.get("/api/desk/authorities/due", { onRequest, schema }, async (request) => ({
    rows: await findEmergencies(jikim, staffOf(request)),
  }));
};

const addClosedRoomRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, "admin");
  app.get("/api/desk/closed-rooms", { onRequest, schema: { response: { 200: closedRoomsSchema } } }, async () => ({
    counsel: await findClosedRooms(jikim.db),
  }));
  const writing = { body: closedRoomsSchema, response: { 200: emptySchema } };
  app.put("/api/desk/closed-rooms", { onRequest, schema: writing }, async (request) => {
    await saveClosedRooms(jikim.db, request.body.counsel, { staffId: staffOf(request).staffId, at: jikim.now() });
    return {};
  });
};

function isMinor({ vault }: Jikim, { caseRow }: CaseWork): boolean {
  return countsAsMinor(openCodes(vault, caseRow).ageBand);
}

function showAll(jikim: Jikim, work: CaseWork) {
  const { tx, caseRow, now } = work;
  return findAuthorities(tx, jikim.vault, { caseId: caseRow.id, minor: isMinor(jikim, work), now });
}

async function show(jikim: Jikim, work: CaseWork, id: string) {
  const row = (await showAll(jikim, work)).find((each) => each.id === id);
  if (row === undefined) throw new ServerRefusal({ code: "NOT_FOUND" });
  return row;
}

async function known({ vault }: Jikim, { tx, caseRow }: CaseWork, id: string) {
  const found = await findAuthority(tx, vault, { caseId: caseRow.id, id });
  if (found === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  return found;
}

/** The same id again answers with the same row. @throws {Refusal} `AUTHORITY_TOO_LONG`. @throws {ServerRefusal} `NOT_FOUND`, `ID_TAKEN`. */
async function record(jikim: Jikim, work: CaseWork, post: z.output<typeof authorityPostSchema>) {
  const { tx, caseRow, person, now } = work;
  const caseId = caseRow.id;
  const { kind, scope } = post;
  const authority: Authority = {
    ...{ kind, scope, from: Temporal.Instant.from(post.from), approvedAt: null, endedAt: null },
    until: post.until === null ? null : Temporal.Instant.from(post.until),
  };
  checkAuthority(authority, isMinor(jikim, work));
  const places = { caseId, places: scope.placeIds };
  if ((await findKnownPlaces(tx, jikim.vault, places)) === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const isNew = await recordAuthority(tx, jikim.vault, { caseId, staffId: person.staffId, post, now });
  const isOurs = isNew || (await findAuthority(tx, jikim.vault, { caseId, id: post.id })) !== null;
  if (!isOurs) throw new ServerRefusal({ code: "ID_TAKEN" });
  return show(jikim, work, post.id);
}

type Approved = { readonly id: string; readonly approval: z.output<typeof authorityApproveSchema> };

/** @throws {Refusal} as `approveAuthority`. @throws {ServerRefusal} `NOT_FOUND`. */
async function approve(jikim: Jikim, work: CaseWork, { id, approval }: Approved) {
  const { tx, caseRow, person, now } = work;
  const authority = await known(jikim, work, id);
  const given = { at: Temporal.Instant.from(approval.at), until: Temporal.Instant.from(approval.until) };
  const isSupervisor = person.roles.includes("supervisor");
  approveAuthority(authority, given, { minor: isMinor(jikim, work), isSupervisor, now });
  await saveApproval(tx, jikim.vault, authority, { ...given, by: approval.by, number: approval.number });
  for (const packId of await unlockUnder(tx, id))
    await recordCustody(tx, jikim.vault, { packId, caseId: caseRow.id, did: "unlocked", by: doerOf(person), at: now });
  return show(jikim, work, id);
}
