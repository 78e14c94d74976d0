import { MOST_PLACES_OF_A_NOTICE, Refusal } from "@jikim/casework";
import {
  noticeRecipientSchema,
  type RecipientPost,
  recipientChangeSchema,
  recipientHistorySchema,
  recipientPostSchema,
  recipientsSchema,
} from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import { correctRecipient } from "../../notices/correct.ts";
import { stopHostile } from "../../notices/hostile.ts";
import { showRecipient } from "../../notices/routes.ts";
import { ServerRefusal } from "../../refusal.ts";
import { hostsOf } from "../../store/platform.ts";
import { findAllRecipients, findRecipient, insertRecipient, markHostile } from "../../store/recipient.ts";
import type { FoundRecipient } from "../../store/recipient-card.ts";
import { findChanges, type RecordedChange } from "../../store/recipient-change.ts";
import { CASE_ROLES } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { idSchema } from "./cases.ts";

/** Recipients: who was found, who is told by hand, and who is the threat. */
export const recipientRoutes: Routes = (app, jikim) => {
  const { db, vault, now } = jikim;
  const onRequest = requireSession(jikim, ...CASE_ROLES, "admin");
  const listing = { onRequest, schema: { response: { 200: recipientsSchema } } };
  app.get("/api/desk/recipients", listing, async () => (await findAllRecipients(db, vault)).map(showRecipient));
  const making = { body: recipientPostSchema, response: { 200: noticeRecipientSchema } };
  app.post("/api/desk/recipients", { onRequest, schema: making }, async (request) => {
    const { mail, form, hostile } = request.body;
    if (mail === null && form === null && !hostile) throw new ServerRefusal({ code: "RECIPIENT_UNREACHABLE" });
    const shown = await db.transaction().execute(async (tx) => {
      const id = await insertRecipient(tx, vault, toldBy(request.body), now());
      if (id === null) throw new ServerRefusal({ code: "RECIPIENT_KNOWN" });
      if (hostile) await markHostile(tx, id, true);
      const made = await findRecipient(tx, vault, id);
      if (made === null) throw new Error("a recipient that was kept is gone");
      return showRecipient(made);
    });
    if (hostile) await stopHostile(jikim);
    return shown;
  });
  const changing = { params: idSchema, body: recipientChangeSchema, response: { 200: emptySchema } };
  app.post("/api/desk/recipients/:id", { onRequest, schema: changing }, async (request) => {
    const { hostile, ...change } = request.body;
    const { roles, staffId } = staffOf(request);
    // To say who is the threat is for everybody at once; to take it back, and to redirect notices, is not.
    const cautious = hostile === true && Object.keys(change).length === 0;
    if (!cautious && !roles.some((role) => role === "supervisor" || role === "admin"))
      throw new Refusal({ code: "ROLE_MISSING", role: "supervisor" });
    await correctRecipient(jikim, { id: request.params.id, change: request.body, staffId });
    return {};
  });
  const telling = { onRequest, schema: { params: idSchema, response: { 200: recipientHistorySchema } } };
  app.get("/api/desk/recipients/:id/changes", telling, async (request) => {
    const known = await findChanges(db, vault, request.params.id);
    if (known === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    const changes = known.changes.map(({ from, to, at, ...rest }) => ({
      ...{ ...rest, at: at.toString(), from: shown(from), to: shown(to) },
    }));
    return { knownSince: known.knownSince.toString(), changes };
  });
};

const shown = (value: RecordedChange["from"]) =>
  Array.isArray(value) ? [...value] : (value as string | boolean | null);

function toldBy({ kind, name, jurisdiction, language, mail, form, hosts }: RecipientPost): FoundRecipient {
  const ways = { mail, form, api: null, xarf: false, mostPlaces: MOST_PLACES_OF_A_NOTICE, sameHost: false } as const;
  return {
    card: { kind, name, registryKey: null, jurisdiction, language, ...ways },
    hosts: hostsOf(hosts),
    foundBy: "hand",
  };
}
