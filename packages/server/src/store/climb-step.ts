import type { InTransaction } from "../database.ts";

/** Marks a draft as made by the ladder, and why: it waits for one key until it is approved or dropped. */
export async function markStep(tx: InTransaction, noticeId: string, why: string): Promise<void> {
  await tx
    .updateTable("notice")
    .set({ stepWhy: why })
    .where("id", "=", noticeId)
    .where("state", "=", "draft")
    .execute();
}

/** Who named a recipient for all of these places; the latest, when several did. Null when one place lacks it. */
export async function findNamedBy(
  tx: InTransaction,
  recipientId: string,
  placeIds: readonly string[],
): Promise<string | null> {
  const rows = await tx
    .selectFrom("laterRung")
    .select(["placeId", "namedBy", "namedAt"])
    .where("recipientId", "=", recipientId)
    .where("placeId", "=", (any) => any.fn.any(any.val([...placeIds])))
    .orderBy("namedAt", "desc")
    .execute();
  return rows.length === new Set(placeIds).size ? (rows[0]?.namedBy ?? null) : null;
}
