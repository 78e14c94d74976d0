import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";

/** A native X25519 age identity from 32 bytes (C2SP age, "The X25519 recipient type"). */
export function ageIdentity(bytes: Uint8Array): string {
  if (bytes.length !== 32) throw new Error("an age identity has 32 bytes");
  return bech32.encodeFromBytes("AGE-SECRET-KEY-", bytes).toUpperCase();
}

/** A fresh age identity from the system's randomness. */
export function newAgeIdentity(): string {
  return ageIdentity(crypto.getRandomValues(new Uint8Array(32)));
}

/** The public half (age1…) of an identity. */
export function recipientOf(identity: string): Promise<string> {
  return identityToRecipient(identity);
}

/**
 * Whether a text is a classic X25519 recipient. Hybrid (age1pq1…) ones are refused everywhere: mixed with classic ones in
 * one file they silently give classic strength, and Debian's age cannot read them.
 */
export function isRecipient(text: string): boolean {
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(text)) return false;
  const decoded = bech32.decodeUnsafe(text);
  return decoded !== undefined && decoded.prefix === "age" && bech32.fromWordsUnsafe(decoded.words)?.length === 32;
}
