import type { ChatFile, ChatFormat, Message } from "./model.ts";
import type { OpenChat } from "./open.ts";
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
      else fail(errorOf(data));
    };
    worker.onerror = () => fail(new Error("chat worker failed"));
  });
  say({ kind: "read", file, ...(format === undefined ? {} : { format }) });
  return reading.finally(() => worker.terminate());
}

function errorOf(said: FromChatWorker): Error {
  return said.kind === "refused" ? new ChatRefusal(said.reason) : new Error("chat worker failed");
}

/** An open export behind a worker; `close` ends it. */
export type ChatInWorker = OpenChat & { readonly close: () => void };

/**
 * Opens an export for choosing, off the page's own thread: `openChat` in a worker of `@jikim/evidence/chat/worker`, made by the page for
 * one file. Everything it answers throws `ChatRefusal` when the file changed or cannot be read. Questions wait for one another.
 *
 * @throws {ChatRefusal}
 */
export async function openChatInWorker(worker: Worker, file: Blob, format?: ChatFormat): Promise<ChatInWorker> {
  let turn: Promise<unknown> = Promise.resolve();
  const ask = <T>(asked: ToChatWorker, take: (said: FromChatWorker) => T | null): Promise<T> => {
    const asking = turn.then(
      () =>
        new Promise<T>((done, fail) => {
          worker.onmessage = ({ data }: MessageEvent<FromChatWorker>) => {
            const taken = take(data);
            if (taken === null) fail(errorOf(data));
            else done(taken);
          };
          worker.onerror = () => fail(new Error("chat worker failed"));
          worker.postMessage(asked);
        }),
    );
    turn = asking.catch(() => undefined);
    return asking;
  };
  const opened = ask({ kind: "open", file, ...(format === undefined ? {} : { format }) }, (said) =>
    said.kind === "opened" ? said.file : null,
  );
  const read = await opened.catch((error: unknown) => {
    worker.terminate();
    throw error;
  });
  return {
    file: read,
    rows: (from, count) => ask({ kind: "rows", from, count }, (said) => (said.kind === "rows" ? said.rows : null)),
    find: (wanted) => ask({ kind: "find", wanted }, (said) => (said.kind === "found" ? said.found : null)),
    show: (chosen, secret) =>
      ask({ kind: "show", chosen, ...(secret === undefined ? {} : { secret }) }, (said) =>
        said.kind === "shown" ? said.shown : null,
      ),
    close: () => worker.terminate(),
  };
}
