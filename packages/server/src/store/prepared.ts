import type { InTransaction } from "../database.ts";

/** Marks drafts as written by the server itself. */
export async function markPrepared(tx: InTransaction, noticeIds: readonly string[]): Promise<void> {
  if (noticeIds.length === 0) return;
  await tx
    .updateTable("notice")
    .set({ prepared: true })
    .where("id", "in", [...noticeIds])
    .where("state", "=", "draft")
    .execute();
}

/**
 * Takes the server's own drafts to a recipient away, to write them together with more places under a new id: whoever reads the old
 * one approves nothing that she has not read. @returns the places they were about.
 */
export async function takePrepared(
  tx: InTransaction,
  of: { readonly caseId: string; readonly recipientId: string },
): Promise<string[]> {
  const drafts = tx
    .selectFrom("notice")
    .select("id")
    .where("caseId", "=", of.caseId)
    .where("recipientId", "=", of.recipientId)
    .where("state", "=", "draft")
    .where("prepared", "=", true);
  const places = await tx.selectFrom("noticePlace").select("placeId").where("noticeId", "in", drafts).execute();
  await tx.deleteFrom("notice").where("id", "in", drafts).execute();
  return [...new Set(places.map((row) => row.placeId))];
}

/** Drafts of a locked case with places that a check saw gone. @returns the drafts that still have places. */
export async function dropGonePlaces(tx: InTransaction, caseId: string): Promise<string[]> {
  const drafts = tx.selectFrom("notice").select("id").where("caseId", "=", caseId).where("state", "=", "draft");
  const gone = tx.selectFrom("place").select("id").where("caseId", "=", caseId).where("state", "=", "removed");
  const dropped = await tx
    .deleteFrom("noticePlace")
    .where("noticeId", "in", drafts)
    .where("placeId", "in", gone)
    .returning("noticeId")
    .execute();
  const touched = [...new Set(dropped.map((row) => row.noticeId))];
  if (touched.length === 0) return [];
  const left = await tx
    .selectFrom("noticePlace")
    .select("noticeId")
    .distinct()
    .where("noticeId", "in", touched)
    .execute();
  const kept = new Set(left.map((row) => row.noticeId));
  const empty = touched.filter((id) => !kept.has(id));
  if (empty.length > 0) await tx.deleteFrom("notice").where("id", "in", empty).where("state", "=", "draft").execute();
  return [...kept];
}

/** Takes the server's drafts to these recipients away. */
export async function deletePrepared(
  tx: InTransaction,
  of: { readonly caseId: string; readonly recipientIds: readonly string[] },
): Promise<void> {
  if (of.recipientIds.length === 0) return;
  await tx
    .deleteFrom("notice")
    .where("caseId", "=", of.caseId)
    .where("recipientId", "in", [...of.recipientIds])
    .where("state", "=", "draft")
    .where("prepared", "=", true)
    .execute();
}

/** Records that a person does not want a draft to be sent; the server drafts none to this recipient about these places again. */
export async function markDiscarded(
  tx: InTransaction,
  noticeId: string,
  by: { readonly staffId: string; readonly now: Temporal.Instant },
): Promise<void> {
  await tx
    .updateTable("notice")
    .set({ discardedAt: by.now.toString(), discardedBy: by.staffId })
    .where("id", "=", noticeId)
    .where("state", "=", "stopped")
    .execute();
}

/** Drafts of a case that ask these recipients about these places already. */
export async function findDraftsAbout(
  tx: InTransaction,
  of: { readonly caseId: string; readonly places: readonly string[] },
): Promise<{ readonly id: string; readonly recipientId: string; readonly placeId: string }[]> {
  return tx
    .selectFrom("notice")
    .innerJoin("noticePlace", "noticePlace.noticeId", "notice.id")
    .select(["notice.id", "notice.recipientId", "noticePlace.placeId"])
    .where("notice.caseId", "=", of.caseId)
    .where("notice.state", "=", "draft")
    .where("noticePlace.placeId", "=", (any) => any.fn.any(any.val([...of.places])))
    .execute();
}
