import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "@scure/base";
import { combine, split } from "shamir-secret-sharing";
import { ageIdentity, recipientOf } from "./age-identity.ts";
import { fromBase32, inGroups, readBase32, toBase32 } from "./base32.ts";
import { publicKeyOf } from "./signed.ts";

const SHARES = 5;
const NEEDED = 3;
const CHECK_BYTES = 4;

/** The centre's recovery key: only the recipient is stored; the shares are shown once and kept on paper by five people. */
export type RecoveryKey = { readonly recipient: string; readonly shares: readonly string[] };

/** Makes a recovery key and splits it three of five (Shamir). Two holders should be outside the centre. */
export async function newRecoveryKey(): Promise<RecoveryKey> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const recipient = await recipientOf(ageIdentity(secret));
  const shares = await split(secret, SHARES, NEEDED);
  return { recipient, shares: shares.map(onPaper) };
}

/** The recovery identity from three or more shares as typed; null when a share is misread or they do not belong to `recipient`. */
export async function recoverIdentity(typed: readonly string[], recipient: string): Promise<string | null> {
  const shares: Uint8Array[] = [];
  for (const text of typed) {
    const share = fromPaper(text);
    if (share === null) return null;
    shares.push(share);
  }
  if (shares.length < NEEDED) return null;
  const secret = await combine(shares).catch(() => null);
  if (secret === null || secret.length !== 32) return null;
  const identity = ageIdentity(secret);
  return (await recipientOf(identity)) === recipient ? identity : null;
}

/** The root's secret (hex) as text for paper, with a check against misreading. */
export function showRootSecret(secret: string): string {
  return onPaper(hex.decode(secret));
}

/** The root's secret (hex) from paper; null when misread or not the secret of `root`. */
export function readRootSecret(typed: string, root: string): string | null {
  const bytes = fromPaper(typed);
  if (bytes === null || bytes.length !== 32) return null;
  const secret = hex.encode(bytes);
  return publicKeyOf(secret) === root ? secret : null;
}

/** Bytes and the first four bytes of their SHA-256, base32, in groups. */
function onPaper(bytes: Uint8Array): string {
  return inGroups(toBase32(new Uint8Array([...bytes, ...sha256(bytes).subarray(0, CHECK_BYTES)])));
}

function fromPaper(typed: string): Uint8Array | null {
  const bytes = fromBase32(readBase32(typed));
  if (bytes === null || bytes.length <= CHECK_BYTES) return null;
  const content = bytes.slice(0, -CHECK_BYTES);
  const check = sha256(content);
  return bytes.subarray(-CHECK_BYTES).every((byte, at) => byte === check[at]) ? content : null;
}
