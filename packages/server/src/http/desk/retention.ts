import { caseRetentionSchema, erasePostSchema, retentionSettingSchema } from "../../contract/packs.ts";
import { emptySchema } from "../../contract.ts";
import { eraseOnRequest } from "../../erasure/request.ts";
import { showRetention } from "../../erasure/show.ts";
import { CASE_ROLES, doerOf } from "../../store/release.ts";
import { findRetention, saveRetention } from "../../store/retention.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";
import { idSchema } from "./cases.ts";
import { asHolder } from "./pack-guard.ts";

/** How long records are kept, by what the centre is; and their destruction when she asks. */
export const retentionRoutes: Routes = (app, jikim) => {
  const { db } = jikim;
  const reading = { onRequest: requireSession(jikim), schema: { response: { 200: retentionSettingSchema } } };
  app.get("/api/desk/retention", reading, () => findRetention(db));
  const setting = { body: retentionSettingSchema, response: { 200: emptySchema } };
  app.put("/api/desk/retention", { onRequest: requireSession(jikim, "admin"), schema: setting }, async (request) => {
    await saveRetention(db, request.body);
    return {};
  });
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const one = { onRequest, schema: { params: idSchema, response: { 200: caseRetentionSchema } } };
  app.get("/api/desk/cases/:id/retention", one, (request) =>
    asHolder(jikim, request, request.params.id, ({ tx, caseRow }) => showRetention(tx, jikim, caseRow.id)),
  );
  const erasing = { params: idSchema, body: erasePostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/erase", { onRequest, schema: erasing }, async (request) => {
    const { what, statedAdult } = request.body;
    await asHolder(jikim, request, request.params.id, ({ tx, caseRow, person }) =>
      eraseOnRequest(tx, jikim, { caseId: caseRow.id, what, statedAdult, by: doerOf(person) }),
    );
    return {};
  });
};
