import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { type Take, takeReceiptSchema, takeSchema } from "../contract/packs.ts";
import { emptySchema } from "../contract.ts";
import type { Jikim } from "../jikim.ts";
import { openLink, receive, takePack } from "../packs/take.ts";
import { ServerRefusal } from "../refusal.ts";
import { findCentre } from "../store/centre.ts";
import { findSeal } from "../store/seal.ts";
import { readSealedFile } from "../store/sealed-file.ts";
import type { App, Routes } from "./app-type.ts";
import { aMinute, limitFailures } from "./limits.ts";

/** Wrong tokens that one address may try in a minute. */
const WRONG_A_MINUTE = 10;

/** For a unit outside, by the link it was given: what waits for it, the sealed file, and its receipt. */
export const takeRoutes: Routes = (app, jikim) => {
  const tokenOf = readToken(app);
  const limits = aMinute(jikim.config.anonymousAMinute);
  app.get("/api/take", { ...limits, schema: { response: { 200: takeSchema } } }, (request) =>
    tokenOf(request, (token) => show(jikim, token)),
  );
  app.get("/api/take/sealed", limits, (request, reply) =>
    tokenOf(request, async (token) => {
      const { packId, fileId, bytes } = await takePack(jikim, token);
      reply.header("content-disposition", `attachment; filename="jikim-pack-${packId}.tar.age"`);
      reply.header("content-length", bytes);
      return reply.type("application/octet-stream").send(Readable.from(readSealedFile(jikim.db, fileId)));
    }),
  );
  const receiving = { body: takeReceiptSchema, response: { 200: emptySchema } };
  app.post("/api/take/receipt", { ...limits, schema: receiving }, (request) =>
    tokenOf(request, async (token) => {
      await receive(jikim, token, request.body);
      return {};
    }),
  );
};

/** Hands the token on; whoever tries wrong ones is slowed down, and learns nothing but that they are wrong. */
function readToken(app: App) {
  const countFailure = limitFailures(app as never, WRONG_A_MINUTE);
  return async <T>(request: FastifyRequest, use: (token: string) => Promise<T>): Promise<T> => {
    const [, token] = /^Take ([\w-]{22})$/.exec(request.headers.authorization ?? "") ?? [];
    try {
      if (token === undefined) throw new ServerRefusal({ code: "NOT_FOUND" });
      return await use(token);
    } catch (error) {
      if (error instanceof ServerRefusal && error.reason.code === "NOT_FOUND") await countFailure(request);
      throw error;
    }
  };
}

async function show(jikim: Jikim, token: string): Promise<Take> {
  const { referral, pack, file } = await jikim.db.transaction().execute((tx) => openLink(tx, jikim, token));
  const { root, settings } = await findCentre(jikim.db);
  const { takenAt, expiresAt, receipt, receiptAt } = referral;
  const seal = await findSeal(jikim.db, pack.id);
  const late = seal?.stampedAt && pack.sealedAt && Temporal.Instant.compare(seal.stampedAt, pack.sealedAt) > 0;
  return {
    ...{ centre: settings.name, root, packId: pack.id, bytes: file.bytes, sha256: file.sha256 },
    ...{ unit: { kind: pack.unit.kind, name: pack.unit.name }, expiresAt: expiresAt.toString() },
    takenAt: takenAt?.toString() ?? null,
    receipt: receipt === null || receiptAt === null ? null : { ...receipt, at: receiptAt.toString() },
    timestamp: late ? (seal.stamp?.toString("base64") ?? null) : null,
  };
}
