import type { Jikim } from "../jikim.ts";
import { recordCustody } from "../store/custody.ts";
import { lockCase } from "../store/next.ts";
import { postponeStamp, saveStamp, takeStamp } from "../store/seal.ts";
import { askForStamp } from "./authority.ts";

/** Longer than one try can take. */
const TRY_SECONDS = 60;
/** Minutes until the next try, then hourly: an authority that is away comes back, and a seal that is stamped late still counts from then. */
const WAITS_MINUTES = [1, 2, 5, 15, 30] as const;
const LONGEST_WAIT_MINUTES = 60;

/** Has what was sealed stamped, or plans the next try. Does nothing without an authority, and when somebody else is at it. */
export async function stampSeal(jikim: Jikim, packId: string): Promise<void> {
  const { db, config } = jikim;
  if (config.timestamps === null) return;
  const now = jikim.now();
  const seal = await takeStamp(db, packId, { now, until: now.add({ seconds: TRY_SECONDS }) });
  if (seal === null) return;
  const { signature, caseId, tries } = seal;
  const way = { allowPrivate: config.allowPrivateAddresses, now };
  const answer = await askForStamp(config.timestamps, signature, way);
  if ("trouble" in answer) {
    const minutes = WAITS_MINUTES[tries] ?? LONGEST_WAIT_MINUTES;
    return postponeStamp(db, packId, { trouble: answer.trouble, at: jikim.now().add({ minutes }) });
  }
  await db.transaction().execute(async (tx) => {
    // The case first, as everywhere: its evidence may be erased at this moment.
    await lockCase(tx, caseId);
    if (!(await saveStamp(tx, packId, answer))) return;
    const by = { role: "server", who: "" } as const;
    await recordCustody(tx, jikim.vault, { packId, caseId, did: "stamped", by, at: jikim.now() });
  });
}
