import type { Jikim } from "../jikim.ts";
import { keyOfHost, takeTurn } from "../store/pace.ts";

/** A turn that was missed for longer is no turn. */
const TURN_SECONDS = 120;

/**
 * When something watched may be asked for: null is now. A turn that was waited for is used once; whoever was given a later one
 * waits for it.
 */
export async function turnFor(
  { db, vault, config, now }: Pick<Jikim, "db" | "vault" | "config" | "now">,
  { address, turnAt }: { readonly address: string; readonly turnAt: Temporal.Instant | null },
): Promise<Temporal.Instant | null> {
  if (config.hostGapSeconds === 0) return null;
  const at = now();
  if (turnAt !== null) {
    if (Temporal.Instant.compare(turnAt, at) > 0) return turnAt;
    if (Temporal.Instant.compare(turnAt.add({ seconds: TURN_SECONDS }), at) > 0) return null;
  }
  const gapSeconds = config.hostGapSeconds * (1 + Math.random());
  const turn = await takeTurn(db, keyOfHost(vault, new URL(address).host), { now: at, gapSeconds });
  return Temporal.Instant.compare(turn, at) <= 0 ? null : turn;
}
