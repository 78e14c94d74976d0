import type { Selectable } from "kysely";
import type { Chat, ChatFileName, ChatPost, MyChats } from "../contract/chats.ts";
import type { FileKey } from "../contract/common.ts";
import type { Database, InTransaction, Tables } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import { bytesOf } from "./document.ts";
import { dropSealedFiles, type SealedFile } from "./sealed-file.ts";

type Row = Selectable<Tables["chat"]>;

/** A chat that did not come whole in this time was given up. */
const COMING_HOURS = 24;

/**
 * Notes that a chat comes. Said again, it takes the place of what was said before, and what had come of that is dropped.
 * @throws {ServerRefusal} `ID_TAKEN` when it is there already, or is another case's.
 */
export async function announceChat(
  tx: InTransaction,
  caseId: string,
  chat: ChatPost,
  now: Temporal.Instant,
): Promise<void> {
  const { id, keyVersion, shown, commitment, part, original } = chat;
  const before = await tx.selectFrom("chat").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
  if (before !== undefined && (before.caseId !== caseId || before.receivedAt !== null))
    throw new ServerRefusal({ code: "ID_TAKEN" });
  if (before !== undefined) await dropRows(tx, [before]);
  // Ids come from her browser: one that is a file already would let a chat speak for a pack, or drop it.
  const taken = await tx.selectFrom("sealedFile").select("id").where("id", "in", [id, part.id, original.id]).execute();
  if (taken.length > 0) throw new ServerRefusal({ code: "ID_TAKEN" });
  const values = {
    ...{ id, caseId, announcedAt: now.toString(), size: commitment.size, shown },
    root: Buffer.from(commitment.root, "hex"),
    digest: Buffer.from(chat.digest, "hex"),
    hers: bytesOf(chat.hers),
    ...{ keyVersion, partId: part.id, partKey: bytesOf(part.key) },
    ...{ originalId: original.id, originalKey: bytesOf(original.key) },
  };
  const said = await tx
    .insertInto("chat")
    .values(values)
    .onConflict((taken) => taken.doNothing())
    .executeTakeFirst();
  if (said.numInsertedOrUpdatedRows !== 1n) throw new ServerRefusal({ code: "ID_TAKEN" });
}

/** A file of a chat as it was announced. */
export type ComingFile = {
  readonly fileId: string;
  /** base64url; null once the whole chat is there. */
  readonly key: string | null;
  readonly keyVersion: number;
};

/** Null when her case has no such chat. */
export async function findComing(
  db: Database,
  { caseId, chatId, name }: { readonly caseId: string; readonly chatId: string; readonly name: ChatFileName },
): Promise<ComingFile | null> {
  const row = await findRow(db, caseId, chatId);
  if (row === undefined) return null;
  const key = name === "part" ? row.partKey : row.originalKey;
  return { fileId: fileOf(row, name), key: key?.toString("base64url") ?? null, keyVersion: row.keyVersion ?? 0 };
}

/**
 * One of the two files has come: with the other, the chat is there. Null while the other is missing.
 * @throws {ServerRefusal} `NOT_FOUND` when another announcement took the place of this one.
 */
export async function settleChat(
  tx: InTransaction,
  chatId: string,
  file: SealedFile,
  now: Temporal.Instant,
): Promise<Chat | null> {
  const row = await tx.selectFrom("chat").selectAll().where("id", "=", chatId).forUpdate().executeTakeFirst();
  if (row === undefined || (row.partId !== file.id && row.originalId !== file.id))
    throw new ServerRefusal({ code: "NOT_FOUND" });
  const whole = await wholeFiles(tx, [row]);
  if (!whole.has(row.partId) || !whole.has(row.originalId)) return null;
  await tx
    .updateTable("chat")
    .set({ receivedAt: now.toString(), keyVersion: null, partKey: null, originalKey: null })
    .where("id", "=", chatId)
    .execute();
  return show({ ...row, receivedAt: now }, whole);
}

/** The chats of a case that have come whole, newest first. */
export async function findChats(db: Database, caseId: string): Promise<Chat[]> {
  const rows = await db
    .selectFrom("chat")
    .selectAll()
    .where("caseId", "=", caseId)
    .where("receivedAt", "is not", null)
    .orderBy("receivedAt", "desc")
    .orderBy("id")
    .execute();
  const whole = await wholeFiles(db, rows);
  return rows.flatMap((row) => show(row, whole) ?? []);
}

/** The same for her: with what only her code opens. */
export async function findMyChats(db: Database, caseId: string): Promise<MyChats["chats"]> {
  const chats = await findChats(db, caseId);
  const rows = await db.selectFrom("chat").select(["id", "hers"]).where("caseId", "=", caseId).execute();
  const hers = new Map(rows.map((row) => [row.id, row.hers.toString("base64url")]));
  return chats.map((chat) => ({ ...chat, hers: hers.get(chat.id) ?? "" }));
}

/**
 * What only her code opens, sealed to a new one.
 * @throws {ServerRefusal} `DOCUMENTS_CHANGED` unless these are all chats of the case, no more and no less.
 */
export async function resealHers(tx: InTransaction, caseId: string, anew: readonly FileKey[]): Promise<void> {
  const rows = await tx.selectFrom("chat").select("id").where("caseId", "=", caseId).execute();
  const given = new Map(anew.map(({ id, sealed }) => [id, sealed]));
  const isExact = given.size === anew.length && given.size === rows.length && rows.every(({ id }) => given.has(id));
  if (!isExact) throw new ServerRefusal({ code: "DOCUMENTS_CHANGED" });
  for (const [id, sealed] of given)
    await tx
      .updateTable("chat")
      .set({ hers: bytesOf(sealed) })
      .where("id", "=", id)
      .execute();
}

/** One that has come whole; null otherwise. */
export async function findChat(db: Database, caseId: string, chatId: string): Promise<Chat | null> {
  const row = await findRow(db, caseId, chatId);
  return row === undefined ? null : show(row, await wholeFiles(db, [row]));
}

/** How much a case has sent: chats there or coming, those coming, and the bytes of all files. */
export async function measureChats(
  db: Database,
  caseId: string,
): Promise<{ readonly chats: number; readonly coming: number; readonly bytes: number }> {
  const rows = await db.selectFrom("chat").selectAll().where("caseId", "=", caseId).execute();
  const whole = await wholeFiles(db, rows);
  const bytes = [...whole.values()].reduce((sum, file) => sum + file.bytes, 0);
  return { chats: rows.length, coming: rows.filter((row) => row.receivedAt === null).length, bytes };
}

/** She takes a chat back, or does not after all (null). False when there is none, or nothing changes. */
export async function planLeaving(
  tx: InTransaction,
  { caseId, chatId }: { readonly caseId: string; readonly chatId: string },
  leavesAt: Temporal.Instant | null,
): Promise<boolean> {
  const changed = await tx
    .updateTable("chat")
    .set({ leavesAt: leavesAt?.toString() ?? null })
    .where("id", "=", chatId)
    .where("caseId", "=", caseId)
    .where("receivedAt", "is not", null)
    .where("leavesAt", leavesAt === null ? "is not" : "is", null)
    .executeTakeFirst();
  return changed.numUpdatedRows === 1n;
}

/** Chats that she took back and whose time has come. */
export async function findLeaving(
  db: Database,
  now: Temporal.Instant,
): Promise<{ readonly id: string; readonly caseId: string }[]> {
  return db.selectFrom("chat").select(["id", "caseId"]).where("leavesAt", "<=", now).limit(500).execute();
}

/** Erases one chat with its files. False when somebody was first. */
export async function dropChat(tx: InTransaction, chatId: string): Promise<boolean> {
  const row = await tx.selectFrom("chat").selectAll().where("id", "=", chatId).forUpdate().executeTakeFirst();
  if (row === undefined) return false;
  await dropRows(tx, [row]);
  return true;
}

/** Erases all chats of a case with their files. @returns the ids of those that had come whole. */
export async function dropChats(tx: InTransaction, caseId: string): Promise<string[]> {
  const rows = await tx.selectFrom("chat").selectAll().where("caseId", "=", caseId).forUpdate().execute();
  await dropRows(tx, rows);
  return rows.flatMap(({ id, receivedAt }) => (receivedAt === null ? [] : [id]));
}

/** Drops what has not come whole: its keys are sealed to a case key that is no more. She announces it again. */
export async function dropComing(tx: InTransaction, caseId: string): Promise<void> {
  const rows = await tx
    .selectFrom("chat")
    .selectAll()
    .where("caseId", "=", caseId)
    .where("receivedAt", "is", null)
    .execute();
  await dropRows(tx, rows);
}

/** Erases chats that never came whole. */
export async function forgetHalfChats(db: Database, now: Temporal.Instant): Promise<void> {
  const before = now.subtract({ hours: COMING_HOURS });
  const rows = await db
    .selectFrom("chat")
    .selectAll()
    .where("receivedAt", "is", null)
    .where("announcedAt", "<", before)
    .execute();
  await dropRows(db, rows);
}

async function dropRows(db: Database, rows: readonly Row[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  await db.deleteFrom("chat").where("id", "in", ids).execute();
  await db.deleteFrom("seal").where("packId", "in", ids).execute();
  await dropSealedFiles(
    db,
    rows.flatMap((row) => [row.partId, row.originalId]),
  );
}

function findRow(db: Database, caseId: string, chatId: string): Promise<Row | undefined> {
  return db.selectFrom("chat").selectAll().where("id", "=", chatId).where("caseId", "=", caseId).executeTakeFirst();
}

const fileOf = (row: Row, name: ChatFileName) => (name === "part" ? row.partId : row.originalId);

/** The files of these chats that have come to their end, by id. */
async function wholeFiles(db: Database, rows: readonly Row[]): Promise<Map<string, SealedFile>> {
  const ids = rows.flatMap((row) => [row.partId, row.originalId]);
  if (ids.length === 0) return new Map();
  const files = await db.selectFrom("sealedFile").selectAll().where("id", "in", ids).execute();
  return new Map(
    files.flatMap(({ id, bytes, sha256 }) =>
      bytes === null || sha256 === null ? [] : [[id, { id, bytes, sha256: sha256.toString("hex") }]],
    ),
  );
}

function show(row: Row, whole: ReadonlyMap<string, SealedFile>): Chat | null {
  const [part, original] = [whole.get(row.partId), whole.get(row.originalId)];
  if (row.receivedAt === null || part === undefined || original === undefined) return null;
  return {
    ...{ id: row.id, at: row.receivedAt.toString(), shown: row.shown, part, original },
    commitment: { size: row.size, root: row.root.toString("hex") },
    digest: row.digest.toString("hex"),
    leavesAt: row.leavesAt?.toString() ?? null,
  };
}
