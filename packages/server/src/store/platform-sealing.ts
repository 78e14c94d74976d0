import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { Vault } from "../vault.ts";
import { cardOf, hostsOf } from "./platform.ts";
import { valuesOf } from "./recipient.ts";
import { keyOfCard } from "./recipient-card.ts";

/** Seals the cards of platforms that were written before cards were, and leaves nothing of them in the clear. */
export async function sealPlatforms(db: Database, vault: Vault): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`lock table unsealed_platform`.execute(tx);
    const rows = await tx.selectFrom("unsealedPlatform").selectAll().execute();
    if (rows.length === 0) return;
    for (const { id, hosts: written, ...platform } of rows) {
      const [card, hosts] = [cardOf(platform), hostsOf(written)];
      const cardKey = keyOfCard(vault, { card, hosts, foundBy: "hand" });
      await tx
        .updateTable("recipient")
        .set({ ...valuesOf(vault, id, { card, hosts }), cardKey })
        .where("id", "=", id)
        .execute();
    }
    // A deleted row stays on its page for a while; a truncated table leaves none.
    await sql`truncate unsealed_platform`.execute(tx);
  });
}
