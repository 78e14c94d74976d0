import { startWorker } from "../../shared/trusted-script.ts";
import type { OpenedExhibit } from "./packing.ts";
import type { PackingAsked, PackingSaid } from "./packing.worker.ts";
import workerUrl from "./packing.worker.ts?worker&url";
import { PackingRefusal } from "./packing-refusal.ts";

/** Opens exhibits and writes packs in a worker of its own. One question at a time; `close` forgets everything. */
export type Packer = {
  /** @throws {PackingRefusal} */
  open(exhibit: Extract<PackingAsked, { ask: "open" }>["exhibit"]): Promise<OpenedExhibit>;
  write(written: Omit<Extract<PackingAsked, { ask: "write" }>, "ask">): Promise<{ file: Blob; sha256: string }>;
  close(): void;
};

export function startPacker(): Packer {
  const worker = startWorker(workerUrl);
  const put = (asked: PackingAsked) =>
    new Promise<PackingSaid>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<PackingSaid>) => resolve(data);
      worker.onerror = () => reject(new Error("the packing worker ended"));
      worker.postMessage(asked);
    });
  const refuse = (said: PackingSaid): never => {
    if (said.said === "refused") throw new PackingRefusal(said.code, said.number);
    throw new Error("the pack was not written");
  };
  return {
    async open(exhibit) {
      const said = await put({ ask: "open", exhibit });
      return said.said === "opened" ? said.exhibit : refuse(said);
    },
    async write(written) {
      const said = await put({ ask: "write", ...written });
      return said.said === "written" ? said : refuse(said);
    },
    close: () => worker.terminate(),
  };
}
