import type { Say } from "../http/log.ts";
import type { Jikim } from "../jikim.ts";
import { openProving } from "./proof.ts";
import { sequenceLog } from "./sequence.ts";
import { cosign, isCosigned } from "./witness.ts";

/** Milliseconds between two looks for entries that wait. */
const EVERY_MS = 2000;
/** Before a witness that was silent is asked again about what it has not signed. Ours. */
const ASK_AGAIN_MS = 60_000;

/** Keeps placing what waits, and has each new checkpoint witnessed. @returns ends it, after the look under way. */
export function keepSequencing(jikim: Jikim, say: Say): () => Promise<void> {
  let under: Promise<void> | null = null;
  const { witnesses } = jikim.config;
  let askedAt = Number.NEGATIVE_INFINITY;
  const look = async () => {
    const placed = await sequenceLog(jikim);
    if (witnesses.length === 0) return;
    const isDue = placed > 0 || performance.now() - askedAt > ASK_AGAIN_MS;
    if (!isDue) return;
    askedAt = performance.now();
    const proving = await openProving(jikim.db);
    if (proving !== null && !isCosigned(proving.checkpoint, witnesses)) await cosign(jikim, witnesses);
  };
  const timer = setInterval(() => {
    under ??= look()
      .catch((error: Error) => say({ level: "error", log: error.name }))
      .finally(() => {
        under = null;
      });
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await under;
  };
}
