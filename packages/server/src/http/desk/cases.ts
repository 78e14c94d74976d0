import { z } from "zod";
import {
  caseLookupQuerySchema,
  caseLookupSchema,
  caseSchema,
  queueQuerySchema,
  queueSchema,
} from "../../contract/desk.ts";
import { addEndSheets } from "../../notices/end-sheet.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCaseFile } from "../../store/case-file.ts";
import { findHeldCase } from "../../store/holder.ts";
import { findQueue } from "../../store/queue.ts";
import { CASE_ROLES, doerOf, recordRelease } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { isCertified, wrapOf } from "./case-guard.ts";
import { readCursor, writeCursor } from "./cursor.ts";

export const idSchema = z.strictObject({ id: z.uuid() });

/** GET /api/desk/cases, GET /api/desk/cases/lookup, GET /api/desk/cases/:id. */
export const caseRoutes: Routes = (app, jikim) => {
  const { db, vault } = jikim;
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const queue = { onRequest, schema: { querystring: queueQuerySchema, response: { 200: queueSchema } } };
  app.get("/api/desk/cases", queue, async (request) => {
    const { lane, limit, cursor } = request.query;
    const { staffId, roles } = staffOf(request);
    // A caseworker sees the cases she holds; giving them out is for intake and supervisors.
    const onlyHeld = !roles.some((role) => role === "intake" || role === "supervisor");
    const after = cursor === undefined ? null : readCursor(cursor);
    const rows = await findQueue(db, vault, { lane, staffId, onlyHeld, after, limit: limit + 1 });
    const [page, last] = [rows.slice(0, limit), rows[limit - 1]];
    const next = rows.length > limit && last ? writeCursor({ dueAt: last.next.dueAt, id: last.id }) : null;
    return { rows: page, next };
  });
  const lookup = { onRequest, schema: { querystring: caseLookupQuerySchema, response: { 200: caseLookupSchema } } };
  app.get("/api/desk/cases/lookup", lookup, async (request) => {
    const { staffId } = staffOf(request);
    if (!(await isCertified(db, staffId, jikim.now()))) throw new ServerRefusal({ code: "NOT_CERTIFIED" });
    return { id: await findHeldCase(db, request.query.number, staffId) };
  });
  const one = { onRequest, schema: { params: idSchema, response: { 200: caseSchema } } };
  app.get("/api/desk/cases/:id", one, async (request) => {
    const person = staffOf(request);
    const caseId = request.params.id;
    const now = jikim.now();
    // Recorded before anything is shown, and by itself: a snapshot that also writes fails when the case changes meanwhile.
    await db.transaction().execute(async (tx) => {
      await wrapOf(tx, { person, caseId, now });
      await recordRelease(tx, jikim.vault, { ...doerOf(person), caseId, what: "opened", at: now });
    });
    return db
      .transaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute(async (tx) => {
        const wrapped = await wrapOf(tx, { person, caseId, now });
        const file = await findCaseFile(tx, vault, caseId);
        if (file === null) throw new ServerRefusal({ code: "NOT_FOUND" });
        const notices = await addEndSheets(tx, jikim, file);
        return { ...file, notices, wrapped: wrapped.toString("base64url") };
      });
  });
};
