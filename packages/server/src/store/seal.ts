import { createHash } from "node:crypto";
import type { Selectable } from "kysely";
import type { Database, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";
import { appendToLog, openBody, type ShownEntry } from "./log.ts";

/** A manifest that was signed: evidence's SealedManifest with the case it belongs to. */
export type NewSeal = {
  readonly packId: string;
  readonly caseId: string;
  /** The exact text that was signed. */
  readonly text: string;
  readonly signature: Uint8Array;
  readonly at: Temporal.Instant;
  /** Keeps the text under the data key, for what has no pack of its own. */
  readonly keepsText?: true;
};

/**
 * Puts a sealed manifest before the log and asks for its timestamp, now and then later until it came; in the transaction that keeps the pack. For
 * captures and chats as well: `GET /api/desk/packs/:id/vouching` then answers for them. False when this pack was sealed before.
 */
export async function recordSeal(
  tx: Database,
  vault: Vault,
  { packId, caseId, text, signature, at, keepsText }: NewSeal,
): Promise<boolean> {
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
      textSealed: keepsText ? vault.seal(text, `seal/text/${packId}`) : null,
    })
    .onConflict((same) => same.column("packId").doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows !== 1n) return false;
  const content = { packId, manifest: manifest.toString("hex") };
  await appendToLog(tx, vault, { what: "pack", caseId, packId, content }, at);
  return true;
}

/** Takes a seal for one try at its timestamp; null: stamped already, not due, or somebody took it. */
export async function takeStamp(
  db: Database,
  packId: string,
  { now, until }: { readonly now: Temporal.Instant; readonly until: Temporal.Instant },
): Promise<{ readonly signature: Buffer; readonly caseId: string; readonly tries: number } | null> {
  const row = await db
    .updateTable("seal")
    .set({ stampNextAt: until.toString() })
    .where("packId", "=", packId)
    .where("stampNextAt", "<=", now)
    .returning(["signature", "caseId", "stampTries as tries"])
    .executeTakeFirst();
  return row ?? null;
}

/** False when it was stamped before, or erased meanwhile. */
export async function saveStamp(
  tx: Database,
  packId: string,
  { stamp, at, clockOffMs }: { readonly stamp: Uint8Array; readonly at: Temporal.Instant; readonly clockOffMs: number },
): Promise<boolean> {
  const result = await tx
    .updateTable("seal")
    .set({ stamp: Buffer.from(stamp), stampedAt: at.toString(), stampNextAt: null, stampTrouble: null, clockOffMs })
    .where("packId", "=", packId)
    .where("stamp", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Hours after which a comparison of clocks says nothing of the clock now. Ours. */
const CLOCK_HOURS = 24;

/** Milliseconds by which our clock was before the authority's, when it last stamped; null: that is too long ago, or never was. */
export async function findClockOff(db: Database, now: Temporal.Instant): Promise<number | null> {
  const row = await db
    .selectFrom("seal")
    .select("clockOffMs")
    .where("clockOffMs", "is not", null)
    .where("stampedAt", ">", now.subtract({ hours: CLOCK_HOURS }))
    .orderBy("stampedAt", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.clockOffMs ?? null;
}

/** The timestamp did not come: when to try again, and a code of why. */
export async function postponeStamp(
  db: Database,
  packId: string,
  { trouble, at }: { readonly trouble: string; readonly at: Temporal.Instant },
): Promise<void> {
  await db
    .updateTable("seal")
    .set((seal) => ({
      stampTries: seal("stampTries", "+", 1),
      stampNextAt: at.toString(),
      stampTrouble: trouble,
    }))
    .where("packId", "=", packId)
    .where("stamp", "is", null)
    .execute();
}

/** What waits for its timestamp and is due. */
export async function findDueStamps(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("seal")
    .select("packId")
    .where("stampNextAt", "<=", now)
    .orderBy("stampNextAt")
    .limit(limit)
    .execute();
  return rows.map(({ packId }) => packId);
}

export type SealRow = Selectable<Tables["seal"]>;

export async function findSeal(db: Database, packId: string): Promise<SealRow | null> {
  return (await db.selectFrom("seal").selectAll().where("packId", "=", packId).executeTakeFirst()) ?? null;
}

/** The text of a seal that has no pack of its own; null when there is none. */
export async function findSealText(db: Database, vault: Vault, packId: string): Promise<string | null> {
  const row = await db.selectFrom("seal").select("textSealed").where("packId", "=", packId).executeTakeFirst();
  return row?.textSealed ? (vault.open(row.textSealed, `seal/text/${packId}`) as string) : null;
}

/** The log's entry about a pack; of a chat, which had one when it came, the one of its seal. Null once it was erased. */
export async function findSealEntry(
  db: Database,
  vault: Vault,
  packId: string,
): Promise<(ShownEntry & { readonly writtenAt: Temporal.Instant }) | null> {
  const row = await db
    .selectFrom("logEntry")
    .select(["generation", "position", "commitment", "sealed", "writtenAt"])
    .where("packId", "=", packId)
    .where("what", "=", "pack")
    .orderBy("id", "desc")
    .executeTakeFirst();
  const said = row === undefined ? null : openBody(vault, row);
  if (row === undefined || said === null || typeof said === "string") return null;
  const { generation, position, writtenAt } = row;
  return { generation, position, writtenAt, ...said };
}

/** How many seals of all cases wait for their timestamp. */
export async function countUnstamped(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom("seal")
    .select(({ fn }) => fn.countAll<string>().as("count"))
    .where("stamp", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}
