import { decryptText, unwrapFileKey } from "@jikim/evidence";
import { type ChatPart, findUnproved, originalHash } from "@jikim/evidence/chat";
import { sha256 } from "@noble/hashes/sha2.js";
import { fromBase64url } from "../../shared/base64url.ts";
import { readChatOriginal, readChatPart, readShown, type ShownMessage } from "../../shared/chat-files.ts";
import { askFile } from "../../shared/file-transfer.ts";
import type { CaseFile } from "../case-file.ts";
import type { Chat } from "./evidence-work.ts";

/** A chat as opened in this browser. `holds`: it is what she sent that day, and every message proves its place among all. */
export type ReadChat = {
  readonly holds: boolean;
  readonly part: ChatPart;
  readonly messages: readonly ShownMessage[];
};

/** Fetches a chat and opens it with the case key; the server records it, and she reads so. Null: it does not open. */
export async function readChat(file: CaseFile, chat: Chat): Promise<ReadChat | null> {
  const text = await openFile(file, chat, "part");
  const part = text === null ? null : readChatPart(text);
  if (text === null || part === null) return null;
  const digest = [...sha256(new TextEncoder().encode(text))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const { size, root } = chat.commitment;
  const isSame = digest === chat.digest && part.commitment.size === size && part.commitment.root === root;
  const messages = part.shown.flatMap((one) => readShown(one.index, one.text) ?? []);
  return { holds: isSame && findUnproved(part)?.length === 0, part, messages };
}

/** What stood in the messages before numbers were hidden, by place; only what proves to be the same message. Null: it does not open. */
export async function readHidden(
  file: CaseFile,
  chat: Chat,
  { part }: ReadChat,
): Promise<ReadonlyMap<number, string> | null> {
  const text = await openFile(file, chat, "original");
  const read = text === null ? null : readChatOriginal(text);
  if (read === null) return null;
  const hashes = new Map(part.shown.map(({ index, text: shown }) => [index, hashIn(shown)]));
  const proved = read.original.filter((one) => hashes.get(one.index) === originalHash(one.salt, one.text));
  return new Map(proved.map((one) => [one.index, readShown(one.index, one.text)?.text ?? ""]));
}

function hashIn(shown: string): unknown {
  const value: unknown = JSON.parse(shown);
  return typeof value === "object" && value !== null && "original" in value ? value.original : null;
}

async function openFile(file: CaseFile, chat: Chat, name: "part" | "original"): Promise<string | null> {
  const wrapped = file.case.fileKeys.find(({ id }) => id === chat[name].id);
  if (wrapped === undefined) return null;
  const sealed = await askFile(`/api/desk/cases/${file.case.id}/chats/${chat.id}/${name}`);
  const identity = await unwrapFileKey(fromBase64url(wrapped.sealed), file.key.identity).catch(() => null);
  return identity === null ? null : decryptText(sealed.stream(), identity).catch(() => null);
}
