import { fromBase64, toBase64 } from "./base64.ts";
import type { Tree } from "./log.ts";

/** Where a log stands (C2SP tlog-checkpoint): its name, how many leaves, and the root over them. */
export type Checkpoint = Tree & {
  /** The log's name, such as `centre.example/log`: no two logs share one. */
  readonly origin: string;
};

/** The text of a checkpoint, to be signed as a note. */
export function writeCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Null when it is none. Lines after the third are of others and are not looked at. */
export function readCheckpoint(text: string): Checkpoint | null {
  const [origin = "", size = "", encoded = ""] = text.split("\n");
  const root = fromBase64(encoded);
  if (origin === "" || !/^(0|[1-9]\d{0,15})$/.test(size) || root?.length !== 32) return null;
  const count = Number(size);
  return Number.isSafeInteger(count) ? { origin, size: count, root } : null;
}
