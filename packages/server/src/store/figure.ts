import type { Release } from "@jikim/casework";
import type { Database, InTransaction } from "../database.ts";

/** A table of figures that went out. */
export type FigureRelease = Release & {
  readonly id: string;
  readonly least: number;
  readonly at: Temporal.Instant;
};

/** Every table that went out, oldest first. */
export async function findReleasedFigures(db: Database): Promise<FigureRelease[]> {
  const rows = await db.selectFrom("figureRelease").selectAll().orderBy("releasedAt").orderBy("id").execute();
  return rows.map(({ id, periods, least, cells, releasedAt }) => ({ id, periods, least, cells, at: releasedAt }));
}

/** One release at a time: each is audited together with all before it. */
export async function lockFigures(tx: InTransaction): Promise<void> {
  await tx.selectFrom("centre").select("id").where("id", "=", 1).forUpdate().executeTakeFirstOrThrow();
}

export async function insertFigures(tx: InTransaction, release: FigureRelease, staffId: string): Promise<void> {
  const { id, periods, least, cells, at } = release;
  const values = { id, periods: [...periods], least, cells: JSON.stringify(cells) };
  await tx
    .insertInto("figureRelease")
    .values({ ...values, releasedAt: at.toString(), releasedBy: staffId })
    .execute();
}
