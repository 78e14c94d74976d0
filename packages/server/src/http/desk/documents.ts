import type { StatementsPost } from "../../contract/desk.ts";
import { documentPostSchema, flagsPostSchema, mandatePostSchema, statementsPostSchema } from "../../contract/desk.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { planNotices } from "../../notices/plan.ts";
import { rewriteDrafts } from "../../notices/rewrite.ts";
import { reweighEnds } from "../../notices/withdrawn.ts";
import { ServerRefusal } from "../../refusal.ts";
import { recordMandate, saveCodes, settleMessages, settleSafeContact } from "../../store/case-change.ts";
import { recordDocument } from "../../store/document.ts";
import { CASE_ROLES } from "../../store/release.ts";
import { type Codes, openCodes } from "../../store/sealed.ts";
import { recordStatements, retractStatements } from "../../store/statement.ts";
import { stopUnsent } from "../../store/withdrawal.ts";
import type { Routes } from "../app-type.ts";
import { requireSession } from "../session-guard.ts";
import { type CaseWork, inCase, LARGE_BODY, recordAct } from "./case-guard.ts";
import { idSchema } from "./cases.ts";

/** What staff write into a case: messages and notes, the mandate, flags. */
export const documentRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const writing = { onRequest, bodyLimit: LARGE_BODY };
  const document = { params: idSchema, body: documentPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/documents", { ...writing, schema: document }, async (request) => {
    const { kind } = request.body;
    await inCase(jikim, request, request.params.id, async (work) => {
      if (!(await writeDocument(work, { ...request.body, kind }))) return;
      if (kind === "message") await settleMessages(work.tx, work.caseRow.id);
      await recordAct(work, "wrote");
    });
    return {};
  });
  const mandate = { params: idSchema, body: mandatePostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/mandate", { ...writing, schema: mandate }, async (request) => {
    const { by, document, statements = [], name } = request.body;
    await inCase(jikim, request, request.params.id, async (work) => {
      if (!(await writeDocument(work, { ...document, kind: "mandate" }))) return;
      const { tx, caseRow, person, now } = work;
      const { staffId } = person;
      await recordMandate(tx, { caseId: caseRow.id, by, staffId, documentId: document.id }, now);
      await state(work, jikim, { by, add: statements, retract: [], name });
      await planNotices(tx, jikim, caseRow.id, now);
      await recordAct(work, "mandate-recorded");
    });
    return {};
  });
  const stating = { params: idSchema, body: statementsPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/statements", { onRequest, schema: stating }, async (request) => {
    await inCase(jikim, request, request.params.id, (work) => state(work, jikim, request.body));
    return {};
  });
  const flags = { params: idSchema, body: flagsPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/cases/:id/flags", { onRequest, schema: flags }, async (request) => {
    const { safeContactTold, danger, threat, policeHold } = request.body;
    await inCase(jikim, request, request.params.id, async ({ tx, caseRow, now }) => {
      const before = openCodes(jikim.vault, caseRow);
      const codes = {
        ...before,
        danger: danger ?? before.danger,
        threat: threat ?? before.threat,
        policeHold: policeHold ?? before.policeHold,
      };
      await saveCodes(tx, jikim.vault, caseRow.id, codes);
      // What was approved was approved without knowing of it.
      if (stopsSending(codes)) await stopUnsent(tx, caseRow.id, { now, drafts: false });
      else if (stopsSending(before)) await planNotices(tx, jikim, caseRow.id, now);
      await reweighEnds(tx, jikim, caseRow.id, now);
      if (safeContactTold) await settleSafeContact(tx, caseRow.id);
    });
    return {};
  });
};

const stopsSending = ({ threat, policeHold }: Pick<Codes, "threat" | "policeHold">) => threat || policeHold;

/** What she stated, and what she took back; drafts say it from then on. A name comes with her word that it may be given. */
async function state(work: CaseWork, { vault }: Jikim, { by, add, retract, name }: StatementsPost): Promise<void> {
  const { tx, caseRow, person, now } = work;
  if ((name !== undefined) !== add.includes("name-may-be-given"))
    throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.name" });
  await retractStatements(tx, vault, caseRow.id, retract);
  const { staffId } = person;
  await recordStatements(tx, vault, { caseId: caseRow.id, add, name: name ?? null, by, staffId }, now);
  await rewriteDrafts(tx, vault, caseRow, now);
}

type Written = {
  readonly id: string;
  readonly kind: "message" | "note" | "mandate";
  readonly keyVersion: number;
  readonly sealed: string;
};

/** False when the same document was written before. @throws {ServerRefusal} `KEY_CHANGED`, `ID_TAKEN`. */
export async function writeDocument({ tx, caseRow, person, now }: CaseWork, written: Written): Promise<boolean> {
  const { id, kind, keyVersion, sealed } = written;
  // The row is locked: the key cannot change between this look and the writing.
  if (caseRow.keyVersion !== keyVersion) throw new ServerRefusal({ code: "KEY_CHANGED" });
  const document = { id, kind, sealed, caseId: caseRow.id, staffId: person.staffId, at: now };
  const result = await recordDocument(tx, document);
  if (result === "taken") throw new ServerRefusal({ code: "ID_TAKEN" });
  return result === "new";
}
