import { createHash } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { MailBody } from "./body.ts";
import { type MailHead, readHead } from "./head.ts";

/** A foreign mail after reading. */
export type ReadMail = MailHead & MailBody & { /** SHA-256 of its source as read, hex. */ readonly digest: string };

export type MailReader = {
  /** Never throws for what a mail holds: a body that cannot be read in bounds is left out, and `cut` says so. */
  read(source: Buffer): Promise<ReadMail>;
  close(): Promise<void>;
};

/** The most of a mail that is fetched and read, in bytes; what is beyond is cut. Ours: mail servers take 10 to 25 MB. */
export const MOST_MAIL = 12 * 1024 * 1024;
/** Time for one body; a usual one takes a few milliseconds. */
const MOST_MS = 10_000;
const MOST_MEMORY_MB = 192;

const UNREAD: MailBody = { text: "", cut: true, parts: [], delivery: null, returned: [] };

/** Reads mails in a thread of its own, which is ended with the mail that it cannot cope with. */
export function openMailReader({ mostMs = MOST_MS }: { readonly mostMs?: number } = {}): MailReader {
  let worker: Worker | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const drop = async () => {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  };
  const readBody = async (form: Buffer, body: Buffer): Promise<MailBody> => {
    worker ??= startWorker();
    const read = await ask(worker, { form, body }, mostMs);
    if (read === "lost") await drop();
    return read === "lost" || read === null ? UNREAD : read;
  };
  return {
    read(source) {
      const whole = source.subarray(0, MOST_MAIL);
      const { head, form, bodyAt } = readHead(whole);
      const digest = createHash("sha256").update(whole).digest("hex");
      const reading = queue.then(() => readBody(form, whole.subarray(bodyAt)));
      queue = reading;
      return reading.then((body) => ({
        ...head,
        ...body,
        cut: body.cut || source.length > MOST_MAIL,
        digest,
      }));
    },
    close: () => queue.then(drop),
  };
}

function startWorker(): Worker {
  const worker = new Worker(join(import.meta.dirname, "body-worker.ts"), {
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    env: {},
    stdout: true,
    stderr: true,
  });
  worker.unref();
  // An end that comes later, by being terminated, is nobody's surprise.
  worker.on("error", () => undefined);
  return worker;
}

type Asked = { readonly form: Buffer; readonly body: Buffer };

/** @returns null when the body makes no sense; "lost" when the thread ended over it or took too long. */
function ask(worker: Worker, mail: Asked, mostMs: number): Promise<MailBody | null | "lost"> {
  return new Promise((resolve) => {
    const take = (read: MailBody | null) => end(read);
    const lose = () => end("lost");
    const end = (read: MailBody | null | "lost") => {
      clearTimeout(timer);
      worker.off("message", take).off("error", lose).off("exit", lose);
      resolve(read);
    };
    const timer = setTimeout(lose, mostMs);
    worker.on("message", take).on("error", lose).on("exit", lose);
    worker.postMessage(mail);
  });
}
