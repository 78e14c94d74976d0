import { keyFingerprint } from "@jikim/evidence";

const KEPT_AT = "jikim-root";

/** none: the centre has no root yet · first: never seen in this browser · same · changed: another root than last time. */
export type Pin = "none" | "first" | "same" | "changed";

/**
 * Whether this browser knows the centre's root. The root comes from the server, so an altered one could show its own: staff
 * compare it once with the leaflet, and from then on a change is noticed. Only the public half is kept.
 */
export function pinOf(root: string | null): Pin {
  if (root === null) return "none";
  const kept = localStorage.getItem(KEPT_AT);
  if (kept === null) return "first";
  return kept === root ? "same" : "changed";
}

/** From now on this root is the one expected in this browser. */
export function pinRoot(root: string): void {
  localStorage.setItem(KEPT_AT, root);
}

/** Whether what was typed from the leaflet is the fingerprint of this root. */
export function isOnLeaflet(root: string, typed: string): boolean {
  const read = (text: string) =>
    text
      .normalize("NFKC")
      .toUpperCase()
      .replaceAll(/[^0-9A-Z]/g, "");
  return read(typed) === read(keyFingerprint(root));
}
