import { ed25519 } from "@noble/curves/ed25519.js";
import { base64urlnopad, hex } from "@scure/base";
import { signBytes, verifyBytes } from "./ed25519.ts";

/** What a signature is for: one made for one use can never be shown for another. */
export type SignedUse =
  | "certificate"
  | "receipt"
  | "list-change"
  | "list-head"
  | "notice"
  | "document"
  | "pack"
  | "policy";

/**
 * A payload as the exact text that was signed (no canonical form to disagree about) and its Ed25519 signature, base64url without padding.
 * Signed bytes: UTF-8 of `jikim/<use>/v1`, a line feed, the payload.
 */
export type Signed = { readonly payload: string; readonly signature: string };

/** Ed25519 keys as hex text of 32 bytes. */
export type SigningKey = { readonly secret: string; readonly public: string };

export function newSigningKey(): SigningKey {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  return { secret: hex.encode(secret), public: hex.encode(ed25519.getPublicKey(secret)) };
}

export function publicKeyOf(secret: string): string {
  return hex.encode(ed25519.getPublicKey(hex.decode(secret)));
}

export function sign(use: SignedUse, content: unknown, secret: string): Signed {
  const payload = JSON.stringify(content);
  return { payload, signature: base64urlnopad.encode(signBytes(signedBytes(use, payload), secret)) };
}

/** The payload's content when the signature is this key's for this use, else null. The content's shape is yet to be checked. */
export function readSigned(use: SignedUse, signed: Signed, publicKey: string): unknown {
  try {
    const good = verifyBytes(base64urlnopad.decode(signed.signature), signedBytes(use, signed.payload), publicKey);
    return good ? JSON.parse(signed.payload) : null;
  } catch {
    return null;
  }
}

function signedBytes(use: SignedUse, payload: string): Uint8Array {
  return new TextEncoder().encode(`jikim/${use}/v1\n${payload}`);
}

export function isSigned(value: unknown): value is Signed {
  if (typeof value !== "object" || value === null || !("payload" in value) || !("signature" in value)) return false;
  return typeof value.payload === "string" && typeof value.signature === "string";
}
