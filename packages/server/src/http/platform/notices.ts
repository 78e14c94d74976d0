import { noticeAnswerSchema, noticesPageSchema } from "@jikim/sdk/wire";
import { z } from "zod";
import { acceptedSchema } from "../../contract/desk.ts";
import { recordAnswer } from "../../notices/answer.ts";
import { readFeed } from "../../notices/feed.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCentre } from "../../store/centre.ts";
import { recordSeen } from "../../store/platform.ts";
import type { Routes } from "../app-type.ts";
import { platformOf } from "./access.ts";

const MOST_NOTICES = 50;
const feedQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
});

/** Notices to the platform that asks, and its answers to them. */
export const platformNoticeRoutes: Routes = (app, jikim) => {
  const feed = { querystring: feedQuerySchema, response: { 200: noticesPageSchema } };
  app.get("/api/platform/notices", { schema: feed }, async (request) => {
    const { id } = await platformOf(request, jikim);
    await recordSeen(jikim.db, id, { at: jikim.now(), listNumber: null });
    const { serviceCertificate: certificate } = await findCentre(jikim.db);
    if (certificate === null) throw new ServerRefusal({ code: "CENTRE_NOT_OPEN" });
    const { after } = request.query;
    return { certificate, notices: await readFeed(jikim, id, { after, limit: MOST_NOTICES }) };
  });
  const params = z.strictObject({ id: z.uuid() });
  const answering = { params, body: noticeAnswerSchema, response: { 200: acceptedSchema } };
  app.post("/api/platform/notices/:id/answers", { schema: answering }, async (request) => {
    const { id: recipientId } = await platformOf(request, jikim);
    const { answer, at } = request.body;
    await recordAnswer(jikim, { noticeId: request.params.id, recipientId, answer, at: Temporal.Instant.from(at) });
    return { accepted: true as const };
  });
};
