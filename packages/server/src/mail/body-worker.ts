/** A thread that reads bodies of foreign mail, one at a time, and can be ended from outside. */
import { parentPort } from "node:worker_threads";
import { readBody } from "./body.ts";

parentPort?.on("message", ({ form, body }: { readonly form: Uint8Array; readonly body: Uint8Array }) => {
  readBody(Buffer.from(form), Buffer.from(body)).then(
    (read) => parentPort?.postMessage(read),
    // What it held is nobody's business here; the one who asked learns that it could not be read.
    () => parentPort?.postMessage(null),
  );
});
