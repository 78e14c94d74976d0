import type { Database, InTransaction } from "../database.ts";

/** A recipient that an approval named beyond those asked at once, for one place. */
export type LaterRung = {
  readonly placeId: string;
  readonly recipientId: string;
  /** Hours after the first notice about the place left. */
  readonly afterHours: number;
  readonly why: string;
};

/** Records who may be asked later about places without another approval; a later naming stands in place of the one before. */
export async function nameLater(
  tx: InTransaction,
  rungs: readonly LaterRung[],
  by: { readonly staffId: string; readonly now: Temporal.Instant },
): Promise<void> {
  if (rungs.length === 0) return;
  const rows = rungs.map((rung) => ({ ...rung, namedAt: by.now.toString(), namedBy: by.staffId }));
  await tx
    .insertInto("laterRung")
    .values(rows)
    .onConflict((same) =>
      same.columns(["placeId", "recipientId"]).doUpdateSet((any) => ({
        afterHours: any.ref("excluded.afterHours"),
        why: any.ref("excluded.why"),
        namedAt: any.ref("excluded.namedAt"),
        namedBy: any.ref("excluded.namedBy"),
      })),
    )
    .execute();
}

/** Who was named for a place, soonest first. */
export async function findLater(db: Database, placeId: string): Promise<LaterRung[]> {
  return db
    .selectFrom("laterRung")
    .select(["placeId", "recipientId", "afterHours", "why"])
    .where("placeId", "=", placeId)
    .orderBy("afterHours")
    .orderBy("recipientId")
    .execute();
}

/** Nobody is asked later by itself any more: the approval that named them is over. */
export async function forgetLater(tx: InTransaction, caseId: string): Promise<void> {
  await tx
    .deleteFrom("laterRung")
    .where("placeId", "in", tx.selectFrom("place").select("id").where("caseId", "=", caseId))
    .execute();
}
