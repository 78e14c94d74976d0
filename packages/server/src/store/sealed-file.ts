import { createHash } from "node:crypto";
import { newAgeIdentity, recipientOf, seal } from "@jikim/evidence";
import type { FileKey } from "../contract/common.ts";
import type { Database, InTransaction } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import { bytesOf } from "./document.ts";

/** Bytes of a part; the last is shorter. */
const PART_BYTES = 1024 * 1024;
/** How every age file begins (C2SP age, "Header"). */
const AGE_INTRO = Buffer.from("age-encryption.org/v1\n");
/** Half a file this old was given up. */
const HALF_FILE_HOURS = 24;

/**
 * Whose key opens a file. ours: the server made it, and seals it to the case as it is when the file has come, then forgets it; theirs:
 * made in a browser for this version of the case key; outside: nobody here can open it.
 */
export type FileOpener =
  | { readonly kind: "ours"; readonly fileIdentity: string }
  | { readonly kind: "theirs"; readonly sealed: string; readonly keyVersion: number }
  | { readonly kind: "outside" };

/** A key for one file, made here: what is written is encrypted to `recipient`. */
export async function newFileKey(): Promise<{ readonly recipient: string; readonly opener: FileOpener }> {
  const fileIdentity = newAgeIdentity();
  return { recipient: await recipientOf(fileIdentity), opener: { kind: "ours", fileIdentity } };
}

/** A file on its way in. */
export type NewSealedFile = {
  readonly id: string;
  readonly caseId: string;
  readonly opener: FileOpener;
  readonly at: Temporal.Instant;
  /** Bytes at most. */
  readonly most: number;
};

/** What came of it: what `sha256sum` says of the file, in hex. */
export type SealedFile = { readonly id: string; readonly bytes: number; readonly sha256: string };

/**
 * Keeps an age file, part by part. Nothing of it can be read before its end came, and nothing stays of one that broke off. `done` joins
 * what the file is for to its end: both or neither.
 * @throws {ServerRefusal} `NOT_SEALED`, `TOO_LARGE`, `ID_TAKEN`, `KEY_CHANGED`, `NOT_FOUND` when the case or the file went meanwhile.
 */
export async function writeSealedFile(
  db: Database,
  file: NewSealedFile,
  content: AsyncIterable<Uint8Array>,
  done: (tx: InTransaction, kept: SealedFile) => Promise<void> = async () => undefined,
): Promise<SealedFile> {
  const { id, caseId, at } = file;
  const begun = await db
    .insertInto("sealedFile")
    .values({ id, caseId, begunAt: at.toString() })
    .onConflict((same) => same.column("id").doNothing())
    .executeTakeFirst();
  if (begun.numInsertedOrUpdatedRows !== 1n) throw new ServerRefusal({ code: "ID_TAKEN" });
  try {
    const digest = createHash("sha256");
    let [bytes, position] = [0, 0];
    for await (const part of inParts(content)) {
      if (position === 0 && !part.subarray(0, AGE_INTRO.length).equals(AGE_INTRO))
        throw new ServerRefusal({ code: "NOT_SEALED" });
      bytes += part.length;
      if (bytes > file.most) throw new ServerRefusal({ code: "TOO_LARGE" });
      digest.update(part);
      await db.insertInto("sealedFilePart").values({ fileId: id, position: position++, content: part }).execute();
    }
    if (bytes === 0) throw new ServerRefusal({ code: "NOT_SEALED" });
    const sha256 = digest.digest();
    const kept = { id, bytes, sha256: sha256.toString("hex") };
    await db.transaction().execute(async (tx) => {
      const keySealed = await sealKey(tx, file);
      const ended = await tx
        .updateTable("sealedFile")
        .set({ bytes, sha256, keySealed })
        .where("id", "=", id)
        .executeTakeFirst();
      if (ended.numUpdatedRows !== 1n) throw new ServerRefusal({ code: "NOT_FOUND" });
      await done(tx, kept);
    });
    return kept;
  } catch (error) {
    await db.deleteFrom("sealedFile").where("id", "=", id).where("bytes", "is", null).execute();
    throw error;
  }
}

/** The key sealed to the case as it is now: its row is locked, so that no new case key comes between. */
async function sealKey(tx: InTransaction, { caseId, opener }: NewSealedFile): Promise<Buffer | null> {
  const row = await tx
    .selectFrom("cases")
    .select(["caseRecipient", "keyVersion"])
    .where("id", "=", caseId)
    .forShare()
    .executeTakeFirst();
  if (row === undefined) throw new ServerRefusal({ code: "NOT_FOUND" });
  if (opener.kind === "outside") return null;
  if (opener.kind === "ours")
    return Buffer.from(await seal({ fileIdentity: opener.fileIdentity }, [row.caseRecipient]));
  if (opener.keyVersion !== row.keyVersion) throw new ServerRefusal({ code: "KEY_CHANGED" });
  return bytesOf(opener.sealed);
}

async function* inParts(content: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of content) {
    waiting.push(bytes);
    length += bytes.length;
    if (length < PART_BYTES) continue;
    const joined = Buffer.concat(waiting);
    let from = 0;
    for (; from + PART_BYTES <= joined.length; from += PART_BYTES) yield joined.subarray(from, from + PART_BYTES);
    waiting = [joined.subarray(from)];
    length = joined.length - from;
  }
  if (length > 0) yield Buffer.concat(waiting);
}

/** A whole file; null while it is coming, or when there is none. */
export async function findSealedFile(
  db: Database,
  id: string,
): Promise<(SealedFile & { readonly caseId: string }) | null> {
  const row = await db.selectFrom("sealedFile").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined || row.bytes === null || row.sha256 === null) return null;
  return { id, caseId: row.caseId, bytes: row.bytes, sha256: row.sha256.toString("hex") };
}

/** The keys of a case's whole files, each sealed to the case; files for somebody outside have none. */
export async function findFileKeys(db: Database, caseId: string): Promise<FileKey[]> {
  const rows = await db
    .selectFrom("sealedFile")
    .select(["id", "keySealed"])
    .where("caseId", "=", caseId)
    .where("keySealed", "is not", null)
    .orderBy("begunAt")
    .orderBy("id")
    .execute();
  return rows.map(({ id, keySealed }) => ({ id, sealed: keySealed?.toString("base64url") ?? "" }));
}

/** The bytes of a whole file, a part at a time. */
export async function* readSealedFile(db: Database, id: string): AsyncIterable<Buffer> {
  for (let position = 0; ; position++) {
    const part = await db
      .selectFrom("sealedFilePart")
      .select("content")
      .where("fileId", "=", id)
      .where("position", "=", position)
      .executeTakeFirst();
    if (part === undefined) return;
    yield part.content;
  }
}

/** Erases files with their keys. */
export async function dropSealedFiles(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom("sealedFile").where("id", "in", ids).execute();
}

/** Erases what never came to its end. @returns how many. */
export async function forgetHalfFiles(db: Database, now: Temporal.Instant): Promise<number> {
  const before = now.subtract({ hours: HALF_FILE_HOURS });
  const gone = await db
    .deleteFrom("sealedFile")
    .where("bytes", "is", null)
    .where("begunAt", "<", before)
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}
