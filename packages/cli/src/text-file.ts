import { open } from "node:fs/promises";
import { CommandRefusal } from "./command.ts";

/** Bytes. Keys and certificates are far shorter, and a device or another file that was named by mistake may have no end. */
const LONGEST = 1 << 20;

/** A small text file, such as of keys. @throws {CommandRefusal} `code` when it cannot be read, or is longer than 1 MiB. */
export async function readText(path: string, code: string): Promise<string> {
  const text = await readBounded(path).catch(() => null);
  if (text === null) throw new CommandRefusal(code, `This file cannot be read, or is longer than 1 MiB: ${path}`);
  return text;
}

async function readBounded(path: string): Promise<string | null> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.alloc(LONGEST + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length);
      length += bytesRead;
      if (length > LONGEST) return null;
      if (bytesRead === 0) return bytes.toString("utf8", 0, length);
    }
  } finally {
    await file.close();
  }
}
