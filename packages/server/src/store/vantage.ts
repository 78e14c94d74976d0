import type { Database } from "../database.ts";

/** A way to look from that is down: since when, and when it was last tried. */
export type VantageDown = {
  readonly name: string;
  readonly since: Temporal.Instant;
  readonly lastTriedAt: Temporal.Instant;
};

/** Notes by name which ways just led out and which were down; what was down before keeps its "since". @returns those down. */
export async function noteVantages(
  db: Database,
  { up, down }: { readonly up: readonly string[]; readonly down: readonly string[] },
  now: Temporal.Instant,
): Promise<VantageDown[]> {
  if (up.length > 0)
    await db
      .deleteFrom("vantageDown")
      .where("name", "in", [...up])
      .execute();
  if (down.length === 0) return [];
  const at = now.toString();
  return (
    db
      .insertInto("vantageDown")
      // In one order, so that two looks at once do not wait for each other in a ring.
      .values([...down].sort().map((name) => ({ name, since: at, lastTriedAt: at })))
      .onConflict((known) =>
        known.column("name").doUpdateSet((the) => ({
          lastTriedAt: the.fn("greatest", ["vantageDown.lastTriedAt", "excluded.lastTriedAt"]),
        })),
      )
      .returningAll()
      .execute()
  );
}

/** Every way that was down when it was last tried. */
export function findVantagesDown(db: Database): Promise<VantageDown[]> {
  return db.selectFrom("vantageDown").selectAll().orderBy("since").execute();
}
