import { isIP } from "node:net";
import type { PlaceAddress } from "@jikim/casework";
import { getDomain } from "tldts";

/** The host of a place. */
export type Host =
  | { readonly kind: "address"; readonly address: string }
  /** `domain`: what was registered, in A-labels, by the Public Suffix List; null for a suffix itself. */
  | { readonly kind: "name"; readonly name: string; readonly domain: string | null };

/** Names that no public directory or name server knows: RFC 6761, 6762, 7686, 8375, 9476, and ICANN's `internal` (2024). */
const NOT_PUBLIC = /(^|\.)(onion|local|localhost|internal|alt|home\.arpa)$/;

/** The host of a page on the web; null for a room, and for names that are not of the public internet. */
export function hostOf({ kind, text }: PlaceAddress): Host | null {
  if (kind !== "url" || !URL.canParse(text)) return null;
  const name = new URL(text).hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIP(name) !== 0) return { kind: "address", address: name };
  if (!name.includes(".") || NOT_PUBLIC.test(name)) return null;
  return { kind: "name", name, domain: getDomain(name, { allowPrivateDomains: false }) };
}

/** One text for one host. */
export function textOfHost(host: Host): string {
  return host.kind === "address" ? host.address : host.name;
}
