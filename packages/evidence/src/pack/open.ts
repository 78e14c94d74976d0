import { Decrypter } from "age-encryption";
import { createTarDecoder } from "modern-tar";
import { type Digests, openDigest } from "./digest.ts";

/** A file of a pack while it passes by. */
export type PackedFile = {
  /** Inside the pack's folder, such as `data/page.txt` or `seal/manifest.json`. */
  readonly path: string;
  readonly bytes: number;
  /** Its bytes as they come, once; what is not asked for is read past. */
  read(): AsyncIterable<Uint8Array>;
};

/** A pack that was read to its end. */
export type OpenedPack = {
  /** The folder all of it lies in. */
  readonly folder: string;
  /** Paths in the order in which they came. */
  readonly order: readonly string[];
  readonly digests: ReadonlyMap<string, Digests>;
};

/** Why a pack could not be read to its end. */
export const READ_TROUBLES = ["WRONG_KEY", "NOT_A_PACK", "CUT_OR_ALTERED", "TWICE", "TOO_MANY_FILES"] as const;
export type ReadTrouble = (typeof READ_TROUBLES)[number];

const MOST_FILES = 20_000;

/** Thrown inside a walk through a pack, also by `take` when a file is not what it must be. */
export class PackTrouble extends Error {
  readonly code: ReadTrouble;
  constructor(code: ReadTrouble) {
    super(code);
    this.code = code;
  }
}

/**
 * Decrypts a pack and hands over file after file, as a stream, in the browser and in Node; nothing is kept but names and digests. What
 * `take` was given may be used only after the end was reached without trouble: a cut or altered stream shows only there, and whether the
 * files are those that were sealed only `verifyPack` says. What `take` throws comes out, a `PackTrouble` as its trouble.
 *
 * @param identity  age secret key.
 */
export async function openPack(
  pack: ReadableStream<Uint8Array>,
  identity: string,
  take: (file: PackedFile) => void | Promise<void>,
): Promise<OpenedPack | { readonly trouble: ReadTrouble }> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
  } catch {
    return { trouble: "WRONG_KEY" };
  }
  const opened = await decrypter.decrypt(pack).catch((error: Error) => error);
  if (opened instanceof Error) return { trouble: whyClosed(opened.message) };
  let fromTaker: { readonly error: unknown } | null = null;
  const taking = async (file: PackedFile) => {
    try {
      await take(file);
    } catch (error) {
      if (!(error instanceof PackTrouble) && !isOfStream(error)) fromTaker ??= { error };
      throw error;
    }
  };
  try {
    return await walk(opened, taking);
  } catch (error) {
    const thrown = fromTaker as { readonly error: unknown } | null;
    if (thrown !== null) throw thrown.error;
    return { trouble: error instanceof PackTrouble ? error.code : "CUT_OR_ALTERED" };
  }
}

/** By the words of age-encryption: a header that was cut is no sign of a wrong key. */
function whyClosed(message: string): ReadTrouble {
  if (/stream ended|stanza|HMAC/i.test(message)) return "CUT_OR_ALTERED";
  return /header|version|parse/i.test(message) ? "NOT_A_PACK" : "WRONG_KEY";
}

/** Errors of the stream that pass through the taker's hands while it reads. */
const ofStream = new WeakSet<object>();
const isOfStream = (error: unknown) => typeof error === "object" && error !== null && ofStream.has(error);

/** The whole of a small file. @throws {PackTrouble} `NOT_A_PACK` when it is longer than `most` bytes. */
export async function wholeOf(file: PackedFile, most: number): Promise<Uint8Array> {
  if (file.bytes > most) throw new PackTrouble("NOT_A_PACK");
  const whole = new Uint8Array(file.bytes);
  let at = 0;
  for await (const part of file.read()) {
    if (at + part.length > whole.length) throw new PackTrouble("CUT_OR_ALTERED");
    whole.set(part, at);
    at += part.length;
  }
  if (at !== whole.length) throw new PackTrouble("CUT_OR_ALTERED");
  return whole;
}

type Entry = {
  readonly header: { readonly name: string; readonly size: number; readonly type?: string };
  readonly body: ReadableStream<Uint8Array>;
};

async function walk(plain: ReadableStream<Uint8Array>, take: (file: PackedFile) => Promise<void>): Promise<OpenedPack> {
  const order: string[] = [];
  const digests = new Map<string, Digests>();
  let folder: string | null = null;
  const entries = plain.pipeThrough(createTarDecoder({ strict: true }) as ReadableWritablePair<Entry, Uint8Array>);
  for await (const { header, body } of streamed(entries)) {
    const [first = "", ...rest] = header.name.split("/");
    folder ??= first;
    const path = rest.join("/");
    if (first !== folder || path === "" || (header.type ?? "file") !== "file") throw new PackTrouble("NOT_A_PACK");
    if (digests.has(path)) throw new PackTrouble("TWICE");
    if (order.length >= MOST_FILES) throw new PackTrouble("TOO_MANY_FILES");
    order.push(path);
    const passing = digested(body);
    await take({ path, bytes: header.size, read: passing.read });
    digests.set(path, await passing.end());
  }
  if (folder === null) throw new PackTrouble("NOT_A_PACK");
  return { folder, order, digests };
}

/** Digests a body while somebody reads it, and whatever they left. */
function digested(body: ReadableStream<Uint8Array>) {
  const digest = openDigest();
  const chunks = streamed(body);
  const read = async function* (): AsyncGenerator<Uint8Array> {
    // Not `for await`: a reader who stops early must not end the stream.
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      digest.take(next.value);
      yield next.value;
    }
  };
  return {
    read,
    async end(): Promise<Digests> {
      for await (const _ of read());
      return digest.end();
    },
  };
}

/** Not every browser can iterate a stream yet. */
async function* streamed<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        if (typeof error === "object" && error !== null) ofStream.add(error);
        throw error;
      });
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
