import type { FastifyRequest } from "fastify";
import { checkEffort } from "../challenge.ts";
import { draftPutSchema, draftSavedSchema, draftSchema } from "../contract/portal.ts";
import { emptySchema } from "../contract.ts";
import { ServerRefusal } from "../refusal.ts";
import { deleteDraft, findDraft, saveDraft } from "../store/draft.ts";
import { spendEffort } from "../store/effort.ts";
import { keyOfDraftToken } from "../store/token.ts";
import type { Routes } from "./app-type.ts";
import { secretOf } from "./authorization.ts";
import { aMinute, limitFailures } from "./limits.ts";

/** A draft left and not taken up again is gone after this. */
const DRAFT_DAYS = 14;
/** base64url of the largest sealed draft, and its effort. */
const BODY_LIMIT = 256 * 1024;
const FAILURES_A_MINUTE = 10;

/** PUT, GET, DELETE /api/draft: a sealed draft that only its code finds and opens. */
export const draftRoutes: Routes = (app, jikim) => {
  const { db, vault, config, now } = jikim;
  const limit = aMinute(config.anonymousAMinute);
  const failed = limitFailures(app, FAILURES_A_MINUTE);
  const put = { body: draftPutSchema, response: { 200: draftSavedSchema } };
  app.put("/api/draft", { ...limit, bodyLimit: BODY_LIMIT, schema: put }, async (request) => {
    const [savedAt, token] = [now(), tokenOf(request)];
    const effort = checkEffort(vault, request.body.effort, savedAt);
    const expiresAt = savedAt.add({ hours: DRAFT_DAYS * 24 });
    const sealed = Buffer.from(request.body.sealed, "base64url");
    await db.transaction().execute(async (tx) => {
      await spendEffort(tx, effort);
      await saveDraft(tx, vault, { token, sealed, savedAt, expiresAt });
    });
    return { expiresAt: expiresAt.toString() };
  });
  app.get("/api/draft", { ...limit, schema: { response: { 200: draftSchema } } }, async (request) => {
    const draft = await findDraft(db, keyOfDraftToken(vault, tokenOf(request)), now());
    if (draft !== null) return { sealed: draft.sealed.toString("base64url"), expiresAt: draft.expiresAt.toString() };
    await failed(request);
    throw new ServerRefusal({ code: "CODE_UNKNOWN" });
  });
  app.delete("/api/draft", { ...limit, schema: { response: { 200: emptySchema } } }, async (request) => {
    await deleteDraft(db, keyOfDraftToken(vault, tokenOf(request)));
    return {};
  });
};

/** @throws {ServerRefusal} `CODE_UNKNOWN`. */
function tokenOf(request: FastifyRequest): string {
  const token = secretOf(request, "Draft");
  if (token === null) throw new ServerRefusal({ code: "CODE_UNKNOWN" });
  return token;
}
