import { createHash, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { sealedUploadSchema } from "../../contract/packs.ts";
import type { Jikim } from "../../jikim.ts";
import { checkPack } from "../../packs/check.ts";
import { ServerRefusal } from "../../refusal.ts";
import { recordCustody } from "../../store/custody.ts";
import { recordSealedFile } from "../../store/pack.ts";
import { CASE_ROLES, doerOf } from "../../store/release.ts";
import { findSealedFile, readSealedFile, type SealedFile, writeSealedFile } from "../../store/sealed-file.ts";
import type { Routes } from "../app-type.ts";
import { sealedBody } from "../sealed-body.ts";
import { requireSession } from "../session-guard.ts";
import { idSchema } from "./cases.ts";
import { withPack } from "./pack-guard.ts";

/** Bytes of a pack; the browser holds what it writes in memory. Ours. */
const MOST_BYTES = 1024 ** 3;

/** The ciphertext of a pack: sent by the browser that wrote it, given back for handing over another way than by a link. */
export const sealedPackRoutes: Routes = (app, jikim) => {
  const onRequest = requireSession(jikim, ...CASE_ROLES);
  const uploading = { params: idSchema, response: { 200: sealedUploadSchema } };
  app.put("/api/desk/packs/:id/sealed", { onRequest, schema: uploading }, async (request) => {
    const { bytes, sha256 } = await upload(jikim, request, request.params.id);
    return { bytes, sha256 };
  });
  app.get("/api/desk/packs/:id/sealed", { onRequest, schema: { params: idSchema } }, async (request, reply) => {
    // Recorded before a byte leaves.
    const fileId = await withPack(jikim, request, request.params.id, async (work, pack) => {
      if (pack.fileId === null)
        throw new ServerRefusal({ code: pack.state === "ordered" ? "PACK_NOT_SEALED" : "PACK_ENDED" });
      await checkPack({ ...work, vault: jikim.vault }, pack);
      const { id: packId, caseId } = pack;
      await recordCustody(work.tx, work.vault, {
        packId,
        caseId,
        did: "copied",
        by: doerOf(work.person),
        at: work.now,
      });
      return pack.fileId;
    });
    reply.header("content-disposition", `attachment; filename="jikim-pack-${request.params.id}.tar.age"`);
    return reply.type("application/octet-stream").send(Readable.from(readSealedFile(jikim.db, fileId)));
  });
};

/** The same bytes again, after an answer that was lost, are answered the same. */
async function upload(jikim: Jikim, request: FastifyRequest, packId: string): Promise<SealedFile> {
  const body = sealedBody(request);
  const { caseId, fileId, state } = await withPack(jikim, request, packId, async (_work, pack) => pack);
  if (fileId !== null) return sameAgain(jikim, fileId, body);
  if (state !== "ordered") throw new ServerRefusal({ code: "PACK_ENDED" });
  const at = jikim.now();
  const file = { id: randomUUID(), caseId, opener: { kind: "outside" }, at, most: MOST_BYTES } as const;
  return writeSealedFile(jikim.db, file, body, async (tx, kept) => {
    // Withdrawn meanwhile, or another tab was first.
    if (!(await recordSealedFile(tx, { id: packId, fileId: kept.id, at })))
      throw new ServerRefusal({ code: "PACK_SEALED" });
  });
}

async function sameAgain({ db }: Jikim, fileId: string, body: AsyncIterable<Uint8Array>): Promise<SealedFile> {
  const digest = createHash("sha256");
  for await (const part of body) digest.update(part);
  const there = await findSealedFile(db, fileId);
  if (there === null || there.sha256 !== digest.digest("hex")) throw new ServerRefusal({ code: "PACK_SEALED" });
  return there;
}
