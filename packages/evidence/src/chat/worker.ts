import type { ChatFile, ChatFormat, Message } from "./model.ts";
import { readChat } from "./read.ts";
import { type ChatReason, ChatRefusal } from "./refusal.ts";

/** To the worker: a file to read, once; then `taken` for each `messages` that came, so that reading never runs ahead. */
export type ToChatWorker =
  | { readonly kind: "read"; readonly file: Blob; readonly format?: ChatFormat }
  | { readonly kind: "taken" };

/** From the worker. `failed` says nothing of the file: a bug, not the file's fault. */
export type FromChatWorker =
  | { readonly kind: "messages"; readonly messages: readonly Message[] }
  | { readonly kind: "done"; readonly file: ChatFile }
  | { readonly kind: "refused"; readonly reason: ChatReason }
  | { readonly kind: "failed" };

const MOST_WAITING = 4;
let waiting = 0;
let wake: () => void = () => undefined;

const say = (message: FromChatWorker) => globalThis.postMessage(message);

async function read(file: Blob, format: ChatFormat | undefined): Promise<void> {
  const take = async (messages: readonly Message[]) => {
    say({ kind: "messages", messages });
    waiting++;
    while (waiting >= MOST_WAITING)
      await new Promise<void>((done) => {
        wake = done;
      });
  };
  try {
    say({ kind: "done", file: await readChat(file, take, format) });
  } catch (error) {
    say(error instanceof ChatRefusal ? { kind: "refused", reason: error.reason } : { kind: "failed" });
  }
}

globalThis.addEventListener("message", ({ data }: MessageEvent<ToChatWorker>) => {
  if (data.kind === "read") void read(data.file, data.format);
  else {
    waiting--;
    wake();
  }
});
