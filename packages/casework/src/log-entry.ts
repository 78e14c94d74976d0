import type { Sha256 } from "./log.ts";

/** What the log seals. */
export const LOG_ENTRIES = ["release", "key-grant", "list-change", "pack", "custody", "begun"] as const;
export type LogEntryKind = (typeof LOG_ENTRIES)[number];

/** Bytes of a leaf's salt: without it nobody can try which body a leaf stands for. */
export const SALT_BYTES = 16;

/**
 * The leaf of an entry: a commitment to its body. Whoever is shown body and salt can see that they are the ones sealed; the log alone
 * tells nothing, also after both were erased.
 * @param body  the exact text.
 */
export function commitTo(sha256: Sha256, salt: Uint8Array, body: string): Uint8Array {
  if (salt.length !== SALT_BYTES) throw new RangeError("a salt has 16 bytes");
  return sha256(
    Uint8Array.of(...new TextEncoder().encode("jikim/log-entry/v1\n"), ...salt, ...new TextEncoder().encode(body)),
  );
}
