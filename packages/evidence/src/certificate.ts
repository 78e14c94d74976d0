import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "@scure/base";
import { isRecipient } from "./age-identity.ts";
import { inGroups, toBase32 } from "./base32.ts";
import { isSigned, readSigned, type Signed, sign } from "./signed.ts";

/** What the centre's offline root vouches for. Times are ISO 8601 instants; keys hex (Ed25519) or age1… (X25519). */
export type Certified =
  | {
      readonly kind: "staff";
      readonly staffId: string;
      readonly roles: readonly string[];
      readonly recipient: string;
      readonly verifyKey: string;
      readonly notAfter: string;
    }
  /** Signs receipts, list changes and notices on the running server. */
  | { readonly kind: "service"; readonly verifyKey: string; readonly notAfter: string }
  | { readonly kind: "recovery"; readonly recipient: string; readonly notAfter: string };

export function certify(certified: Certified, rootSecret: string): Signed {
  return sign("certificate", certified, rootSecret);
}

/**
 * What a certificate says, or null when the root did not sign it, it has run out, or is of another kind.
 * @param now  milliseconds since 1970.
 */
export function readCertificate<K extends Certified["kind"]>(
  certificate: Signed,
  kind: K,
  root: string,
  now: number,
): Extract<Certified, { kind: K }> | null {
  const certified = isSigned(certificate) ? readSigned("certificate", certificate, root) : null;
  if (!isCertified(certified) || certified.kind !== kind || !(Date.parse(certified.notAfter) > now)) return null;
  return certified as Extract<Certified, { kind: K }>;
}

function isCertified(value: unknown): value is Certified {
  if (typeof value !== "object" || value === null) return false;
  const has = value as Record<string, unknown>;
  const recipient = typeof has.recipient === "string" && isRecipient(has.recipient);
  const verifyKey = typeof has.verifyKey === "string" && /^[0-9a-f]{64}$/.test(has.verifyKey);
  if (typeof has.notAfter !== "string") return false;
  if (has.kind === "staff")
    return recipient && verifyKey && typeof has.staffId === "string" && Array.isArray(has.roles);
  return has.kind === "service" ? verifyKey : has.kind === "recovery" && recipient;
}

/** 100 bits of a key's SHA-256 in five groups of four, short enough to compare with a printed leaflet. */
export function keyFingerprint(publicKey: string): string {
  return inGroups(toBase32(sha256(hex.decode(publicKey))).slice(0, 20));
}
