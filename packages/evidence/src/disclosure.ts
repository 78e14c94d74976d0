import { isIncluded, leafHash, proveInclusion, rootHash } from "@jikim/casework";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "@scure/base";
import { MOST_MESSAGES } from "./chat/limit.ts";
import { growTree } from "./tree.ts";

/**
 * Showing some of many messages so that it stays proved what was left out: a Merkle tree (RFC 6962) over all of them, each leaf salted
 * with 128 bits, so that nobody can try which words a hidden one holds.
 */

/** What stands for all messages: how many, and the root over them. It is signed with the pack. */
export type Commitment = { readonly size: number; readonly root: string };

/** A message that is shown, with what proves its place. Hashes in hex, from the leaf upwards. */
export type Disclosed = {
  readonly index: number;
  readonly salt: string;
  readonly text: string;
  readonly proof: readonly string[];
};

const SALT_BYTES = 16;
const SECRET_BYTES = 32;

/**
 * Gives every message its salt out of one secret: the first 128 bits of HMAC-SHA-256 (RFC 2104) over use and place. As good as one drawn
 * for each: under a random key of 256 bits HMAC-SHA-256 is a pseudorandom function (Bellare, CRYPTO 2006), so whoever can tell these salts
 * from random ones, or any number of shown ones brings nearer to a hidden one, has broken it. One secret is kept instead of millions of
 * salts. Whoever has it can try guesses at what was left out, as with the salts themselves.
 */
export function saltsOf(secret: Uint8Array, use: "message" | "original"): (index: number) => Uint8Array {
  if (secret.length !== SECRET_BYTES) throw new RangeError("a secret has 32 bytes");
  const keyed = hmac.create(sha256, secret).update(new TextEncoder().encode(`jikim/${use}-salt/v1\n`));
  const place = new Uint8Array(8);
  const view = new DataView(place.buffer);
  return (index) => {
    view.setBigUint64(0, BigInt(index));
    return keyed.clone().update(place).digest().subarray(0, SALT_BYTES);
  };
}

/** 32 random bytes. */
export function newSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

const utf8 = new TextEncoder();
const USE = utf8.encode("jikim/message/v1\n");

/** @param salt  the leaf's own. */
export function leafOf(salt: Uint8Array, text: string): Uint8Array {
  const content = utf8.encode(text);
  const bytes = new Uint8Array(USE.length + salt.length + content.length);
  bytes.set(USE);
  bytes.set(salt, USE.length);
  bytes.set(content, USE.length + salt.length);
  return sha256(bytes);
}

/** A commitment in the making: it takes message after message and keeps those that are to be shown, and of the others some hashes. */
export type Committing = {
  /** The next message. @throws {RangeError} above twelve million. */
  readonly add: (text: string) => void;
  /** @throws {RangeError} when a place that was to be shown did not come. */
  readonly end: () => { readonly commitment: Commitment; readonly shown: Disclosed[] };
};

/** @param shown  places of the messages that are to be shown. */
export function openCommitment(secret: Uint8Array, shown: ReadonlySet<number>): Committing {
  const saltOf = saltsOf(secret, "message");
  const tree = growTree(shown);
  const texts = new Map<number, string>();
  return {
    add(text) {
      const index = tree.size();
      if (index >= MOST_MESSAGES) throw new RangeError("too many messages");
      tree.add(leafOf(saltOf(index), text));
      if (shown.has(index)) texts.set(index, text);
    },
    end() {
      const size = tree.size();
      for (const index of shown) if (!texts.has(index)) throw new RangeError("no such message");
      const disclosed = [...texts].map(([index, text]) => ({
        index,
        salt: hex.encode(saltOf(index)),
        text,
        proof: proveInclusion(sha256, tree.readHash, index, size).map((hash) => hex.encode(hash)),
      }));
      return { commitment: { size, root: hex.encode(rootHash(sha256, tree.readHash, size)) }, shown: disclosed };
    },
  };
}

/** Whether this message stands at this place among all those committed to. */
export function isDisclosed({ size, root }: Commitment, { index, salt, text, proof }: Disclosed): boolean {
  try {
    const leaf = leafHash(sha256, leafOf(hex.decode(salt), text));
    return isIncluded(
      sha256,
      { index, size, root: hex.decode(root), leaf },
      proof.map((hash) => hex.decode(hash)),
    );
  } catch {
    return false;
  }
}
