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
      .set({ safeContactWaitingSince: null })
      .where("id", "=", caseId)
      .where("safeContactWaitingSince", "=", since)
      .execute();
    await refreshNext(tx, vault, caseId, now());
  });
}
