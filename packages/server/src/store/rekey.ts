import { sql } from "kysely";
import type { FileKey, Rekey } from "../contract/common.ts";
import type { InTransaction } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import type { Vault } from "../vault.ts";
import { dropComing } from "./chat.ts";
import { bytesOf } from "./document.ts";
import { logKeyGrant } from "./log.ts";
import { findFileKeys } from "./sealed-file.ts";

/**
 * Gives a case a new key: everything re-sealed to it, every old wrap and ciphertext gone. Who may hold the new key is for the
 * caller to decide before.
 *
 * @throws {ServerRefusal} `KEY_CHANGED`, `DOCUMENTS_CHANGED`: someone was first; roll the transaction back.
 */
export async function replaceCaseKey(
  { tx, vault, now }: { readonly tx: InTransaction; readonly vault: Vault; readonly now: Temporal.Instant },
  caseId: string,
  rekey: Rekey,
): Promise<void> {
  const result = await tx
    .updateTable("cases")
    .set((any) => ({ caseRecipient: rekey.caseRecipient, keyVersion: any("keyVersion", "+", 1) }))
    .where("id", "=", caseId)
    .where("keyVersion", "=", rekey.fromVersion)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw new ServerRefusal({ code: "KEY_CHANGED" });
  await resealDocuments(tx, caseId, rekey.documents);
  await resealFileKeys(tx, caseId, rekey.fileKeys ?? []);
  await dropComing(tx, caseId);
  await tx.deleteFrom("caseWrap").where("caseId", "=", caseId).execute();
  const wraps = rekey.wraps.map(({ holder, wrapped }) => ({ caseId, holder, wrapped: bytesOf(wrapped) }));
  await tx.insertInto("caseWrap").values(wraps).execute();
  const holders = wraps.map(({ holder }) => holder);
  await logKeyGrant(tx, vault, { caseId, keyVersion: rekey.fromVersion + 1, holders }, now);
}

/** @throws {ServerRefusal} `DOCUMENTS_CHANGED` unless these are all documents of the case, no more and no less. */
async function resealDocuments(tx: InTransaction, caseId: string, documents: Rekey["documents"]): Promise<void> {
  const rows = await tx.selectFrom("document").select("id").where("caseId", "=", caseId).execute();
  const given = new Set(documents.map((document) => document.id));
  const exact = given.size === documents.length && given.size === rows.length && rows.every(({ id }) => given.has(id));
  if (!exact) throw new ServerRefusal({ code: "DOCUMENTS_CHANGED" });
  const ids = documents.map((document) => document.id);
  const sealed = documents.map((document) => bytesOf(document.sealed));
  await sql`update document set sealed = fresh.sealed
    from unnest(${ids}::uuid[], ${sealed}::bytea[]) as fresh (id, sealed)
    where document.id = fresh.id and document.case_id = ${caseId}`.execute(tx);
}

/** @throws {ServerRefusal} `DOCUMENTS_CHANGED` unless these are the keys of all files of the case, no more and no less. */
async function resealFileKeys(tx: InTransaction, caseId: string, keys: readonly FileKey[]): Promise<void> {
  const before = await findFileKeys(tx, caseId);
  const given = new Set(keys.map(({ id }) => id));
  const exact = given.size === keys.length && given.size === before.length && before.every(({ id }) => given.has(id));
  if (!exact) throw new ServerRefusal({ code: "DOCUMENTS_CHANGED" });
  const ids = keys.map(({ id }) => id);
  const sealed = keys.map((key) => bytesOf(key.sealed));
  await sql`update sealed_file set key_sealed = fresh.sealed
    from unnest(${ids}::uuid[], ${sealed}::bytea[]) as fresh (id, sealed)
    where sealed_file.id = fresh.id and sealed_file.case_id = ${caseId}`.execute(tx);
}
