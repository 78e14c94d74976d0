import { Readable } from "node:stream";
import { z } from "zod";
import { chatFileNameSchema, chatsSchema } from "../../contract/chats.ts";
import { ServerRefusal } from "../../refusal.ts";
import { findChat, findChats } from "../../store/chat.ts";
import { recordCustody } from "../../store/custody.ts";
import { CASE_ROLES, doerOf } from "../../store/release.ts";
import { readSealedFile } from "../../store/sealed-file.ts";
import type { Routes } from "../app-type.ts";
import { requireSession, staffOf } from "../session-guard.ts";
import { wrapOf } from "./case-guard.ts";
import { idSchema } from "./cases.ts";

const fileSchema = z.strictObject({ id: z.uuid(), chatId: z.uuid(), file: chatFileNameSchema });

/** Chats that she sent, for who holds the case. Only the case key opens them; each fetch is recorded. */
export const chatRoutes: Routes = (app, jikim) => {
  const { db } = jikim;
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const listing = { onRequest, schema: { params: idSchema, response: { 200: chatsSchema } } };
  app.get("/api/desk/cases/:id/chats", listing, async (request) => {
    const caseId = request.params.id;
    await wrapOf(db, { person: staffOf(request), caseId, now: jikim.now() });
    return { chats: await findChats(db, caseId) };
  });
  const one = { onRequest, schema: { params: fileSchema } };
  app.get("/api/desk/cases/:id/chats/:chatId/:file", one, async (request, reply) => {
    const { id: caseId, chatId, file } = request.params;
    const person = staffOf(request);
    const now = jikim.now();
    // Recorded before a byte leaves.
    const fileId = await db.transaction().execute(async (tx) => {
      await wrapOf(tx, { person, caseId, now });
      const chat = await findChat(tx, caseId, chatId);
      if (chat === null) throw new ServerRefusal({ code: "NOT_FOUND" });
      if (chat.leavesAt !== null) throw new ServerRefusal({ code: "CHAT_LEAVING" });
      await recordCustody(tx, jikim.vault, {
        packId: chatId,
        caseId,
        did: "opened",
        by: doerOf(person),
        at: now,
        note: `chat-${file}`,
      });
      return chat[file].id;
    });
    return reply.type("application/octet-stream").send(Readable.from(readSealedFile(db, fileId)));
  });
};
