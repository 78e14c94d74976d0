import { messageSchema, myCaseSchema, myLogSchema, placesSchema } from "../../contract/portal.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { showLog } from "../../log/proof.ts";
import { planNotices } from "../../notices/plan.ts";
import { ServerRefusal } from "../../refusal.ts";
import { reopenCase } from "../../store/case-change.ts";
import { findCentre } from "../../store/centre.ts";
import { recordDocument } from "../../store/document.ts";
import { findMyCase } from "../../store/my-case.ts";
import { awaitAnswer, countWritten, recordOwnVisit } from "../../store/my-change.ts";
import { addPlaces } from "../../store/place.ts";
import type { App, Routes } from "../app-type.ts";
import { aMinute } from "../limits.ts";
import { readAddresses } from "../reports.ts";
import { caseOf, type Guarded, inMyCase, type MyWork, requireCode } from "./access.ts";
import { addChatRoutes } from "./chats.ts";
import { addCodeRoute } from "./code.ts";
import { addConsentRoute } from "./consents.ts";
import { addWatchRoutes } from "./watch.ts";

const MESSAGES_A_DAY = 300;
const REPORTS_A_DAY = 100;
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
  addWritingRoutes(app, jikim, guarded);
  const places = { body: placesSchema, response: { 200: emptySchema } };
  app.post("/api/my/places", { ...guarded, schema: places }, async (request) => {
    const addresses = readAddresses(request.body.places);
    await inMyCase(jikim, request, async ({ tx, caseRow, now }) => {
      const added = await addPlaces(tx, jikim.vault, { caseId: caseRow.id, namedBy: "survivor" }, addresses);
      if (added > 0) await reopenCase(tx, caseRow.id);
      if (added > 0) await planNotices(tx, jikim, caseRow.id, now);
    });
    return {};
  });
  addConsentRoute(app, jikim, guarded);
  addCodeRoute(app, jikim, guarded);
  addWatchRoutes(app, jikim, guarded);
  addChatRoutes(app, jikim, guarded);
};

/** What she writes: a message, or what a file on her device says of where it comes from. */
function addWritingRoutes(app: App, jikim: Jikim, guarded: Guarded): void {
  const schema = { body: messageSchema, response: { 200: emptySchema } };
  app.post("/api/my/messages", { ...guarded, schema }, async (request) => {
    await inMyCase(jikim, request, async (work) => {
      if (!(await write(work, "message", request.body))) return;
      await awaitAnswer(work.tx, work.caseRow.id, work.now);
      await reopenCase(work.tx, work.caseRow.id);
    });
    return {};
  });
  app.post("/api/my/provenance", { ...guarded, schema }, async (request) => {
    await inMyCase(jikim, request, async (work) => void (await write(work, "provenance", request.body)));
    return {};
  });
}

const A_DAY = { message: MESSAGES_A_DAY, provenance: REPORTS_A_DAY } as const;
type Written = { readonly id: string; readonly keyVersion: number; readonly sealed: string };

/** False when the same was written before: it changes nothing. @throws {ServerRefusal} `KEY_CHANGED`, `ID_TAKEN`, `TOO_MANY_TODAY`. */
async function write({ tx, caseRow, now }: MyWork, kind: keyof typeof A_DAY, written: Written): Promise<boolean> {
  const { id, keyVersion, sealed } = written;
  if (caseRow.keyVersion !== keyVersion) throw new ServerRefusal({ code: "KEY_CHANGED" });
  const result = await recordDocument(tx, { id, sealed, kind, caseId: caseRow.id, staffId: null, at: now });
  if (result === "taken") throw new ServerRefusal({ code: "ID_TAKEN" });
  if (result === "known") return false;
  if ((await countWritten(tx, caseRow.id, kind, now)) > A_DAY[kind])
    throw new ServerRefusal({ code: "TOO_MANY_TODAY" });
  return true;
}
