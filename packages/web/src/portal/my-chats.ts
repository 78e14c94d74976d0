import { keysOfReturnCode } from "@jikim/evidence";
import type { ChatExport } from "@jikim/evidence/chat";
import type { chats } from "@jikim/server/contract";
import { ApiRefusal, ask } from "../shared/api.ts";
import { sendFile } from "../shared/file-transfer.ts";
import type { CaseFile } from "./case-file.ts";
import { type SealedChat, sealChat } from "./chat-files.ts";
import { caseFile, refreshCase } from "./my-case.svelte.ts";

/** What she chose makes a larger file than there is room for. */
export class ChatTooLarge extends Error {
  override readonly name = "ChatTooLarge";
}

function mine(): CaseFile {
  const file = caseFile();
  if (file === null) throw new Error("no case is open");
  return file;
}

const headersOf = ({ code }: CaseFile) => ({ authorization: `Return ${keysOfReturnCode(code).token}` });

/** The chats she sent. */
export function readMyChats(): Promise<chats.MyChats> {
  return ask<chats.MyChats>("/api/my/chats", { headers: headersOf(mine()) });
}

/** She takes a chat back (`leave`), or not after all (`keep`). */
export function changeMyChat(id: string, to: "leave" | "keep"): Promise<chats.MyChats> {
  const headers = headersOf(mine());
  return ask<chats.MyChats>(`/api/my/chats/${id}/${to}`, { method: "POST", headers, body: {} });
}

type Sending = { readonly onShare: (share: number) => void; readonly signal: AbortSignal };

/**
 * Seals a chat and sends it; sealed again when the case key was changed meanwhile. The same `id` twice is one chat.
 * @throws {ChatTooLarge} @throws {ApiRefusal} @throws {NetworkLost}
 */
export async function sendChat(id: string, content: ChatExport, sending: Sending): Promise<void> {
  const room = await readMyChats();
  if (room.chats.some((chat) => chat.id === id)) return;
  for (let tries = 0; ; tries++) {
    const { key, my } = mine();
    const sealed = await sealChat(id, content, { key, keyVersion: my.keyVersion });
    if (Math.max(sealed.files.part.size, sealed.files.original.size) > room.mostFileBytes) throw new ChatTooLarge();
    try {
      return await sendSealed(sealed, sending);
    } catch (error) {
      const isOld = error instanceof ApiRefusal && (error.code === "KEY_CHANGED" || error.code === "NOT_FOUND");
      if (!isOld || tries >= 2) throw error;
      await refreshCase();
    }
  }
}

async function sendSealed({ told, files }: SealedChat, { onShare, signal }: Sending): Promise<void> {
  const headers = headersOf(mine());
  await ask("/api/my/chats", { method: "POST", headers, body: told, signal });
  const bytes = files.part.size + files.original.size;
  let before = 0;
  for (const name of ["original", "part"] as const) {
    const file = files[name];
    const path = `/api/my/chats/${told.id}/files/${name}` as const;
    await sendFile(path, file, headers, (share) => onShare((before + share * file.size) / bytes));
    if (signal.aborted) return;
    before += file.size;
  }
}
