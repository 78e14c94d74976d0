import { Decrypter, Encrypter } from "age-encryption";
import { isRecipient } from "./age-identity.ts";

const SMALLEST = 1024;
const STEP = 65_536;
/** Stands for what nobody could open. */
const LOST = { by: "lost" };

/** Why something sealed could not be opened, or could not be sealed. */
export class SealRefusal extends Error {
  override readonly name = "SealRefusal";
  readonly code: "WRONG_KEY_OR_DAMAGED" | "NOT_A_RECIPIENT" | "NOT_OURS";
  constructor(code: SealRefusal["code"]) {
    super(code);
    this.code = code;
  }
}

/** The length a plaintext is filled up to, so that a ciphertext does not tell a short story from a long one. */
export function paddedLength(length: number): number {
  if (length > STEP) return Math.ceil(length / STEP) * STEP;
  let size = SMALLEST;
  while (size < length) size *= 2;
  return size;
}

/** Four bytes of length (big endian), the content, zeros. */
function pad(content: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedLength(content.length + 4));
  new DataView(padded.buffer).setUint32(0, content.length);
  padded.set(content, 4);
  return padded;
}

function unpad(padded: Uint8Array): Uint8Array {
  const length = padded.length < 4 ? -1 : new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (length < 0 || length > padded.length - 4) throw new SealRefusal("NOT_OURS");
  return padded.subarray(4, 4 + length);
}

/** Seals a JSON value with age to one or more recipients (age1…), padded. @throws {SealRefusal} `NOT_A_RECIPIENT`. */
export async function seal(value: unknown, recipients: readonly string[]): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  if (recipients.length === 0) throw new SealRefusal("NOT_A_RECIPIENT");
  for (const recipient of recipients) {
    if (!isRecipient(recipient)) throw new SealRefusal("NOT_A_RECIPIENT");
    encrypter.addRecipient(recipient);
  }
  return encrypter.encrypt(pad(new TextEncoder().encode(JSON.stringify(value))));
}

/** Opens what `seal` made. The value is foreign: check it before use. @throws {SealRefusal} `WRONG_KEY_OR_DAMAGED`, `NOT_OURS`. */
export async function openSealed(sealed: Uint8Array, identity: string): Promise<unknown> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const padded = await decrypter.decrypt(sealed).catch(() => {
    throw new SealRefusal("WRONG_KEY_OR_DAMAGED");
  });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unpad(padded)));
  } catch {
    throw new SealRefusal("NOT_OURS");
  }
}

/**
 * What `seal` made, sealed anew to somebody else. What cannot be opened any more becomes a mark, since keeping it under a key that nobody
 * holds would keep nothing.
 */
export async function reseal(sealed: Uint8Array, identity: string, recipient: string): Promise<Uint8Array> {
  return seal(await openSealed(sealed, identity).catch(() => LOST), [recipient]);
}
