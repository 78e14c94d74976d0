import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";

/** Opens what is remembered of a place for one vantage, so that a later look can ask only for what changed; sealed, since it holds addresses. */
export function openMemory(
  vault: Vault,
  row: { readonly placeId: string; readonly vantage: string; readonly memorySealed: Buffer },
): unknown {
  return vault.open(row.memorySealed, contextOf(row));
}

/** Keeps what a look says to remember; null forgets it. */
export async function saveMemory(
  db: Database,
  vault: Vault,
  of: { readonly placeId: string; readonly vantage: string },
  memory: object | null,
): Promise<void> {
  const { placeId, vantage } = of;
  if (memory === null) {
    await db.deleteFrom("placeMemory").where("placeId", "=", placeId).where("vantage", "=", vantage).execute();
    return;
  }
  const memorySealed = vault.seal(memory, contextOf(of));
  await db
    .insertInto("placeMemory")
    .values({ placeId, vantage, memorySealed })
    .onConflict((conflict) => conflict.columns(["placeId", "vantage"]).doUpdateSet({ memorySealed }))
    .execute();
}

function contextOf({ placeId, vantage }: { readonly placeId: string; readonly vantage: string }): string {
  return `place/memory/${placeId}/${vantage}`;
}
