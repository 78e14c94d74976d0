import { answersAcceptedSchema, answersSchema } from "@jikim/sdk/wire";
import { recordAnswers } from "../../store/answer.ts";
import { recordSeen } from "../../store/platform.ts";
import type { Routes } from "../app-type.ts";
import { platformOf } from "./access.ts";

/** POST /api/platform/answers: what a platform did about entries, never about whom; anything more in it is refused. */
export const platformAnswerRoutes: Routes = (app, jikim) => {
  const options = { bodyLimit: 256 * 1024, schema: { body: answersSchema, response: { 200: answersAcceptedSchema } } };
  app.post("/api/platform/answers", options, async (request) => {
    const platform = await platformOf(request, jikim);
    await recordSeen(jikim.db, platform.id, { at: jikim.now(), listNumber: null });
    return { accepted: await recordAnswers(jikim.db, platform.id, request.body.answers, jikim.now()) };
  });
};
