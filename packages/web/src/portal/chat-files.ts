import { type CaseKey, encryptText, newFileKey, seal, wrapFileKey } from "@jikim/evidence";
import type { ChatExport } from "@jikim/evidence/chat";
import type { chats } from "@jikim/server/contract";
import { sha256 } from "@noble/hashes/sha2.js";
import { toBase64url } from "../shared/base64url.ts";
import type { ChatOriginal } from "../shared/chat-files.ts";

/** A chat that is sealed and ready to go: what is said of it, and its two files. */
export type SealedChat = { readonly told: chats.ChatPost; readonly files: Readonly<Record<chats.ChatFileName, Blob>> };

/** Seals what she shows, on her device. The words of the others are in none of it. */
export async function sealChat(
  id: string,
  { part, original, secret }: ChatExport,
  { key, keyVersion }: { readonly key: CaseKey; readonly keyVersion: number },
): Promise<SealedChat> {
  const text = JSON.stringify(part);
  const shownBefore: ChatOriginal = { version: 1, original };
  const [partFile, originalFile] = [
    await sealFile(text, key.recipient),
    await sealFile(JSON.stringify(shownBefore), key.recipient),
  ];
  const told = {
    ...{ id, keyVersion, commitment: { ...part.commitment }, shown: part.shown.length },
    digest: hexOf(sha256(new TextEncoder().encode(text))),
    hers: toBase64url(await seal({ secret }, [key.survivorRecipient])),
    ...{ part: partFile.told, original: originalFile.told },
  };
  return { told, files: { part: partFile.sealed, original: originalFile.sealed } };
}

async function sealFile(text: string, caseRecipient: string) {
  const key = await newFileKey();
  const stream = await encryptText(new Blob([text]).stream(), key.recipient);
  const sealed = await new Response(stream).blob();
  return { sealed, told: { id: crypto.randomUUID(), key: toBase64url(await wrapFileKey(key, caseRecipient)) } };
}

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
