import { centrePutSchema, changedSchema, gatePostSchema, setAsidePostSchema } from "../contract/desk.ts";
import { emptySchema } from "../contract.ts";
import { findCentre, saveGate, saveSettings } from "../store/centre.ts";
import { moveInBulk } from "../store/set-aside.ts";
import type { Routes } from "./app-type.ts";
import { requireSession } from "./session-guard.ts";

/** Two texts of 4,000 letters in two languages each, in Korean at three bytes a letter. */
const TEXTS_LIMIT = 256 * 1024;

/** The centre's texts (admin), and floods (supervisors): the gate, and cases set aside in bulk. */
export const centreWorkRoutes: Routes = (app, jikim) => {
  const { db, vault, now } = jikim;
  const asAdmin = requireSession(jikim, "admin");
  const asSupervisor = requireSession(jikim, "supervisor");
  app.get("/api/desk/centre", { onRequest: asAdmin, schema: { response: { 200: centrePutSchema } } }, async () => {
    const { settings, mostReportsAnHour } = await findCentre(db);
    return { ...settings, mostReportsAnHour };
  });
  const put = { onRequest: asAdmin, bodyLimit: TEXTS_LIMIT };
  const texts = { body: centrePutSchema, response: { 200: emptySchema } };
  app.put("/api/desk/centre", { ...put, schema: texts }, async (request) => {
    const { mostReportsAnHour, ...settings } = request.body;
    const { settings: before } = await findCentre(db);
    await saveSettings(db, { ...before, ...settings }, mostReportsAnHour);
    return {};
  });
  const gate = { body: gatePostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/gate", { onRequest: asSupervisor, schema: gate }, async (request) => {
    await saveGate(db, request.body.gate);
    return {};
  });
  const setAside = { body: setAsidePostSchema, response: { 200: changedSchema } };
  app.post("/api/desk/set-aside", { onRequest: asSupervisor, schema: setAside }, async (request) => {
    const { change, after, before } = request.body;
    const span = { after: Temporal.Instant.from(after), before: Temporal.Instant.from(before) };
    return { changed: await moveInBulk(db, vault, { change, ...span }, now()) };
  });
};
