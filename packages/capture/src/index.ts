import { fileURLToPath } from "node:url";

export { type CaptureRecord, type CaptureRequest, captureRecordSchema, type Resource } from "./record.ts";

/** The program that captures: to be run as a process of its own, with a request as JSON on its stdin. */
export const CAPTURE_PROGRAM = fileURLToPath(new URL("./main.ts", import.meta.url));

/** The program that prints documents of our own as PDF, with a request as JSON on its stdin. */
export const PRINT_PROGRAM = fileURLToPath(new URL("./print.ts", import.meta.url));
