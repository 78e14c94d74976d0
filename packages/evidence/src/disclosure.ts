import { appendLeaf, isIncluded, leafHash, proveInclusion, type ReadHash, rootHash } from "@jikim/casework";
import { sha256 } from "@noble/hashes/sha2.js";
import { hex } from "@scure/base";

/**
 * Showing some of many messages so that it stays proved what was left out: a Merkle tree (RFC 6962) over all of them, each leaf salted
 * with 128 random bits, so that nobody can try which words a hidden one holds.
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

/** All messages of an export, committed to. Keep it with them: without the salts nothing can be shown later. */
export type Committed = Commitment & {
  /** 16 bytes each, hex; one for each message. */
  readonly salts: readonly string[];
};

const SALT_BYTES = 16;
const MOST_MESSAGES = 5_000_000;

/** @param salt  the leaf's own; random. */
export function leafOf(salt: Uint8Array, text: string): Uint8Array {
  const utf8 = new TextEncoder();
  const [use, content] = [utf8.encode("jikim/message/v1\n"), utf8.encode(text)];
  const bytes = new Uint8Array(use.length + salt.length + content.length);
  bytes.set(use);
  bytes.set(salt, use.length);
  bytes.set(content, use.length + salt.length);
  return sha256(bytes);
}

/** Every complete subtree by level; a tree of a million messages takes 64 MB. */
function treeOf(leaves: readonly Uint8Array[]): ReadHash {
  const levels: Uint8Array[][] = [];
  const readHash: ReadHash = (level, index) => levels[level]?.[index] ?? new Uint8Array();
  for (const [at, leaf] of leaves.entries())
    for (const { level, hash } of appendLeaf(sha256, readHash, at, leaf)) {
      levels[level] ??= [];
      levels[level].push(hash);
    }
  return readHash;
}

function leavesOf(texts: readonly string[], salts: readonly string[]): Uint8Array[] {
  return texts.map((text, at) => leafOf(hex.decode(salts[at] ?? ""), text));
}

/** @throws {RangeError} above five million messages. */
export function commitToAll(texts: readonly string[]): Committed {
  if (texts.length > MOST_MESSAGES) throw new RangeError("too many messages");
  const salts = texts.map(() => hex.encode(crypto.getRandomValues(new Uint8Array(SALT_BYTES))));
  const root = rootHash(sha256, treeOf(leavesOf(texts, salts)), texts.length);
  return { size: texts.length, root: hex.encode(root), salts };
}

/** Shows the messages at these places, in order. The others stay a hash each. @throws {RangeError} when there is no such message. */
export function disclose(texts: readonly string[], committed: Committed, places: readonly number[]): Disclosed[] {
  const readHash = treeOf(leavesOf(texts, committed.salts));
  return [...new Set(places)]
    .sort((a, b) => a - b)
    .map((index) => ({
      index,
      salt: committed.salts[index] ?? "",
      text: texts[index] ?? "",
      proof: proveInclusion(sha256, readHash, index, texts.length).map((hash) => hex.encode(hash)),
    }));
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
