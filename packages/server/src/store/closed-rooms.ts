import type { Database } from "../database.ts";

/** Counsel's opinion that lets rooms be captured through accounts the centre owns. */
export type ClosedRooms = { readonly reference: string; readonly givenOn: string };

export async function findClosedRooms(db: Database): Promise<ClosedRooms | null> {
  const row = await db.selectFrom("closedRooms").select(["reference", "givenOn"]).executeTakeFirst();
  return row ?? null;
}

/** @param opinion  null takes it back. */
export async function saveClosedRooms(
  db: Database,
  opinion: ClosedRooms | null,
  by: { readonly staffId: string; readonly at: Temporal.Instant },
): Promise<void> {
  if (opinion === null) {
    await db.deleteFrom("closedRooms").execute();
    return;
  }
  const values = { ...opinion, recordedBy: by.staffId, recordedAt: by.at.toString() };
  await db
    .insertInto("closedRooms")
    .values(values)
    .onConflict((same) => same.column("id").doUpdateSet(values))
    .execute();
}
