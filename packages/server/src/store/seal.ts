import { createHash } from "node:crypto";
import type { Database } from "../database.ts";
import { appendToLog } from "./log.ts";

/** A manifest that was signed: evidence's SealedManifest with the case it belongs to. */
export type NewSeal = {
  readonly packId: string;
  readonly caseId: string;
  /** The exact text that was signed. */
  readonly text: string;
  readonly signature: Uint8Array;
  readonly at: Temporal.Instant;
};

/**
 * Puts a sealed manifest before the log and asks for its timestamp, now and then later until it came; in the transaction that keeps the pack. For
 * captures and chats as well: `GET /api/desk/packs/:id/vouching` then answers for them. False when this pack was sealed before.
 */
export async function recordSeal(tx: Database, { packId, caseId, text, signature, at }: NewSeal): Promise<boolean> {
  const manifest = createHash("sha256").update(text).digest();
  const result = await tx
    .insertInto("seal")
    .values({
      packId,
      caseId,
      manifest,
      signature: Buffer.from(signature),
      sealedAt: at.toString(),
      stampNextAt: at.toString(),
    })
    .onConflict((same) => same.column("packId").doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows !== 1n) return false;
  await appendToLog(tx, { what: "pack", caseId, packId, content: { packId, manifest: manifest.toString("hex") } }, at);
  return true;
}
