import { type Answer, mayFollow, type Notice as NoticeState, type WrittenNotice } from "@jikim/casework";
import type { Signed } from "@jikim/evidence";
import type { Selectable } from "kysely";
import type { Database, InTransaction, Tables } from "../database.ts";
import { ServerRefusal } from "../refusal.ts";
import type { Vault } from "../vault.ts";

export type NoticeRow = Selectable<Tables["notice"]>;

/** What a person reads of a notice. */
export type Letter = Pick<WrittenNotice, "subject" | "text">;

/** Keeps the draft of a notice to one recipient over some places. */
export async function insertDraft(
  tx: InTransaction,
  vault: Vault,
  draft: {
    readonly id: string;
    readonly caseId: string;
    readonly recipientId: string;
    readonly places: readonly string[];
    readonly written: WrittenNotice;
  },
  now: Temporal.Instant,
): Promise<void> {
  const { id, caseId, recipientId, places, written } = draft;
  await tx
    .insertInto("notice")
    .values({
      ...{ id, caseId, recipientId, state: "draft", signedSealed: null, createdAt: now.toString() },
      ...valuesOf(vault, id, written),
    })
    .execute();
  await tx
    .insertInto("noticePlace")
    .values(places.map((placeId) => ({ noticeId: id, placeId })))
    .execute();
}

/** Locks a notice's row until the transaction ends; lock its case before. */
export async function lockNotice(tx: InTransaction, id: string): Promise<NoticeRow | null> {
  return (await tx.selectFrom("notice").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()) ?? null;
}

/** A row as the union of casework; the table's checks keep what each state promises. */
export function readNotice(row: NoticeRow): NoticeState {
  const { id, recipientId, state } = row;
  if (state === "draft") return { state, id, recipientId };
  if (state === "approved" && row.approvedAt) return { state, id, recipientId, approvedAt: row.approvedAt };
  if (state === "sent" && row.sentAt) return { state, id, recipientId, sentAt: row.sentAt };
  if (state === "stopped" && row.stoppedAt) return { state, id, recipientId, stoppedAt: row.stoppedAt };
  if (state === "answered" && row.answer && row.answeredAt)
    return { state, id, recipientId, answer: row.answer, answeredAt: row.answeredAt };
  throw new Error("a notice lacks what its state promises");
}

const contextOf = (id: string) => `notice/letter/${id}`;

/** What the columns of a row say of what is written. */
export function valuesOf(vault: Vault, id: string, written: WrittenNotice) {
  const { ground } = written;
  return {
    letterSealed: vault.seal(written, contextOf(id)),
    ...{ groundId: ground?.id ?? null, asserted: ground?.asserted ?? false },
  };
}

/** Writes a draft anew, which nobody has approved. */
export async function rewriteDraft(tx: InTransaction, vault: Vault, id: string, written: WrittenNotice): Promise<void> {
  await tx
    .updateTable("notice")
    .set(valuesOf(vault, id, written))
    .where("id", "=", id)
    .where("state", "=", "draft")
    .execute();
}

/** What a letter from before notices were written field by field lacks. */
const PLAIN = {
  ...{ language: "ko", html: "", ground: null, declarations: [], missing: [] },
  ...{ xarf: [], cloudflare: null, aws: [], sheet: null },
} as const satisfies Omit<WrittenNotice, "subject" | "text">;

/** A notice in every form in which it leaves. */
export function openWritten(vault: Vault, row: Pick<NoticeRow, "id" | "letterSealed">): WrittenNotice {
  const written = vault.open(row.letterSealed, contextOf(row.id)) as Letter & Partial<WrittenNotice>;
  return { ...PLAIN, ...written };
}

export function openLetter(vault: Vault, row: Pick<NoticeRow, "id" | "letterSealed">): Letter {
  const { subject, text } = openWritten(vault, row);
  return { subject, text };
}

/** Ids of the places that a notice is about, in order of their number. */
export async function findPlacesOf(db: Database, noticeIds: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  if (noticeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("noticePlace")
    .innerJoin("place", "place.id", "noticePlace.placeId")
    .select(["noticeId", "placeId"])
    .where("noticeId", "in", [...noticeIds])
    .orderBy("place.number")
    .execute();
  const found = new Map<string, string[]>();
  for (const { noticeId, placeId } of rows) found.set(noticeId, [...(found.get(noticeId) ?? []), placeId]);
  return found;
}

/** Drafts of a locked case. */
export async function findDrafts(tx: InTransaction, caseId: string): Promise<NoticeRow[]> {
  return tx
    .selectFrom("notice")
    .selectAll()
    .where("caseId", "=", caseId)
    .where("state", "=", "draft")
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Places of a notice that no check has seen gone at the source. */
export async function findPlacesLeft(db: Database, noticeId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("noticePlace")
    .innerJoin("place", "place.id", "noticePlace.placeId")
    .select("place.id")
    .where("noticeId", "=", noticeId)
    .where("place.state", "!=", "removed")
    .orderBy("place.number")
    .execute();
  return rows.map((row) => row.id);
}

/** The case of each notice; unknown ones are missing. */
export async function findCasesOf(db: Database, noticeIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom("notice")
    .select(["id", "caseId"])
    .where("id", "in", [...noticeIds])
    .orderBy("caseId")
    .orderBy("id")
    .execute();
  return new Map(rows.map((row) => [row.id, row.caseId]));
}

/** A notice to this recipient; null also when it is to another. */
export async function findNoticeTo(
  db: Database,
  noticeId: string,
  recipientId: string,
): Promise<{ readonly caseId: string } | null> {
  const row = await db
    .selectFrom("notice")
    .select("caseId")
    .where("id", "=", noticeId)
    .where("recipientId", "=", recipientId)
    .executeTakeFirst();
  return row ?? null;
}

export function openSigned(vault: Vault, row: { readonly id: string; readonly signedSealed: Buffer }): Signed {
  return vault.open(row.signedSealed, `notice/signed/${row.id}`) as Signed;
}

/**
 * Records an answer to a sent notice, where it may follow the one before.
 * @returns false when the same answer was recorded before.
 * @throws {ServerRefusal} `NOTICE_NOT_SENT`, `NOTICE_ANSWERED`.
 */
export async function saveAnswer(
  tx: InTransaction,
  noticeId: string,
  answer: Answer,
  at: Temporal.Instant,
): Promise<boolean> {
  const row = await tx
    .selectFrom("notice")
    .select(["state", "answer"])
    .where("id", "=", noticeId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.state !== "sent" && row.state !== "answered") throw new ServerRefusal({ code: "NOTICE_NOT_SENT" });
  if (row.answer === answer) return false;
  if (!mayFollow(row.answer, answer)) throw new ServerRefusal({ code: "NOTICE_ANSWERED" });
  await tx
    .updateTable("notice")
    .set({ state: "answered", answer, answeredAt: at.toString() })
    .where("id", "=", noticeId)
    .execute();
  return true;
}
