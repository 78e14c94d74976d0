import { messageSchema, myCaseSchema, myLogSchema, placesSchema } from "../../contract/portal.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { showLog } from "../../log/proof.ts";
import { ServerRefusal } from "../../refusal.ts";
import { reopenCase } from "../../store/case-change.ts";
import { findCentre } from "../../store/centre.ts";
import { recordDocument } from "../../store/document.ts";
import { findMyCase } from "../../store/my-case.ts";
import { awaitAnswer, countMessages, recordOwnVisit } from "../../store/my-change.ts";
import { addPlaces } from "../../store/place.ts";
import type { App, Routes } from "../app-type.ts";
import { aMinute } from "../limits.ts";
import { readAddresses } from "../reports.ts";
import { caseOf, type Guarded, inMyCase, type MyWork, requireCode } from "./access.ts";
import { addCodeRoute } from "./code.ts";
import { addConsentRoute } from "./consents.ts";
import { addWatchRoutes } from "./watch.ts";

const MESSAGES_A_DAY = 300;
/** base64url of the largest sealed message, or a hundred places. */
const BODY_LIMIT = 512 * 1024;

/** With her return code: her case, messages, places, consents, and the code itself. */
export const myRoutes: Routes = (app, jikim) => {
  const preParsing = requireCode(app, jikim);
  const guarded = { ...aMinute(jikim.config.anonymousAMinute), preParsing, bodyLimit: BODY_LIMIT };
  app.get("/api/my/case", { ...guarded, schema: { response: { 200: myCaseSchema } } }, async (request) => {
    const [{ db, vault }, now] = [jikim, jikim.now()];
    const row = caseOf(request);
    const { root } = await findCentre(db);
    await recordOwnVisit(db, row.id, now);
    return findMyCase(db, vault, row, { root: root ?? "", now });
  });
  app.get("/api/my/log", { ...guarded, schema: { response: { 200: myLogSchema } } }, async (request) =>
    showLog(jikim, caseOf(request).id),
  );
  addMessageRoute(app, jikim, guarded);
  const places = { body: placesSchema, response: { 200: emptySchema } };
  app.post("/api/my/places", { ...guarded, schema: places }, async (request) => {
    const addresses = readAddresses(request.body.places);
    await inMyCase(jikim, request, async ({ tx, caseRow }) => {
      const added = await addPlaces(tx, jikim.vault, { caseId: caseRow.id, namedBy: "survivor" }, addresses);
      if (added > 0) await reopenCase(tx, caseRow.id);
    });
    return {};
  });
  addConsentRoute(app, jikim, guarded);
  addCodeRoute(app, jikim, guarded);
  addWatchRoutes(app, jikim, guarded);
};

function addMessageRoute(app: App, jikim: Jikim, guarded: Guarded): void {
  const schema = { body: messageSchema, response: { 200: emptySchema } };
  app.post("/api/my/messages", { ...guarded, schema }, async (request) => {
    const { id, keyVersion, sealed } = request.body;
    await inMyCase(jikim, request, (work) => writeMessage(work, { id, keyVersion, sealed }));
    return {};
  });
}

type Written = { readonly id: string; readonly keyVersion: number; readonly sealed: string };

/** The same message again changes nothing. What she writes opens a closed case again. */
async function writeMessage({ tx, caseRow, now }: MyWork, { id, keyVersion, sealed }: Written): Promise<void> {
  if (caseRow.keyVersion !== keyVersion) throw new ServerRefusal({ code: "KEY_CHANGED" });
  const document = { id, sealed, caseId: caseRow.id, kind: "message", staffId: null, at: now } as const;
  const result = await recordDocument(tx, document);
  if (result === "taken") throw new ServerRefusal({ code: "ID_TAKEN" });
  if (result === "known") return;
  if ((await countMessages(tx, caseRow.id, now)) > MESSAGES_A_DAY) throw new ServerRefusal({ code: "TOO_MANY_TODAY" });
  await awaitAnswer(tx, caseRow.id, now);
  await reopenCase(tx, caseRow.id);
}
