import { Readable } from "node:stream";
import { type CaptureOrder, mayFetch } from "@jikim/casework";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { allowCapture } from "../../captures/allowed.ts";
import { capturePage } from "../../captures/capture.ts";
import { dropSession, holdSession, SESSION_MINUTES } from "../../captures/session.ts";
import {
  capturePostSchema,
  captureRetrySchema,
  captureSchema,
  capturesSchema,
  type Session,
} from "../../contract/captures.ts";
import type { Jikim } from "../../jikim.ts";
import { captureSoon } from "../../jobs/queue.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCaptureOrder, orderCapture, requeueCapture } from "../../store/capture.ts";
import { findCaptures } from "../../store/capture-row.ts";
import { findCheckTask } from "../../store/check-task.ts";
import { recordCustody } from "../../store/custody.ts";
import { findKnownPlaces } from "../../store/place.ts";
import { CASE_ROLES, doerOf } from "../../store/release.ts";
import { readSealedFile } from "../../store/sealed-file.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";
import { type CaseWork, inCase, LARGE_BODY } from "./case-guard.ts";
import { idSchema } from "./cases.ts";
import { asHolder } from "./pack-guard.ts";

const captureIdSchema = idSchema.extend({ captureId: z.uuid() });
type Ordered = z.output<typeof capturePostSchema>;

/** Captures of pages for a case: ordered, listed, tried again, and their packs given to who holds the case. */
export const captureRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const options = { onRequest, bodyLimit: LARGE_BODY };
  const ordering = { params: idSchema, body: capturePostSchema, response: { 202: captureSchema } };
  app.post("/api/desk/cases/:id/captures", { ...options, schema: ordering }, async (request, reply) => {
    const { id, session } = request.body;
    const row = await withSession(jikim, { captureId: id, session }, () =>
      inCase(jikim, request, request.params.id, (work) => order(jikim, work, request.body)),
    );
    return reply.status(202).send(row);
  });
  const listing = { onRequest, schema: { params: idSchema, response: { 200: capturesSchema } } };
  app.get("/api/desk/cases/:id/captures", listing, (request) =>
    asHolder(jikim, request, request.params.id, async ({ tx, caseRow, now }) => ({
      rows: await findCaptures(tx, jikim.vault, { caseId: caseRow.id, now }),
    })),
  );
  const retrying = { params: captureIdSchema, body: captureRetrySchema, response: { 202: captureSchema } };
  const retryPath = "/api/desk/cases/:id/captures/:captureId/retry";
  app.post(retryPath, { ...options, schema: retrying }, async (request, reply) => {
    const { session } = request.body;
    const { id: caseId, captureId } = request.params;
    const row = await withSession(jikim, { captureId, session }, () =>
      inCase(jikim, request, caseId, (work) => tryAgain(jikim, work, { captureId, session })),
    );
    return reply.status(202).send(row);
  });
  app.get(
    "/api/desk/cases/:id/captures/:captureId/pack",
    { onRequest, schema: { params: captureIdSchema } },
    async (request, reply) => {
      const packId = await openPack(jikim, request, request.params);
      reply.header("content-disposition", `attachment; filename="jikim-pack-${packId}.tar.age"`);
      return reply.type("application/octet-stream").send(Readable.from(readSealedFile(jikim.db, packId)));
    },
  );
};

/** A session waits in memory before anybody can take the order, and not at all when the order is refused. */
async function withSession<T>(
  jikim: Jikim,
  { captureId, session }: { readonly captureId: string; readonly session: Session | null },
  act: () => Promise<T>,
): Promise<T> {
  if (session === null) return act();
  holdSession(captureId, session);
  try {
    const done = await act();
    // In this process, which has the session; a failure is the row's to tell.
    void capturePage(jikim, captureId).catch(() => undefined);
    return done;
  } catch (error) {
    dropSession(captureId);
    throw error;
  }
}

/** @throws {Refusal} as `checkCapture`. @throws {ServerRefusal} `NOT_FOUND`, `NOT_A_PAGE`, `LINK_UNCONFIRMED`, `ID_TAKEN`. */
async function order(jikim: Jikim, work: CaseWork, body: Ordered) {
  const { tx, caseRow, person, now } = work;
  const { vault } = jikim;
  const { id, mode, access, authorityId, legalBasis, session } = body;
  const known = await findCaptures(tx, vault, { caseId: caseRow.id, id, now });
  if (known[0] !== undefined) return known[0];
  const { url, placeId } = await targetOf(jikim, work, body.target);
  const signedIn = session !== null;
  const asked: CaptureOrder = { url, placeId, mode, access: signedIn ? "closed" : access, signedIn, legalBasis };
  const { minor } = await allowCapture(tx, vault, { caseRow, order: asked, authorityId, now });
  const by = { staffId: person.staffId, role: roleOf(person) };
  const sessionUntil = signedIn ? now.add({ minutes: SESSION_MINUTES }) : null;
  const kept = { id, caseId: caseRow.id, ...asked, authorityId, minor, by, at: now, sessionUntil };
  if (!(await orderCapture(tx, vault, kept))) throw new ServerRefusal({ code: "ID_TAKEN" });
  if (!signedIn) await captureSoon(jikim.jobs, tx, id);
  return rowOf(jikim, work, id);
}

function roleOf(person: CaseWork["person"]) {
  return CASE_ROLES.find((role) => person.roles.includes(role)) ?? "caseworker";
}

async function targetOf({ vault }: Jikim, { tx, caseRow }: CaseWork, target: Ordered["target"]) {
  if (target.kind === "url") {
    const url = new URL(target.url).href;
    const isOrdinary = mayFetch(
      { address: { kind: "url", text: url }, namedByWatch: false },
      { survivor: false, staff: false },
    );
    if (!isOrdinary) throw new ServerRefusal({ code: "LINK_UNCONFIRMED" });
    return { url, placeId: null };
  }
  const { placeId } = target;
  const [place] = (await findKnownPlaces(tx, vault, { caseId: caseRow.id, places: [placeId] })) ?? [];
  if (place === undefined) throw new ServerRefusal({ code: "NOT_FOUND" });
  if (place.address.kind !== "url") throw new ServerRefusal({ code: "NOT_A_PAGE" });
  const task = await findCheckTask(tx, vault, placeId);
  if (!task?.mayFetch) throw new ServerRefusal({ code: "LINK_UNCONFIRMED" });
  return { url: place.address.text, placeId };
}

async function rowOf({ vault }: Jikim, { tx, caseRow, now }: CaseWork, id: string) {
  const [row] = await findCaptures(tx, vault, { caseId: caseRow.id, id, now });
  if (row === undefined) throw new ServerRefusal({ code: "NOT_FOUND" });
  return row;
}

/** @throws {ServerRefusal} `CAPTURE_NOT_FAILED`, `NOT_FOUND`. @throws {Refusal} as the first time. */
async function tryAgain(
  jikim: Jikim,
  work: CaseWork,
  { captureId, session }: { readonly captureId: string; readonly session: Session | null },
) {
  const { tx, caseRow, now } = work;
  const known = await findCaptureOrder(tx, jikim.vault, { caseId: caseRow.id, id: captureId });
  if (known === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const signedIn = session !== null;
  const asked = { ...known.order, signedIn };
  await allowCapture(tx, jikim.vault, { caseRow, order: asked, authorityId: known.authorityId, now });
  const sessionUntil = signedIn ? now.add({ minutes: SESSION_MINUTES }) : null;
  if (!(await requeueCapture(tx, captureId, { now, sessionUntil })))
    throw new ServerRefusal({ code: "CAPTURE_NOT_FAILED" });
  if (!signedIn) await captureSoon(jikim.jobs, tx, captureId);
  return rowOf(jikim, work, captureId);
}

/** Recorded before a byte leaves. @throws {ServerRefusal} `NOT_FOUND`, `CAPTURE_LOCKED`. */
async function openPack(
  jikim: Jikim,
  request: FastifyRequest,
  { id: caseId, captureId }: { readonly id: string; readonly captureId: string },
): Promise<string> {
  return asHolder(jikim, request, caseId, async (work) => {
    const { state, packId, pack } = await rowOf(jikim, work, captureId);
    if (state === "locked") throw new ServerRefusal({ code: "CAPTURE_LOCKED" });
    if (packId === null || pack === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    await recordCustody(work.tx, work.vault, { packId, caseId, did: "opened", by: doerOf(work.person), at: work.now });
    return packId;
  });
}
