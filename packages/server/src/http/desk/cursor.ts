import { z } from "zod";
import { ServerRefusal } from "../../refusal.ts";
import type { QueueMark } from "../../store/queue.ts";

const markSchema = z.tuple([z.iso.datetime().nullable(), z.uuid()]);

/** A place in the queue as opaque text. */
export function writeCursor({ dueAt, id }: QueueMark): string {
  return Buffer.from(JSON.stringify([dueAt, id])).toString("base64url");
}

/** @throws {ServerRefusal} `BAD_REQUEST` when it is none of ours. */
export function readCursor(text: string): QueueMark {
  try {
    const [dueAt, id] = markSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return { dueAt, id };
  } catch {
    throw new ServerRefusal({ code: "BAD_REQUEST", field: "query.cursor" });
  }
}
