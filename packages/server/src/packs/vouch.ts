import type { PackVouching } from "../contract/packs.ts";
import type { Jikim } from "../jikim.ts";
import { openProving, proveEntry } from "../log/proof.ts";
import { isCosigned } from "../log/witness.ts";
import { findSeal, findSealEntry, type SealRow } from "../store/seal.ts";

/** What vouches from outside for a pack, a capture or a chat, as far as it has come. */
export async function findVouching(jikim: Jikim, packId: string): Promise<PackVouching> {
  const seal = await findSeal(jikim.db, packId);
  return {
    timestamp: seal?.stamp?.toString("base64") ?? null,
    stamp: showStamp(jikim, seal),
    log: await findLogged(jikim, packId),
  };
}

export function showStamp({ config }: Pick<Jikim, "config">, seal: SealRow | null): PackVouching["stamp"] {
  const at = seal?.stampedAt?.toString() ?? null;
  const state = at !== null ? "stamped" : config.timestamps === null || seal === null ? "off" : "waiting";
  return { state, at, trouble: state === "waiting" ? (seal?.stampTrouble ?? null) : null };
}

/** How long a pack waits for witnesses that may be silent. Ours. */
const WITNESSES_SECONDS = 15;

async function findLogged({ db, vault, config, now }: Jikim, packId: string): Promise<PackVouching["log"]> {
  const [entry, proving] = [await findSealEntry(db, vault, packId), await openProving(db)];
  if (entry === null || entry.position === null || entry.generation !== proving?.tree.generation) return null;
  // A proof is of one checkpoint for good: it waits a little for the witnesses to sign that.
  const isYoung = entry.writtenAt.until(now()).total("seconds") < WITNESSES_SECONDS;
  if (isYoung && !isCosigned(proving.checkpoint, config.witnesses)) return null;
  const proof = await proveEntry(db, proving, entry.position);
  return proof === null ? null : { body: entry.body, salt: entry.salt.toString("hex"), proof };
}
