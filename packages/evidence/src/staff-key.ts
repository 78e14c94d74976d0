import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64url } from "@scure/base";
import { Decrypter, Encrypter } from "age-encryption";
import { newAgeIdentity, recipientOf } from "./age-identity.ts";
import { fromBase32, inGroups, readBase32, toBase32 } from "./base32.ts";
import { SealRefusal } from "./seal.ts";
import { newSigningKey, publicKeyOf } from "./signed.ts";

/** What a staff member holds: an age identity that opens wraps, and an Ed25519 secret (hex) that signs what she writes. */
export type StaffKey = { readonly identity: string; readonly signingSecret: string };

/** The public halves that the root certifies. */
export type StaffPublicKey = { readonly recipient: string; readonly verifyKey: string };

export function newStaffKey(): StaffKey {
  return { identity: newAgeIdentity(), signingSecret: newSigningKey().secret };
}

export async function publicStaffKey(key: StaffKey): Promise<StaffPublicKey> {
  return { recipient: await recipientOf(key.identity), verifyKey: publicKeyOf(key.signingSecret) };
}

/** The input to the passkey's PRF extension (WebAuthn level 3, §10.1.4); the same for all, since the credential differs. */
export const PRF_INPUT = sha256(new TextEncoder().encode("jikim/staff-key/v1"));

/** Staff key under a passkey's PRF output: AES-256-GCM with an HKDF key; 12 bytes of nonce, then the ciphertext. */
export async function wrapWithPasskey(key: StaffKey, prfOutput: Uint8Array): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const aes = await passkeyCipher(prfOutput);
  const content = new TextEncoder().encode(JSON.stringify(key));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, aes, content));
  return new Uint8Array([...nonce, ...sealed]);
}

/** @throws {SealRefusal} `WRONG_KEY_OR_DAMAGED`. */
export async function unwrapWithPasskey(wrapped: Uint8Array, prfOutput: Uint8Array): Promise<StaffKey> {
  const aes = await passkeyCipher(prfOutput);
  const iv = new Uint8Array(wrapped.subarray(0, 12));
  const content = await crypto.subtle
    .decrypt({ name: "AES-GCM", iv }, aes, new Uint8Array(wrapped.subarray(12)))
    .catch(() => {
      throw new SealRefusal("WRONG_KEY_OR_DAMAGED");
    });
  return readStaffKey(new TextDecoder().decode(content));
}

function passkeyCipher(prfOutput: Uint8Array): Promise<CryptoKey> {
  const key = hkdf(sha256, prfOutput, undefined, new TextEncoder().encode("jikim/staff-key/prf/v1"), 32);
  return crypto.subtle.importKey("raw", new Uint8Array(key), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** A generated passphrase: 16 Crockford base32 characters, 80 random bits. People never choose one. */
export type Passphrase = string & { readonly brand: "Passphrase" };

export function newPassphrase(): Passphrase {
  return toBase32(crypto.getRandomValues(new Uint8Array(10))) as Passphrase;
}

export function showPassphrase(passphrase: Passphrase): string {
  return inGroups(passphrase);
}

/** Reads a passphrase as typed or pasted; null when it cannot be one. */
export function readPassphrase(typed: string): Passphrase | null {
  const text = readBase32(typed);
  return text.length === 16 && fromBase32(text) !== null ? (text as Passphrase) : null;
}

/** What proves the passphrase to the server (base64url of 32 bytes) and does not open the wrap; the server keeps its Argon2id hash. */
export function passphraseToken(passphrase: Passphrase): string {
  return base64url.encode(
    hkdf(
      sha256,
      new TextEncoder().encode(passphrase),
      undefined,
      new TextEncoder().encode("jikim/staff-key/sign-in/v1"),
      32,
    ),
  );
}

/** Staff key under a passphrase: an age file (scrypt, 2^15). */
export function wrapWithPassphrase(key: StaffKey, passphrase: Passphrase): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(15);
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(JSON.stringify(key));
}

/** @throws {SealRefusal} `WRONG_KEY_OR_DAMAGED`. */
export async function unwrapWithPassphrase(wrapped: Uint8Array, passphrase: Passphrase): Promise<StaffKey> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const text = await decrypter.decrypt(wrapped, "text").catch(() => {
    throw new SealRefusal("WRONG_KEY_OR_DAMAGED");
  });
  return readStaffKey(text);
}

function readStaffKey(text: string): StaffKey {
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && "identity" in value && "signingSecret" in value) {
    const { identity, signingSecret } = value;
    if (typeof identity === "string" && typeof signingSecret === "string") return { identity, signingSecret };
  }
  throw new SealRefusal("NOT_OURS");
}
