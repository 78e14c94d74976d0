import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** What the digest of "the change before the first" is. */
export const ZEROS = "0".repeat(64);

/** SHA-256 of a text's UTF-8, 64 hex digits. */
export function digestOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** A UUID (version 8, RFC 9562) from the digest of a text: the same text always gives the same one. */
export function uuidOf(text: string): string {
  const hex = digestOf(text);
  const variant = "89ab".charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}
