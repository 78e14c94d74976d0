import { randomUUID } from "node:crypto";
import { seal } from "@jikim/evidence";
import type { FastifyRequest } from "fastify";
import {
  caseMailSchema,
  mailAttachSchema,
  mailConfirmSchema,
  mailPageSchema,
  mailQuerySchema,
  mailsConfirmedSchema,
  mailsConfirmSchema,
  type OpenMail,
  openMailSchema,
} from "../../contract/mail.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findDocument, recordDocument } from "../../store/document.ts";
import { findCaseOf } from "../../store/holder.ts";
import { type MailRow, openUnsorted } from "../../store/mail.ts";
import { attachMail, discardMail, lockMail } from "../../store/mail-change.ts";
import { findMail, findMailOf, findMailPage } from "../../store/mail-list.ts";
import { CASE_ROLES, doerOf, recordRelease } from "../../store/release.ts";
import type { SignedIn } from "../../store/session.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { type CaseWork, inCase, isCertified, LARGE_BODY, wrapOf } from "./case-guard.ts";
import { idSchema } from "./cases.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { confirm, confirmAll } from "./mail-confirm.ts";

/** What recipients wrote: lists, reading, and what staff say that it is. */
export const mailRoutes: Routes = (app, jikim) => {
  const { db, vault } = jikim;
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const listing = { onRequest, schema: { querystring: mailQuerySchema, response: { 200: mailPageSchema } } };
  app.get("/api/desk/mail", listing, async (request) => {
    const { lane, limit, cursor } = request.query;
    const { staffId } = await certified(jikim, request);
    const mark = cursor === undefined ? null : readCursor(cursor);
    const after = mark?.dueAt ? { receivedAt: mark.dueAt, id: mark.id } : null;
    const rows = await findMailPage(db, vault, { lane, staffId, after, limit: limit + 1 });
    const last = rows[limit - 1];
    const next = rows.length > limit && last ? writeCursor({ dueAt: last.receivedAt, id: last.id }) : null;
    return { rows: rows.slice(0, limit), next };
  });
  const ofCase = { onRequest, schema: { params: idSchema, response: { 200: caseMailSchema } } };
  app.get("/api/desk/cases/:id/mail", ofCase, async (request) => {
    await wrapOf(db, { person: staffOf(request), caseId: request.params.id, now: jikim.now() });
    return { rows: await findMailOf(db, vault, request.params.id) };
  });
  const opening = { onRequest, schema: { params: idSchema, response: { 200: openMailSchema } } };
  app.get("/api/desk/mail/:id", opening, async (request) => open(jikim, request, request.params.id));
  const confirming = { params: idSchema, body: mailConfirmSchema, response: { 200: emptySchema } };
  app.post("/api/desk/mail/:id/confirm", { onRequest, schema: confirming }, async (request) => {
    await confirm(jikim, request, { id: request.params.id, as: request.body.class });
    return {};
  });
  const together = { body: mailsConfirmSchema, response: { 200: mailsConfirmedSchema } };
  app.post("/api/desk/mail/confirm", { onRequest, bodyLimit: LARGE_BODY, schema: together }, async (request) => {
    return confirmAll(jikim, staffOf(request), request.body);
  });
  const attaching = { params: idSchema, body: mailAttachSchema, response: { 200: emptySchema } };
  app.post("/api/desk/mail/:id/attach", { onRequest, bodyLimit: LARGE_BODY, schema: attaching }, async (request) => {
    await attach(jikim, request, { id: request.params.id, ...request.body });
    return {};
  });
  const discarding = { params: idSchema, body: emptySchema, response: { 200: emptySchema } };
  app.post("/api/desk/mail/:id/discard", { onRequest, schema: discarding }, async (request) => {
    const { staffId } = await certified(jikim, request);
    const settling = { staffId, now: jikim.now() };
    const isGone = await db.transaction().execute((tx) => discardMail(tx, request.params.id, settling));
    if (!isGone) throw new ServerRefusal({ code: "NOT_FOUND" });
    return {};
  });
};

/** Mail of no case is for staff whose key the root vouches for. @throws {ServerRefusal} `NOT_CERTIFIED`. */
async function certified({ db, now }: Jikim, request: FastifyRequest): Promise<SignedIn> {
  const person = staffOf(request);
  if (!(await isCertified(db, person.staffId, now()))) throw new ServerRefusal({ code: "NOT_CERTIFIED" });
  return person;
}

async function open(jikim: Jikim, request: FastifyRequest, id: string): Promise<OpenMail> {
  const { db, vault } = jikim;
  const person = await certified(jikim, request);
  return db.transaction().execute(async (tx) => {
    const now = jikim.now();
    const mail = await findMail(tx, vault, id);
    if (mail === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    if (mail.notice === null || mail.documentId === null) {
      const row = await lockMail(tx, id);
      const content = row?.unsortedSealed ? openUnsorted(vault, { id, unsortedSealed: row.unsortedSealed }) : null;
      return { mail, content: content && { ...content, parts: [...content.parts] }, sealed: null };
    }
    const { caseId } = mail.notice;
    const wrapped = await wrapOf(tx, { person, caseId, now });
    const document = await findDocument(tx, mail.documentId);
    if (document === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    await recordRelease(tx, jikim.vault, { ...doerOf(person), caseId, what: "opened", at: now });
    return { mail, content: null, sealed: { document, wrapped: wrapped.toString("base64url") } };
  });
}

type Attached = {
  readonly id: string;
  readonly noticeId: string;
  readonly document?: { readonly keyVersion: number; readonly sealed: string } | undefined;
};

/** @throws {ServerRefusal} `NOT_FOUND`, `MAIL_SETTLED`, `MAIL_SEALED_ELSEWHERE`, `KEY_CHANGED`, those of `inCase`. */
async function attach(jikim: Jikim, request: FastifyRequest, attached: Attached): Promise<void> {
  const { id, noticeId } = attached;
  const caseId = await findCaseOf(jikim.db, "notice", noticeId);
  if (caseId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const before = await findMail(jikim.db, jikim.vault, id);
  // Who moves it from one case to another holds both.
  if (before?.notice)
    await wrapOf(jikim.db, { person: staffOf(request), caseId: before.notice.caseId, now: jikim.now() });
  await inCase(jikim, request, caseId, async (work) => {
    const mail = await lockMail(work.tx, id);
    if (mail === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    if (mail.state === "settled" || mail.noticeId !== (before?.notice?.id ?? null))
      throw new ServerRefusal({ code: "MAIL_SETTLED" });
    const documentId =
      before?.notice?.caseId === caseId ? mail.documentId : await resealTo(jikim, work, { mail, attached });
    if (documentId === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    await attachMail(work.tx, mail, { noticeId, documentId });
  });
}

type Resealed = { readonly mail: MailRow; readonly attached: Attached };

/** The words as a document of the case: sealed here while they lie under the data key, else in her browser. @returns its id. */
async function resealTo({ vault }: Jikim, work: CaseWork, { mail, attached }: Resealed): Promise<string> {
  const { tx, caseRow } = work;
  const { document } = attached;
  const id = randomUUID();
  const keep = async (sealed: string) => {
    await recordDocument(tx, { id, caseId: caseRow.id, kind: "answer", staffId: null, sealed, at: mail.receivedAt });
    return id;
  };
  if (mail.unsortedSealed !== null) {
    const content = openUnsorted(vault, { id: mail.id, unsortedSealed: mail.unsortedSealed });
    const sealed = await seal({ by: "recipient", content }, [caseRow.caseRecipient]);
    return keep(Buffer.from(sealed).toString("base64url"));
  }
  if (document === undefined) throw new ServerRefusal({ code: "MAIL_SEALED_ELSEWHERE" });
  if (document.keyVersion !== caseRow.keyVersion) throw new ServerRefusal({ code: "KEY_CHANGED" });
  return keep(document.sealed);
}
