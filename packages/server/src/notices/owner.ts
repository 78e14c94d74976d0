import type { PlaceAddress } from "@jikim/casework";
import type { Recipient } from "../store/recipient.ts";

/** Whose page a place is, of recipients told by hand: the longest host that fits wins. Rooms named by a handle belong to no host. */
export function ownerOf({ kind, text }: PlaceAddress, known: readonly Recipient[]): Recipient | null {
  if (kind !== "url" || !URL.canParse(text)) return null;
  const { host, hostname } = new URL(text);
  let best: { readonly recipient: Recipient; readonly length: number } | null = null;
  for (const recipient of known)
    for (const named of recipient.hosts) {
      const fits = host === named || hostname === named || hostname.endsWith(`.${named}`);
      if (fits && named.length > (best?.length ?? 0)) best = { recipient, length: named.length };
    }
  return best?.recipient ?? null;
}
