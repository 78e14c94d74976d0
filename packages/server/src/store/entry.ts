import { randomUUID } from "node:crypto";
import { type Basis, effectOf } from "@jikim/casework";
import type { Entry } from "@jikim/sdk/wire";
import type { InTransaction } from "../database.ts";
import type { Jikim } from "../jikim.ts";
import { ServerRefusal } from "../refusal.ts";
import { findFingerprints } from "./item.ts";
import { putOnList, takeOffList } from "./list.ts";

type Chained = Pick<Jikim, "vault" | "service">;

/** Items of a locked case to put on the list. */
export type Listing = {
  readonly caseId: string;
  readonly items: readonly string[];
  readonly basis: Basis;
  readonly reference: string | null;
};

/**
 * Puts items on the list, each as one entry with its 1 to 32 fingerprints.
 * @throws {ServerRefusal} `NOT_FOUND` (an item of another case), `ITEM_WITHOUT_FINGERPRINTS`, `ITEM_LISTED`.
 */
export async function listItems(
  tx: InTransaction,
  jikim: Chained,
  listing: Listing,
  now: Temporal.Instant,
): Promise<void> {
  const { caseId, basis, reference } = listing;
  const items = [...new Set(listing.items)];
  const rows = await tx.selectFrom("item").select("id").where("caseId", "=", caseId).where("id", "in", items).execute();
  if (rows.length !== items.length) throw new ServerRefusal({ code: "NOT_FOUND" });
  const fingerprints = await findFingerprints(tx, jikim.vault, { itemIds: items });
  if (fingerprints.size !== items.length) throw new ServerRefusal({ code: "ITEM_WITHOUT_FINGERPRINTS" });
  const entries = items.map((itemId) => ({ id: randomUUID(), itemId }));
  const inserted = await tx
    .insertInto("entry")
    .values(
      entries.map(({ id, itemId }) => ({
        ...{ id, caseId, itemId, basis },
        referenceSealed: reference === null ? null : jikim.vault.seal(reference, `entry/reference/${id}`),
        state: "active" as const,
        since: now.toString(),
      })),
    )
    .onConflict((listed) => listed.column("itemId").where("state", "=", "active").doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows !== BigInt(items.length)) throw new ServerRefusal({ code: "ITEM_LISTED" });
  const puts = entries.map(({ id, itemId }) => onTheWire({ id, basis, disputed: false }, fingerprints.get(itemId)));
  await putOnList(tx, jikim, puts, now);
}

/** Takes a case's active entries off the list: all, or the named ones. @returns how many. */
export async function withdrawEntries(
  tx: InTransaction,
  jikim: Chained,
  of: { readonly caseId: string; readonly entryId?: string },
  now: Temporal.Instant,
): Promise<number> {
  const { caseId, entryId } = of;
  const rows = await tx
    .updateTable("entry")
    .set({ state: "withdrawn", withdrawnAt: now.toString() })
    .where("caseId", "=", caseId)
    .where("state", "=", "active")
    .$if(entryId !== undefined, (entries) => entries.where("id", "=", entryId ?? ""))
    .returning("id")
    .execute();
  await takeOffList(tx, jikim, rows.map((row) => row.id).sort(), now);
  return rows.length;
}

/**
 * Marks an entry as disputed, or settles the dispute, and puts it on the list anew with what platforms then do.
 * @returns false when nothing changed. @throws {ServerRefusal} `ENTRY_WITHDRAWN`.
 */
export async function setDispute(
  tx: InTransaction,
  jikim: Chained,
  { entryId, disputed }: { readonly entryId: string; readonly disputed: boolean },
  now: Temporal.Instant,
): Promise<boolean> {
  const row = await tx.selectFrom("entry").selectAll().where("id", "=", entryId).forUpdate().executeTakeFirstOrThrow();
  if (row.state === "withdrawn") throw new ServerRefusal({ code: "ENTRY_WITHDRAWN" });
  if (row.disputed === disputed) return false;
  await tx.updateTable("entry").set({ disputed }).where("id", "=", entryId).execute();
  const fingerprints = await findFingerprints(tx, jikim.vault, { itemIds: [row.itemId] });
  await putOnList(tx, jikim, [onTheWire({ ...row, disputed }, fingerprints.get(row.itemId))], now);
  return true;
}

function onTheWire(
  entry: { readonly id: string; readonly basis: Basis; readonly disputed: boolean },
  fingerprints: Entry["fingerprints"] = [],
): Entry {
  const { id, basis, disputed } = entry;
  return { id, basis, disputed, effect: effectOf(basis, disputed), fingerprints };
}
