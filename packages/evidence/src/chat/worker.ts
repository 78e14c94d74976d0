import type { ChatExport } from "./export.ts";
import type { ChatFile, ChatFormat, Message } from "./model.ts";
import { type OpenChat, openChat } from "./open.ts";
import { readChat } from "./read.ts";
import { type ChatReason, ChatRefusal } from "./refusal.ts";
import type { ChatFound, ChatRow, ChatSearch } from "./row.ts";

/**
 * To the worker: a file, once, to read or to open. When reading, `taken` for each `messages` that came, so that reading never runs ahead;
 * when it is open, one question at a time.
 */
export type ToChatWorker =
  | { readonly kind: "read"; readonly file: Blob; readonly format?: ChatFormat }
  | { readonly kind: "open"; readonly file: Blob; readonly format?: ChatFormat }
  | { readonly kind: "taken" }
  | { readonly kind: "rows"; readonly from: number; readonly count: number }
  | { readonly kind: "find"; readonly wanted: ChatSearch }
  | { readonly kind: "show"; readonly chosen: readonly number[]; readonly secret?: string };

/** From the worker. `failed` says nothing of the file: a bug, not the file's fault. */
export type FromChatWorker =
  | { readonly kind: "messages"; readonly messages: readonly Message[] }
  | { readonly kind: "done" | "opened"; readonly file: ChatFile }
  | { readonly kind: "rows"; readonly rows: ChatRow[] }
  | { readonly kind: "found"; readonly found: ChatFound }
  | { readonly kind: "shown"; readonly shown: ChatExport }
  | { readonly kind: "refused"; readonly reason: ChatReason }
  | { readonly kind: "failed" };

const MOST_WAITING = 4;
let waiting = 0;
let wake: () => void = () => undefined;
let chat: OpenChat | null = null;

const say = (message: FromChatWorker) => globalThis.postMessage(message);

async function read(file: Blob, format: ChatFormat | undefined): Promise<FromChatWorker> {
  const take = async (messages: readonly Message[]) => {
    say({ kind: "messages", messages });
    waiting++;
    while (waiting >= MOST_WAITING)
      await new Promise<void>((done) => {
        wake = done;
      });
  };
  return { kind: "done", file: await readChat(file, take, format) };
}

async function answer(asked: Exclude<ToChatWorker, { kind: "taken" }>): Promise<FromChatWorker> {
  if (asked.kind === "read") return read(asked.file, asked.format);
  if (asked.kind === "open") {
    chat = await openChat(asked.file, { format: asked.format });
    return { kind: "opened", file: chat.file };
  }
  if (chat === null) return { kind: "failed" };
  if (asked.kind === "rows") return { kind: "rows", rows: await chat.rows(asked.from, asked.count) };
  if (asked.kind === "find") return { kind: "found", found: await chat.find(asked.wanted) };
  return { kind: "shown", shown: await chat.show(asked.chosen, asked.secret) };
}

globalThis.addEventListener("message", ({ data }: MessageEvent<ToChatWorker>) => {
  if (data.kind === "taken") {
    waiting--;
    wake();
    return;
  }
  answer(data).then(say, (error: unknown) =>
    say(error instanceof ChatRefusal ? { kind: "refused", reason: error.reason } : { kind: "failed" }),
  );
});
