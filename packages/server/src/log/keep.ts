import type { Say } from "../http/log.ts";
import type { Jikim } from "../jikim.ts";
import { sequenceLog } from "./sequence.ts";
import { cosign } from "./witness.ts";

/** Milliseconds between two looks for entries that wait. */
const EVERY_MS = 2000;

/** Keeps placing what waits, and has each new checkpoint witnessed. @returns ends it, after the look under way. */
export function keepSequencing(jikim: Jikim, say: Say): () => Promise<void> {
  let under: Promise<void> | null = null;
  const look = async () => {
    const placed = await sequenceLog(jikim);
    if (placed > 0 && jikim.config.witnesses.length > 0) await cosign(jikim, jikim.config.witnesses);
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
