import { Decrypter } from "age-encryption";
import { createTarDecoder } from "modern-tar";
import { type Digests, openDigest } from "./digest.ts";

/** A pack as it was read: its small files whole, of the others what identifies them. */
export type ReadPack = {
  /** The folder all of it lies in. */
  readonly folder: string;
  /** Paths in the order in which they came. */
  readonly order: readonly string[];
  readonly digests: ReadonlyMap<string, Digests>;
  /** Content of the bag's own files, by path. */
  readonly tags: ReadonlyMap<string, Uint8Array>;
};

/** Why a pack could not be read to its end. */
export const READ_TROUBLES = ["WRONG_KEY", "NOT_A_PACK", "CUT_OR_ALTERED", "TWICE", "TOO_MANY_FILES"] as const;
export type ReadTrouble = (typeof READ_TROUBLES)[number];

const TAG_BYTES = 64 << 20;
const MOST_FILES = 20_000;

class Trouble extends Error {
  readonly code: ReadTrouble;
  constructor(code: ReadTrouble) {
    super(code);
    this.code = code;
  }
}

/**
 * Decrypts a pack and reads it once, keeping nothing but the bag's own files. Nothing of it may be used before the end was reached: a cut
 * stream shows only there.
 */
export async function readPack(
  pack: ReadableStream<Uint8Array>,
  identity: string,
): Promise<ReadPack | { readonly trouble: ReadTrouble }> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
  } catch {
    return { trouble: "WRONG_KEY" };
  }
  const opened = await decrypter.decrypt(pack).catch((error: Error) => error);
  if (opened instanceof Error)
    return { trouble: /header|version|parse/i.test(opened.message) ? "NOT_A_PACK" : "WRONG_KEY" };
  try {
    return await walk(opened);
  } catch (error) {
    return { trouble: error instanceof Trouble ? error.code : "CUT_OR_ALTERED" };
  }
}

async function walk(plain: ReadableStream<Uint8Array>): Promise<ReadPack> {
  const order: string[] = [];
  const digests = new Map<string, Digests>();
  const tags = new Map<string, Uint8Array>();
  let folder: string | null = null;
  let room = TAG_BYTES;
  const entries = plain.pipeThrough(createTarDecoder({ strict: true }) as ReadableWritablePair<Entry, Uint8Array>);
  for await (const { header, body } of streamed(entries)) {
    const [first = "", ...rest] = header.name.split("/");
    folder ??= first;
    const path = rest.join("/");
    if (first !== folder || path === "" || (header.type ?? "file") !== "file") throw new Trouble("NOT_A_PACK");
    if (digests.has(path)) throw new Trouble("TWICE");
    if (order.length >= MOST_FILES) throw new Trouble("TOO_MANY_FILES");
    order.push(path);
    const isTag = !path.startsWith("data/");
    if (isTag) room -= header.size;
    if (room < 0) throw new Trouble("NOT_A_PACK");
    const { content, ...identified } = await readBody(body, isTag);
    digests.set(path, identified);
    if (content !== null) tags.set(path, content);
  }
  if (folder === null) throw new Trouble("NOT_A_PACK");
  return { folder, order, digests, tags };
}

type Entry = {
  readonly header: { readonly name: string; readonly size: number; readonly type?: string };
  readonly body: ReadableStream<Uint8Array>;
};

async function readBody(
  body: ReadableStream<Uint8Array>,
  keep: boolean,
): Promise<Digests & { content: Uint8Array | null }> {
  const digest = openDigest();
  const parts: Uint8Array[] = [];
  for await (const part of streamed(body)) {
    digest.take(part);
    if (keep) parts.push(part.slice());
  }
  const whole = digest.end();
  return { ...whole, content: keep ? joined(parts, whole.bytes) : null };
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Not every browser can iterate a stream yet. */
async function* streamed<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
