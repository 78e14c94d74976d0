import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { checkRoom, keepChat, mostFileBytes, sealChat, showMyChats, takeBackChat } from "../../chats.ts";
import {
  type ChatFileName,
  chatFileNameSchema,
  chatFileSchema,
  chatPostSchema,
  type MyChats,
  myChatsSchema,
} from "../../contract/chats.ts";
import { emptySchema } from "../../contract.ts";
import type { Jikim } from "../../jikim.ts";
import { ServerRefusal } from "../../refusal.ts";
import { reopenCase } from "../../store/case-change.ts";
import { announceChat, findChat, findComing, settleChat } from "../../store/chat.ts";
import { awaitAnswer } from "../../store/my-change.ts";
import { findSealedFile, readSealedFile, type SealedFile, writeSealedFile } from "../../store/sealed-file.ts";
import type { App } from "../app-type.ts";
import { sealedBody } from "../sealed-body.ts";
import { caseOf, type Guarded, inMyCase } from "./access.ts";

const chatParams = z.strictObject({ id: z.uuid() });
const fileParams = z.strictObject({ id: z.uuid(), file: chatFileNameSchema });

/** Chats that she sends as evidence, takes back, and reads again. */
export function addChatRoutes(app: App, jikim: Jikim, guarded: Guarded): void {
  const { db } = jikim;
  app.get("/api/my/chats", { ...guarded, schema: { response: { 200: myChatsSchema } } }, async (request) =>
    showMyChats(db, caseOf(request)),
  );
  const announcing = { body: chatPostSchema, response: { 200: emptySchema } };
  app.post("/api/my/chats", { ...guarded, schema: announcing }, async (request) => {
    await inMyCase(jikim, request, async ({ tx, caseRow, now }) => {
      if (caseRow.keyVersion !== request.body.keyVersion) throw new ServerRefusal({ code: "KEY_CHANGED" });
      await announceChat(tx, caseRow.id, request.body, now);
      await checkRoom(tx, caseRow, now);
    });
    return {};
  });
  const putting = { params: fileParams, response: { 200: chatFileSchema } };
  app.put("/api/my/chats/:id/files/:file", { ...guarded, schema: putting }, async (request) => {
    const kept = await takeFile(jikim, request, { chatId: request.params.id, name: request.params.file });
    await inMyCase(jikim, request, async ({ tx, caseRow, now }) => {
      if ((await findChat(tx, caseRow.id, request.params.id)) !== null) {
        await awaitAnswer(tx, caseRow.id, now);
        await reopenCase(tx, caseRow.id);
      }
    });
    return kept;
  });
  app.get("/api/my/chats/:id/files/:file", { ...guarded, schema: { params: fileParams } }, async (request, reply) => {
    const chat = await findChat(db, caseOf(request).id, request.params.id);
    if (chat === null) throw new ServerRefusal({ code: "NOT_FOUND" });
    const { id } = chat[request.params.file];
    return reply.type("application/octet-stream").send(Readable.from(readSealedFile(db, id)));
  });
  addLeavingRoutes(app, jikim, guarded);
}

function addLeavingRoutes(app: App, jikim: Jikim, guarded: Guarded): void {
  const schema = { params: chatParams, body: emptySchema, response: { 200: myChatsSchema } };
  const change = async (request: FastifyRequest & { readonly params: { id: string } }, act: typeof keepChat) =>
    inMyCase(jikim, request, async (work): Promise<MyChats> => {
      await act(jikim, work, request.params.id);
      return showMyChats(work.tx, work.caseRow);
    });
  app.post("/api/my/chats/:id/leave", { ...guarded, schema }, (request) => change(request, takeBackChat));
  app.post("/api/my/chats/:id/keep", { ...guarded, schema }, (request) => change(request, keepChat));
}

/** Takes one of the two files in, as it was announced; one that is there already is not written again. */
async function takeFile(
  { db, vault, now }: Jikim,
  request: FastifyRequest,
  { chatId, name }: { readonly chatId: string; readonly name: ChatFileName },
): Promise<SealedFile> {
  const body = sealedBody(request);
  const caseRow = caseOf(request);
  const coming = await findComing(db, { caseId: caseRow.id, chatId, name });
  if (coming === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const { fileId: id, key: sealed, keyVersion } = coming;
  const there = await findSealedFile(db, id);
  if (there !== null) {
    // Read to its end, or the browser would take the answer for a broken line.
    for await (const _bytes of body);
    return { id, bytes: there.bytes, sha256: there.sha256 };
  }
  if (sealed === null) throw new ServerRefusal({ code: "NOT_FOUND" });
  const at = now();
  const opener = { kind: "theirs", sealed, keyVersion } as const;
  const file = { id, caseId: caseRow.id, opener, at, most: await mostFileBytes(db, caseRow) };
  return writeSealedFile(db, file, body, async (tx, kept) => {
    const chat = await settleChat(tx, chatId, kept, at);
    if (chat !== null) await sealChat({ tx, vault }, caseRow.id, chat, at);
  });
}
