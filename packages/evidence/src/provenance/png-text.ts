import type { NotChecked } from "./report.ts";

/** A field of text in a file: its place and its text. */
export type Field = { readonly where: string; readonly text: string };

/** More text than a picture's prompt or workflow needs; what a chunk inflates to beyond it is not read. */
export const MOST_TEXT = 4 * 2 ** 20;
const MOST_CHUNKS = 10_000;
const MOST_INFLATED_CHUNKS = 16;

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
      if (length > MOST_TEXT) {
        await reader.cancel();
        return null;
      }
    }
    return await new Blob(parts as Uint8Array<ArrayBuffer>[]).text();
  } catch {
    return null;
  }
}

/** Where the compressed text starts in a zTXt or iTXt chunk (PNG 3, 11.3.3); null when it holds none. */
function compressedStart(kind: string, body: Uint8Array, nameEnd: number): number | null {
  if (kind === "zTXt") return nameEnd + 2;
  if (body[nameEnd + 1] !== 1) return null;
  const language = body.indexOf(0, nameEnd + 3);
  const translated = language < 0 ? -1 : body.indexOf(0, language + 1);
  return translated < 0 ? null : translated + 1;
}

/** The compressed text chunks of a PNG, each inflated within bounds; exifreader would inflate without any. */
export async function readCompressedText(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ readonly fields: readonly Field[]; readonly notChecked: readonly NotChecked[] }> {
  const fields: Field[] = [];
  let left = false;
  let inflated = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 8, chunk = 0; at + 12 <= bytes.length && chunk < MOST_CHUNKS; chunk++) {
    const length = view.getUint32(at);
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    at += 12 + length;
    if (kind !== "zTXt" && kind !== "iTXt") continue;
    const nameEnd = body.indexOf(0);
    const start = nameEnd < 1 || nameEnd > 79 ? null : compressedStart(kind, body, nameEnd);
    if (start === null) continue;
    const text = inflated++ < MOST_INFLATED_CHUNKS ? await inflate(body.slice(start)) : null;
    left ||= text === null;
    const name = String.fromCharCode(...body.subarray(0, nameEnd));
    fields.push({ where: `png:${name}`, text: text ?? "" });
  }
  return { fields, notChecked: left ? [{ what: "compressed-text", why: "TOO_LARGE" }] : [] };
}
