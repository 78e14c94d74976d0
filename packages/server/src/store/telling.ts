import type { Database } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import type { Vault } from "../vault.ts";
import { lockCase, refreshNext } from "./next.ts";
import { type Notify, openNotify } from "./sealed.ts";

/** Words that wait to be sent for a delayed withdrawal. `id` is the same for every try and points at no case. */
export type Telling = { readonly id: string; readonly notify: Notify; readonly since: Temporal.Instant };

export async function findTelling(db: Database, vault: Vault, caseId: string): Promise<Telling | null> {
  const row = await db
    .selectFrom("cases")
    .select(["notifySealed", "safeContactWaitingSince as since"])
    .where("id", "=", caseId)
    .executeTakeFirst();
  if (!row?.since || row.notifySealed === null) return null;
  const id = vault.keyOf(`${caseId} ${row.since}`, "cases/telling").toString("hex").slice(0, 32);
  return { id, notify: openNotify(vault, caseId, row.notifySealed), since: row.since };
}

/** The words were sent: her safe contact needs no telling for this withdrawal any more. */
export async function settleTelling(
  { db, vault, now }: Pick<Jikim, "db" | "vault" | "now">,
  { caseId, since }: { readonly caseId: string; readonly since: Temporal.Instant },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockCase(tx, caseId);
    await tx
      .updateTable("cases")
      .set({ safeContactWaitingSince: null, tellingNextAt: null })
      .where("id", "=", caseId)
      .where("safeContactWaitingSince", "=", since)
      .execute();
    await refreshNext(tx, vault, caseId, now());
  });
}

/** The words are to be sent from now on. */
export async function planTelling(db: Database, caseId: string, at: Temporal.Instant | null): Promise<void> {
  await db
    .updateTable("cases")
    .set({ tellingNextAt: at?.toString() ?? null })
    .where("id", "=", caseId)
    .execute();
}

/** Takes the words for one try until a moment; when we are killed they are tried again. False: not due, or somebody took them. */
export async function takeTelling(
  db: Database,
  caseId: string,
  { now, until }: { readonly now: Temporal.Instant; readonly until: Temporal.Instant },
): Promise<boolean> {
  const result = await db
    .updateTable("cases")
    .set({ tellingNextAt: until.toString() })
    .where("id", "=", caseId)
    .where("tellingNextAt", "<=", now)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Cases whose words are to be sent by now. */
export async function findDueTellings(db: Database, now: Temporal.Instant, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("cases")
    .select("id")
    .where("tellingNextAt", "<=", now)
    .orderBy("tellingNextAt")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
