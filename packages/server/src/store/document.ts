import type { Selectable } from "kysely";
import type { StoredDocument } from "../contract/common.ts";
import type { Database, InTransaction, Tables } from "../database.ts";

/** A sealed document on its way in: what it holds only the case key opens. */
export type NewDocument = {
  readonly id: string;
  readonly caseId: string;
  readonly kind: StoredDocument["kind"];
  /** null: the survivor wrote it, or a recipient an answer. */
  readonly staffId: string | null;
  /** base64url */
  readonly sealed: string;
  readonly at: Temporal.Instant;
};

/** Keeps a document. The same one again changes nothing; false when its id is another document's. */
export async function recordDocument(tx: InTransaction, document: NewDocument): Promise<"new" | "known" | "taken"> {
  const { id, caseId, kind, staffId, at } = document;
  const author = kind === "answer" ? "recipient" : staffId === null ? "survivor" : "staff";
  const result = await tx
    .insertInto("document")
    .values({ id, caseId, kind, author, staffId, writtenAt: at.toString(), sealed: bytesOf(document.sealed) })
    .onConflict((same) => same.column("id").doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows === 1n) return "new";
  const before = await tx.selectFrom("document").selectAll().where("id", "=", id).executeTakeFirst();
  const same = before?.caseId === caseId && before.kind === kind && before.staffId === staffId;
  return same ? "known" : "taken";
}

/** One document; null when there is none. */
export async function findDocument(db: Database, id: string): Promise<StoredDocument | null> {
  const row = await db.selectFrom("document").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : show(row);
}

/** Whether a document is this case's. */
export async function isDocumentOf(db: Database, caseId: string, id: string): Promise<boolean> {
  const row = await db
    .selectFrom("document")
    .select("id")
    .where("id", "=", id)
    .where("caseId", "=", caseId)
    .executeTakeFirst();
  return row !== undefined;
}

/** When marks that she sent came; null when there are none of this id in this case. */
export async function findMarksAt(db: Database, caseId: string, id: string): Promise<Temporal.Instant | null> {
  const row = await db
    .selectFrom("document")
    .select("writtenAt")
    .where("id", "=", id)
    .where("caseId", "=", caseId)
    .where("kind", "=", "provenance")
    .executeTakeFirst();
  return row?.writtenAt ?? null;
}

/** A case's documents, oldest first. */
export async function findDocuments(db: Database, caseId: string): Promise<StoredDocument[]> {
  const rows = await db
    .selectFrom("document")
    .selectAll()
    .where("caseId", "=", caseId)
    .orderBy("writtenAt")
    .orderBy("id")
    .execute();
  return rows.map(show);
}

function show({ id, kind, author, writtenAt, sealed }: Selectable<Tables["document"]>): StoredDocument {
  return { id, kind, by: author, at: writtenAt.toString(), sealed: sealed.toString("base64url") };
}

export function bytesOf(base64url: string): Buffer {
  return Buffer.from(base64url, "base64url");
}
