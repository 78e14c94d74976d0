import type { ChatFile, ChatFormat, Message } from "./model.ts";
import { ChatRefusal } from "./refusal.ts";
import type { FromChatWorker, ToChatWorker } from "./worker.ts";

/**
 * The same as `readChat`, off the page's own thread. The worker is one of `@jikim/evidence/chat/worker`, made by the page, for one file;
 * it is ended afterwards.
 *
 * @throws {ChatRefusal}
 */
export function readChatInWorker(
  worker: Worker,
  file: Blob,
  take: (messages: readonly Message[]) => void,
  format?: ChatFormat,
): Promise<ChatFile> {
  const say = (message: ToChatWorker) => worker.postMessage(message);
  const reading = new Promise<ChatFile>((done, fail) => {
    worker.onmessage = ({ data }: MessageEvent<FromChatWorker>) => {
      if (data.kind === "messages") {
        take(data.messages);
        say({ kind: "taken" });
      } else if (data.kind === "done") done(data.file);
      else fail(data.kind === "refused" ? new ChatRefusal(data.reason) : new Error("chat worker failed"));
    };
    worker.onerror = () => fail(new Error("chat worker failed"));
  });
  say(format === undefined ? { kind: "read", file } : { kind: "read", file, format });
  return reading.finally(() => worker.terminate());
}
