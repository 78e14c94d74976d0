import { manifestSchema, type PackManifest } from "./manifest.ts";
import { type OpenedPack, openPack, PackTrouble, type ReadTrouble, wholeOf } from "./open.ts";

/** A pack as it was read: its small files whole, of the others what identifies them. */
export type ReadPack = OpenedPack & {
  /** Content of the bag's own files, and of what exhibits need to be checked, by path. */
  readonly tags: ReadonlyMap<string, Uint8Array>;
};

const TAG_BYTES = 64 << 20;
/** An exhibit's own seal, the part of a chat that is shown, what was done with it, and marks that were read of a file: they are checked by what they say. */
const TELLING = /^data\/((exhibits\/\d{1,4}\/)?(seal\/[\w.-]+|chat\.json)|custody\.jsonl|marks\/[\w-]+\.json)$/;
/** Chats that do not fit are said to be too large to be checked. */
const TELLING_BYTES = 256 << 20;

/**
 * Decrypts a pack and reads it once, keeping nothing but the bag's own files and those that exhibits are checked by. Nothing of it may be
 * used before the end was reached: a cut stream shows only there.
 */
export async function readPack(
  pack: ReadableStream<Uint8Array>,
  identity: string,
): Promise<ReadPack | { readonly trouble: ReadTrouble }> {
  const tags = new Map<string, Uint8Array>();
  let [room, dataRoom] = [TAG_BYTES, TELLING_BYTES];
  const opened = await openPack(pack, identity, async (file) => {
    const isTag = !file.path.startsWith("data/");
    if (isTag) room -= file.bytes;
    else if (TELLING.test(file.path) && file.bytes <= dataRoom) dataRoom -= file.bytes;
    else return;
    if (room < 0) throw new PackTrouble("NOT_A_PACK");
    tags.set(file.path, await wholeOf(file, file.bytes));
  });
  return "trouble" in opened ? opened : { ...opened, tags };
}

export function textOf({ tags }: ReadPack, path: string): string | null {
  const bytes = tags.get(path);
  if (bytes === undefined) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function jsonOf(pack: ReadPack, path: string): unknown {
  try {
    return JSON.parse(textOf(pack, path) ?? "");
  } catch {
    return null;
  }
}

export function manifestOf(pack: ReadPack): PackManifest | null {
  const read = manifestSchema.safeParse(jsonOf(pack, "seal/manifest.json"));
  return read.success ? read.data : null;
}
