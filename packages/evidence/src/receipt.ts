import { sha256 } from "@noble/hashes/sha2.js";
import { base64url, hex } from "@scure/base";
import { readSigned, type Signed, sign } from "./signed.ts";

/** Proves when something was received, and nothing else: the commitment can be opened only with the return code. */
export type Receipt = { readonly receivedAt: string; readonly commitment: string };

/** SHA-256 of a secret derived from the return code, hex; safe to send. */
export function receiptCommitment(receiptSecret: Uint8Array): string {
  return hex.encode(sha256(receiptSecret));
}

export function signReceipt(receipt: Receipt, serviceSecret: string): Signed {
  return sign("receipt", receipt, serviceSecret);
}

/** What a receipt says, or null when the centre's service key did not sign it. */
export function readReceipt(signed: Signed, serviceKey: string): Receipt | null {
  const value = readSigned("receipt", signed, serviceKey);
  if (typeof value !== "object" || value === null || !("receivedAt" in value) || !("commitment" in value)) return null;
  const { receivedAt, commitment } = value;
  return typeof receivedAt === "string" && typeof commitment === "string" ? { receivedAt, commitment } : null;
}

/** A receipt as one line of text to copy: payload and signature, base64url, joined by a dot. */
export function showReceipt(signed: Signed): string {
  return `${base64url.encode(new TextEncoder().encode(signed.payload))}.${signed.signature}`;
}

/** The reverse of `showReceipt`; null when the text is not one. */
export function readReceiptText(text: string): Signed | null {
  const [payload, signature, more] = text.trim().split(".");
  if (payload === undefined || signature === undefined || more !== undefined) return null;
  try {
    return { payload: new TextDecoder("utf-8", { fatal: true }).decode(base64url.decode(payload)), signature };
  } catch {
    return null;
  }
}
