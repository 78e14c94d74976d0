import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

/**
 * What the running server can read and a stolen database cannot: places, fingerprints, codes, letters. The data key (32 bytes)
 * lies outside the database.
 */
export type Vault = {
  /** AES-256-GCM, padded; `context` names table, column and row, so that a ciphertext moved elsewhere does not open. */
  seal(value: unknown, context: string): Buffer;
  /** @throws when damaged or of another context: a bug or tampering, never user input. */
  open(sealed: Buffer, context: string): unknown;
  /** HMAC-SHA-256 for equality look-ups; `use` keeps columns apart. */
  keyOf(text: string, use: string): Buffer;
};

const NONCE = 12;
const TAG = 16;
const PAD = 256;

export function openVault(dataKey: Buffer): Vault {
  if (dataKey.length !== 32) throw new Error("the data key has 32 bytes");
  const derive = (use: string) => Buffer.from(hkdfSync("sha256", dataKey, "", `jikim/data-key/${use}/v1`, 32));
  const [sealKey, hashKey] = [derive("seal"), derive("hash")];
  return {
    seal(value, context) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", sealKey, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(pad(JSON.stringify(value))), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, context) {
      const decipher = createDecipheriv("aes-256-gcm", sealKey, sealed.subarray(0, NONCE)).setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(-TAG));
      const padded = Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
      return JSON.parse(padded.subarray(4, 4 + padded.readUInt32BE(0)).toString("utf8"));
    },
    keyOf: (text, use) => createHmac("sha256", hashKey).update(`${use}\n${text}`).digest(),
  };
}

/** Four bytes of length, the text, zeros up to a multiple of 256: the length of a URL does not show. */
function pad(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const padded = Buffer.alloc(Math.ceil((length + 4) / PAD) * PAD);
  padded.writeUInt32BE(length);
  padded.write(text, 4);
  return padded;
}
