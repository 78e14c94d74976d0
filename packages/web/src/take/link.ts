import type { packs } from "@jikim/server/contract";
import { sha256 } from "@noble/hashes/sha2.js";
import { ask, NetworkLost, refusalOf } from "../shared/api.ts";

export type Take = packs.Take;

/** The token in a link, or in what somebody pasted: 128 bits, base64url, behind the last `#`. Null when there is none. */
export function readToken(text: string): string | null {
  return /(?:^|#)([\w-]{22})$/.exec(text.trim())?.[1] ?? null;
}

const headersOf = (token: string) => ({ authorization: `Take ${token}` });

/** What waits behind a link. @throws {ApiRefusal} NOT_FOUND, LINK_EXPIRED. @throws {NetworkLost} */
export const readTake = (token: string) => ask<Take>("/api/take", { headers: headersOf(token) });
export const sendReceipt = (token: string, receipt: { readonly number: string; readonly who: string }) =>
  ask<unknown>("/api/take/receipt", { method: "POST", body: receipt, headers: headersOf(token) });

/**
 * Fetches the sealed file and digests it on the way.
 * @param come  called with the bytes that came so far.
 * @throws {ApiRefusal} @throws {NetworkLost}
 */
export async function fetchSealed(
  token: string,
  come: (bytes: number) => void,
): Promise<{ readonly file: Blob; readonly sha256: string }> {
  const lost = () => {
    throw new NetworkLost();
  };
  const headers = { ...headersOf(token), "accept-language": document.documentElement.lang };
  const response = await fetch("/api/take/sealed", { headers, cache: "no-store", credentials: "omit" }).catch(lost);
  if (!response.ok || response.body === null)
    throw refusalOf(response.status, await response.json().catch(() => undefined));
  const digest = sha256.create();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  let bytes = 0;
  for (let next = await reader.read().catch(lost); !next.done; next = await reader.read().catch(lost)) {
    digest.update(next.value);
    parts.push(next.value);
    bytes += next.value.length;
    come(bytes);
  }
  const hex = [...digest.digest()].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { file: new Blob(parts, { type: "application/octet-stream" }), sha256: hex };
}
