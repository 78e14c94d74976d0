import type { InTransaction } from "../database.ts";
import type { Vault } from "../vault.ts";
import { openAddress } from "./sealed.ts";

/** Plans the first check of places whose removal was answered; rooms are looked at by people. @returns those planned. */
export async function scheduleFirstCheck(
  tx: InTransaction,
  vault: Vault,
  placeIds: readonly string[],
  at: Temporal.Instant,
): Promise<string[]> {
  if (placeIds.length === 0) return [];
  const rows = await tx
    .selectFrom("place")
    .select(["id", "addressSealed"])
    .where("id", "in", [...placeIds])
    .execute();
  const pages = rows.filter((row) => openAddress(vault, row).kind === "url").map((row) => row.id);
  if (pages.length > 0)
    await tx.updateTable("place").set({ nextCheckAt: at.toString() }).where("id", "in", pages).execute();
  return pages;
}
