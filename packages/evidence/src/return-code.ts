import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64url } from "@scure/base";
import { ageIdentity } from "./age-identity.ts";
import { fromBase32, inGroups, readBase32, toBase32 } from "./base32.ts";

const CODE_BYTES = 15;
const CODE_LENGTH = 24;

/**
 * What opens a case again: 24 Crockford base32 characters, 120 random bits, made on her device and never sent.
 * Held without dashes; `showReturnCode` groups it for people.
 */
export type ReturnCode = string & { readonly brand: "ReturnCode" };

/** Everything derived from a return code. Tokens are sent to the server, which keeps only their keyed hash; identities never leave. */
export type ReturnKeys = {
  /** base64url of 32 bytes; proves to the server that she holds the code. */
  readonly token: string;
  /** age identity (AGE-SECRET-KEY-1…) that unwraps the case key. */
  readonly identity: string;
  /** base64url of 32 bytes; finds a draft left under this code. */
  readonly draftToken: string;
  /** age identity that opens such a draft. */
  readonly draftIdentity: string;
  /** 32 bytes behind the commitment in her receipt. */
  readonly receiptSecret: Uint8Array;
};

export function newReturnCode(): ReturnCode {
  return toBase32(crypto.getRandomValues(new Uint8Array(CODE_BYTES))) as ReturnCode;
}

/** Reads a code as typed or pasted, in any grouping and case; null when it cannot be one. */
export function readReturnCode(typed: string): ReturnCode | null {
  const text = readBase32(typed);
  return text.length === CODE_LENGTH && fromBase32(text) !== null ? (text as ReturnCode) : null;
}

export function showReturnCode(code: ReturnCode): string {
  return inGroups(code);
}

/** HKDF-SHA256 (RFC 5869) of the code, one label for each use, so that no derived value tells of another. */
export function keysOfReturnCode(code: ReturnCode): ReturnKeys {
  const secret = fromBase32(code);
  if (secret === null) throw new Error("not a return code");
  const derive = (use: string) =>
    hkdf(sha256, secret, new TextEncoder().encode("jikim/return-code/v1"), new TextEncoder().encode(use), 32);
  return {
    token: base64url.encode(derive("token")),
    identity: ageIdentity(derive("identity")),
    draftToken: base64url.encode(derive("draft-token")),
    draftIdentity: ageIdentity(derive("draft-identity")),
    receiptSecret: derive("receipt"),
  };
}
