import { ed25519 } from "@noble/curves/ed25519.js";
import { hex } from "@scure/base";

/** Ed25519 (RFC 8032). The same bytes everywhere: Node's own code where there is one, some ten times as fast, else noble. */
export type Ed25519 = {
  sign(message: Uint8Array, secret: string): Uint8Array;
  /** False for any signature that does not hold, however malformed. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: string): boolean;
};

export const PURE: Ed25519 = {
  sign: (message, secret) => ed25519.sign(message, hex.decode(secret)),
  verify(signature, message, publicKey) {
    try {
      return ed25519.verify(signature, message, hex.decode(publicKey), { zip215: false });
    } catch {
      return false;
    }
  },
};

/** PKCS #8 and SPKI around a raw key (RFC 8410). */
const SECRET_PREFIX = "302e020100300506032b657004220420";
const PUBLIC_PREFIX = "302a300506032b6570032100";
const KEYS_KEPT = 64;

export function nativeEd25519(): Ed25519 | null {
  const crypto = globalThis.process?.getBuiltinModule?.("node:crypto");
  if (crypto === undefined) return null;
  const secretOf = kept((secret) =>
    crypto.createPrivateKey({ key: Buffer.from(SECRET_PREFIX + secret, "hex"), format: "der", type: "pkcs8" }),
  );
  const publicOf = kept((key) =>
    crypto.createPublicKey({ key: Buffer.from(PUBLIC_PREFIX + key, "hex"), format: "der", type: "spki" }),
  );
  return {
    sign: (message, secret) => new Uint8Array(crypto.sign(null, message, secretOf(secret))),
    verify(signature, message, publicKey) {
      try {
        return crypto.verify(null, message, publicOf(publicKey), signature);
      } catch {
        return false;
      }
    },
  };
}

/** The last few results of a costly making. */
function kept<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const fresh = make(text);
    if (made.size >= KEYS_KEPT) made.clear();
    made.set(text, fresh);
    return fresh;
  };
}

export const { sign: signBytes, verify: verifyBytes } = nativeEd25519() ?? PURE;
