import { z } from "zod";
import {
  chatSealPostSchema,
  chatSealSchema,
  custodyListSchema,
  custodyPostSchema,
  custodyQuerySchema,
  packListSchema,
  packOrderSchema,
  sealedPackSchema,
  vouchingSchema,
  withdrawnSchema,
} from "../../contract/packs.ts";
import { emptySchema } from "../../contract.ts";
import { findChromium, openPrinter } from "../../letters/printer.ts";
import { sealChatExhibit } from "../../packs/chat-seal.ts";
import { keepOrder, prepareOrder, sealOrder } from "../../packs/order.ts";
import { showGrounds, showPacks } from "../../packs/show.ts";
import { findVouching } from "../../packs/vouch.ts";
import { withdrawPack } from "../../packs/withdraw.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findCustody, recordCustody } from "../../store/custody.ts";
import { findCaseOfPack } from "../../store/pack.ts";
import { CASE_ROLES, doerOf } from "../../store/release.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { inCase } from "./case-guard.ts";
import { idSchema } from "./cases.ts";
import { asHolder, withPack } from "./pack-guard.ts";

const chatSchema = z.strictObject({ id: z.uuid(), chatId: z.uuid() });
/** Ten thousand files with their digests, and what was not stored. */
const ORDER_BODY = 16 * 1024 * 1024;

/** Packs for units outside: ordered, vouched for, shown, withdrawn; and the custody of every pack. */
export const packRoutes: Routes = (app, jikim) => {
  const printer = jikim.printer ?? openPrinter(findChromium());
  if (jikim.printer === undefined) app.addHook("onClose", () => printer.close());
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const ordering = { params: idSchema, body: packOrderSchema, response: { 200: sealedPackSchema } };
  app.post("/api/desk/cases/:id/packs", { onRequest, bodyLimit: ORDER_BODY, schema: ordering }, async (request) => {
    const { id: caseId } = request.params;
    const person = staffOf(request);
    const ordered = { order: request.body, by: doerOf(person), staffId: person.staffId };
    const { vault } = jikim;
    const prepared = await inCase(jikim, request, caseId, (work) => prepareOrder(jikim, { ...work, vault }, ordered));
    if ("text" in prepared) return prepared;
    const sealed = await sealOrder(jikim, printer, prepared, request.body);
    return inCase(jikim, request, caseId, (work) => keepOrder(jikim, { ...work, vault }, ordered, sealed));
  });
  const listing = { onRequest, schema: { params: idSchema, response: { 200: packListSchema } } };
  app.get("/api/desk/cases/:id/packs", listing, (request) =>
    asHolder(jikim, request, request.params.id, async ({ tx, caseRow, now }) => ({
      packs: await showPacks(tx, { ...jikim, now }, caseRow.id),
      grounds: showGrounds(jikim, caseRow),
    })),
  );
  const vouching = { onRequest, schema: { params: idSchema, response: { 200: vouchingSchema } } };
  app.get("/api/desk/packs/:id/vouching", vouching, async (request) => {
    const packId = request.params.id;
    await asHolder(jikim, request, await findCaseOfPack(jikim.db, packId), async () => undefined);
    return findVouching(jikim, packId);
  });
  const withdrawing = { params: idSchema, body: emptySchema, response: { 200: withdrawnSchema } };
  app.post("/api/desk/packs/:id/withdraw", { onRequest, schema: withdrawing }, (request) =>
    withPack(jikim, request, request.params.id, async ({ tx, caseRow, person, now }, pack) => {
      await withdrawPack(tx, jikim, pack, { by: doerOf(person), at: now });
      const shown = (await showPacks(tx, { ...jikim, now }, caseRow.id)).find(({ packId }) => packId === pack.id);
      const taken = (shown?.referrals ?? []).flatMap(({ id: referralId, text }) =>
        text === null ? [] : [{ referralId, unit: pack.unit, text }],
      );
      return { erased: pack.fileId !== null, taken };
    }),
  );
  addCustodyRoutes(app, jikim);
  addChatSealRoute(app, jikim);
};

const addChatSealRoute: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const schema = { params: chatSchema, body: chatSealPostSchema, response: { 200: chatSealSchema } };
  app.post("/api/desk/cases/:id/chats/:chatId/seal", { onRequest, schema }, (request) =>
    inCase(jikim, request, request.params.id, (work) =>
      sealChatExhibit(jikim, { ...work, by: doerOf(work.person) }, request.params.chatId, request.body),
    ),
  );
};

const addCustodyRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const reading = { params: idSchema, querystring: custodyQuerySchema, response: { 200: custodyListSchema } };
  app.get("/api/desk/cases/:id/custody", { onRequest, schema: reading }, (request) =>
    asHolder(jikim, request, request.params.id, ({ tx, caseRow }) => {
      const { packId } = request.query;
      return findCustody(tx, jikim.vault, caseRow.id, packId === undefined ? null : [packId]);
    }),
  );
  const telling = { params: idSchema, body: custodyPostSchema, response: { 200: emptySchema } };
  app.post("/api/desk/packs/:id/custody", { onRequest, schema: telling }, async (request) => {
    const packId = request.params.id;
    const { did, note, outside } = request.body;
    const caseId = await findCaseOfPack(jikim.db, packId);
    await asHolder(jikim, request, caseId, ({ tx, caseRow, person, now: at }) => {
      if (outside === null && did === "destroyed")
        throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.outside" });
      if (outside !== null && Temporal.Instant.compare(outside.at, at) > 0)
        throw new ServerRefusal({ code: "BAD_REQUEST", field: "body.outside.at" });
      return recordCustody(tx, jikim.vault, { packId, caseId: caseRow.id, did, by: doerOf(person), at, note, outside });
    });
    return {};
  });
};
