import { sql } from "kysely";
import type { Database, InTransaction } from "../database.ts";

/** Minutes after a notice left when its ladder is first looked at. Ours: nothing on a ladder waits for less than hours. */
const FIRST_LOOK_MINUTES = 60;

/** The places of a notice that left are climbed from here, unless they are already: the hours of a ladder count from its first notice. */
export async function startClimbs(
  tx: InTransaction,
  notice: { readonly id: string; readonly caseId: string },
  at: Temporal.Instant,
): Promise<void> {
  const places = await tx.selectFrom("noticePlace").select("placeId").where("noticeId", "=", notice.id).execute();
  const nextAt = at.add({ minutes: FIRST_LOOK_MINUTES }).toString();
  const rows = places.map(({ placeId }) => ({ placeId, caseId: notice.caseId, startedAt: at.toString() }));
  if (rows.length === 0) return;
  await tx
    .insertInto("climb")
    .values(rows.map((row) => ({ ...row, nextAt, because: null })))
    .onConflict((same) =>
      same.column("placeId").doUpdateSet({
        ...{ nextAt, because: null },
        startedAt: sql<string>`case when climb.next_at is null then excluded.started_at else climb.started_at end`,
      }),
    )
    .execute();
}

/** A notice has not left after all: the ladders that began with it have not begun. */
export async function undoClimbs(
  tx: InTransaction,
  { id, at }: { readonly id: string; readonly at: Temporal.Instant },
): Promise<void> {
  await tx
    .deleteFrom("climb")
    .where("placeId", "in", tx.selectFrom("noticePlace").select("placeId").where("noticeId", "=", id))
    .where("startedAt", "=", at)
    .execute();
}

/** A case with ladders to look at by now, most overdue first. */
export async function findDueClimbs(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("climb")
    .select("caseId")
    .where("nextAt", "<=", now)
    .orderBy("nextAt")
    .limit(limit)
    .execute();
  return [...new Set(rows.map((row) => row.caseId))];
}

export type DueClimb = { readonly placeId: string; readonly startedAt: Temporal.Instant };

/** Places of a locked case whose ladder is to be looked at by now. */
export async function findClimbsOf(
  tx: InTransaction,
  caseId: string,
  now: Temporal.Instant,
  limit: number,
): Promise<DueClimb[]> {
  return tx
    .selectFrom("climb")
    .select(["placeId", "startedAt"])
    .where("caseId", "=", caseId)
    .where("nextAt", "<=", now)
    .orderBy("nextAt")
    .orderBy("placeId")
    .limit(limit)
    .execute();
}

/** When the ladders of these places are looked at next, and why then; null: they have ended, and why. */
export async function planClimbs(
  tx: InTransaction,
  placeIds: readonly string[],
  plan: { readonly nextAt: Temporal.Instant | null; readonly because: string },
): Promise<void> {
  if (placeIds.length === 0) return;
  await tx
    .updateTable("climb")
    .set({ nextAt: plan.nextAt?.toString() ?? null, because: plan.because })
    .where("placeId", "in", [...placeIds])
    .execute();
}

/** Something happened that a ladder waited for: it is looked at now. */
export async function hurryClimbs(
  tx: InTransaction,
  of: { readonly noticeId: string } | { readonly caseId: string } | { readonly placeId: string },
  now: Temporal.Instant,
): Promise<void> {
  const update = tx.updateTable("climb").set({ nextAt: now.toString() });
  if ("caseId" in of) await update.where("caseId", "=", of.caseId).execute();
  else if ("placeId" in of) await update.where("placeId", "=", of.placeId).execute();
  else {
    const places = tx.selectFrom("noticePlace").select("placeId").where("noticeId", "=", of.noticeId);
    await update.where("placeId", "in", places).execute();
  }
}
