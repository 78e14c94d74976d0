import { createHash } from "node:crypto";
import type { Vault } from "../vault.ts";

/** What is kept of a return code's token (base64url, with or without its padding). */
export function keyOfToken(vault: Vault, token: string): Buffer {
  return vault.keyOf(token.replace("=", ""), "cases/token");
}

/** What is kept of a draft's token. */
export function keyOfDraftToken(vault: Vault, token: string): Buffer {
  return vault.keyOf(token.replace("=", ""), "draft/token");
}

/** What is kept of a random token of 256 bits that the server made: of a session, an invitation, the set-up. */
export function hashOfToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
