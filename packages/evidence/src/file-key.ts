import { Decrypter, Encrypter } from "age-encryption";
import { isRecipient, newAgeIdentity, recipientOf } from "./age-identity.ts";
import { openSealed, paddedLength, SealRefusal, seal } from "./seal.ts";

/** The key of one large file of a case: an age identity of its own, so that a new case key re-seals a few bytes and not the file. */
export type FileKey = { readonly identity: string; readonly recipient: string };

export async function newFileKey(): Promise<FileKey> {
  const identity = newAgeIdentity();
  return { identity, recipient: await recipientOf(identity) };
}

/** The key sealed to the case. @throws {SealRefusal} `NOT_A_RECIPIENT`. */
export function wrapFileKey({ identity }: FileKey, caseRecipient: string): Promise<Uint8Array> {
  return seal({ fileIdentity: identity }, [caseRecipient]);
}

/** The identity that opens the file. @throws {SealRefusal} `WRONG_KEY_OR_DAMAGED`, `NOT_OURS`. */
export async function unwrapFileKey(wrapped: Uint8Array, caseIdentity: string): Promise<string> {
  const value = await openSealed(wrapped, caseIdentity);
  if (typeof value === "object" && value !== null && "fileIdentity" in value && typeof value.fileIdentity === "string")
    return value.fileIdentity;
  throw new SealRefusal("NOT_OURS");
}

const SPACE = 0x20;
const SPACES = new Uint8Array(65_536).fill(SPACE);

/**
 * A text on its way into an age file, filled up with spaces so that the file does not tell how long it is.
 * @param text  in pieces, UTF-8. @throws {SealRefusal} `NOT_A_RECIPIENT`.
 */
export async function encryptText(
  text: ReadableStream<Uint8Array>,
  recipient: string,
): Promise<ReadableStream<Uint8Array>> {
  if (!isRecipient(recipient)) throw new SealRefusal("NOT_A_RECIPIENT");
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  let length = 0;
  const filledUp = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      length += bytes.length;
      controller.enqueue(bytes);
    },
    flush(controller) {
      for (let left = paddedLength(length) - length; left > 0; left -= SPACES.length)
        controller.enqueue(SPACES.slice(0, left));
    },
  });
  return encrypter.encrypt(text.pipeThrough(filledUp));
}

/** The text without the spaces. @throws {SealRefusal} `WRONG_KEY_OR_DAMAGED`, `NOT_OURS` when it is not UTF-8. */
export async function decryptText(sealed: ReadableStream<Uint8Array>, identity: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  try {
    const opened = await decrypter.decrypt(sealed);
    for (let reader = opened.getReader(), next = await reader.read(); !next.done; next = await reader.read())
      parts.push(new Uint8Array(next.value));
  } catch {
    throw new SealRefusal("WRONG_KEY_OR_DAMAGED");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(parts).arrayBuffer()).trimEnd();
  } catch {
    throw new SealRefusal("NOT_OURS");
  }
}
