import type { Jikim } from "../jikim.ts";
import { recordCustody } from "../store/custody.ts";
import { lockCase } from "../store/next.ts";
import { endPack, findCaseOfPack, findHalfPacks } from "../store/pack.ts";

/** Hours in which a browser writes and sends a pack that was signed for it; then it is given up, and ordered anew. Ours. */
const HALF_PACK_HOURS = 24;

/** Ends packs whose ciphertext never came: what was kept for writing them is erased. */
export async function giveUpHalfPacks(
  { db, vault }: Pick<Jikim, "db" | "vault">,
  now: Temporal.Instant,
): Promise<void> {
  for (const id of await findHalfPacks(db, now.subtract({ hours: HALF_PACK_HOURS })))
    await db.transaction().execute(async (tx) => {
      const caseId = await findCaseOfPack(tx, id);
      if (caseId === null) return;
      await lockCase(tx, caseId);
      if ((await endPack(tx, { id, state: "erased", at: now })) === undefined) return;
      const by = { role: "server", who: "" } as const;
      await recordCustody(tx, vault, { packId: id, caseId, did: "deleted", by, at: now, note: "its file never came" });
    });
}
