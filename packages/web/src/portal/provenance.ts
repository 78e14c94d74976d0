import type { ProvenanceContent } from "../shared/provenance-content.ts";
import { startWorker } from "../shared/trusted-script.ts";
import { onLeave } from "./leave.ts";
import type { FileAsked, FileSaid } from "./provenance.worker.ts";
import workerUrl from "./provenance.worker.ts?worker&url";

/** A hostile or a very large file is given up after this. */
const MOST_MS = 90_000;

let worker: Worker | null = null;
onLeave(stopLooking);

export function stopLooking(): void {
  worker?.terminate();
  worker = null;
}

/** What a file says of where it comes from, read on this device by a worker that ends afterwards, or why it could not be read. */
export async function lookAtFile(file: Blob): Promise<ProvenanceContent | "EMPTY" | "TOO_LARGE" | "TROUBLE"> {
  stopLooking();
  const looking = startWorker(workerUrl);
  worker = looking;
  const cut = setTimeout(() => looking.dispatchEvent(new Event("error")), MOST_MS);
  try {
    const said = await new Promise<FileSaid>((done) => {
      looking.addEventListener("message", (event: MessageEvent<FileSaid>) => done(event.data));
      looking.addEventListener("error", () => done({ said: "refused", code: "TROUBLE" }));
      looking.postMessage({ file } satisfies FileAsked);
    });
    return said.said === "done" ? said.content : said.code;
  } finally {
    clearTimeout(cut);
    looking.terminate();
    if (worker === looking) worker = null;
  }
}
