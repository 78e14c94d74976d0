import { timingSafeEqual } from "node:crypto";
import type { Selectable } from "kysely";
import type { CentreSettings, Database, Tables } from "../database.ts";
import type { Vault } from "../vault.ts";

export type CentreRow = Selectable<Tables["centre"]>;

/** The centre; its row is made at the first start, before any route answers. */
export async function findCentre(db: Database): Promise<CentreRow> {
  return db.selectFrom("centre").selectAll().where("id", "=", 1).executeTakeFirstOrThrow();
}

/** Makes the centre's row when it is missing. False when it was there. */
export async function createCentre(db: Database, vault: Vault, settings: CentreSettings): Promise<boolean> {
  const result = await db
    .insertInto("centre")
    .values({ id: 1, gate: "open", settings: JSON.stringify(settings), dataKeyCheck: checkOf(vault) })
    .onConflict((centre) => centre.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Whether this vault's data key is the one the database was written with; null when the database is new. */
export async function isOurDataKey(db: Database, vault: Vault): Promise<boolean | null> {
  const row = await db.selectFrom("centre").select("dataKeyCheck").where("id", "=", 1).executeTakeFirst();
  return row === undefined ? null : timingSafeEqual(row.dataKeyCheck, checkOf(vault));
}

function checkOf(vault: Vault): Buffer {
  return vault.keyOf("which data key", "centre/data-key-check");
}

export async function saveSettings(db: Database, settings: CentreSettings, mostReportsAnHour: number): Promise<void> {
  await db
    .updateTable("centre")
    .set({ settings: JSON.stringify(settings), mostReportsAnHour })
    .execute();
}

export async function saveGate(db: Database, gate: "open" | "closed"): Promise<void> {
  await db.updateTable("centre").set({ gate }).execute();
}
