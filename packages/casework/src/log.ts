/**
 * The append-only Merkle log (RFC 6962 §2.1; C2SP tlog-tiles). Pure: the hash comes in, hashes are read through a function, and
 * what must be stored is returned.
 */

export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** The hash of a complete subtree: `level` 0 are leaves; `index` counts subtrees of that level from the left. */
export type ReadHash = (level: number, index: number) => Uint8Array;

/** A hash that an append completes, to be stored under its level and index. */
export type StoredHash = { readonly level: number; readonly index: number; readonly hash: Uint8Array };

/** RFC 6962: a leaf is hashed with a leading 0, so that it can never pass for a node. */
export function leafHash(sha256: Sha256, leaf: Uint8Array): Uint8Array {
  return sha256(joined(Uint8Array.of(0), leaf));
}

export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joined(Uint8Array.of(1), left, right));
}

/**
 * The hashes that come into being when a leaf is appended to a tree of `size` leaves, the leaf's own first.
 * @param readHash  gives the complete subtrees stored before.
 */
export function appendLeaf(sha256: Sha256, readHash: ReadHash, size: number, leaf: Uint8Array): StoredHash[] {
  let [level, index, hash] = [0, size, leafHash(sha256, leaf)];
  const stored: StoredHash[] = [{ level, index, hash }];
  while (index % 2 === 1) {
    hash = nodeHash(sha256, readHash(level, index - 1), hash);
    level += 1;
    index = (index - 1) / 2;
    stored.push({ level, index, hash });
  }
  return stored;
}

/** The root of the first `size` leaves; the hash of nothing when empty. */
export function rootHash(sha256: Sha256, readHash: ReadHash, size: number): Uint8Array {
  return size === 0 ? sha256(new Uint8Array()) : rangeHash(sha256, readHash, 0, size);
}

/** Hash of the leaves from `start` to `end`, where the range is one that a tree of any size splits into. */
function rangeHash(sha256: Sha256, readHash: ReadHash, start: number, end: number): Uint8Array {
  const count = end - start;
  const level = Math.log2(count);
  if (Number.isInteger(level)) return readHash(level, start / count);
  const middle = start + splitOf(count);
  return nodeHash(sha256, rangeHash(sha256, readHash, start, middle), rangeHash(sha256, readHash, middle, end));
}

/** The largest power of two below a count of two or more. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/**
 * The hashes that prove leaf `index` is in the tree of `size` leaves, from the leaf upwards (RFC 6962 §2.1.1).
 * @throws {RangeError} when there is no such leaf.
 */
export function proveInclusion(sha256: Sha256, readHash: ReadHash, index: number, size: number): Uint8Array[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError("no such leaf");
  const walk = (start: number, end: number): Uint8Array[] => {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...walk(start, middle), rangeHash(sha256, readHash, middle, end)]
      : [...walk(middle, end), rangeHash(sha256, readHash, start, middle)];
  };
  return walk(0, size);
}

/** What an inclusion proof claims: this leaf hash stands at this place in the tree of this size and root. */
export type Inclusion = {
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly leaf: Uint8Array;
};

/** Checks an inclusion proof (RFC 9162 §2.1.3.2). False for any proof that does not hold, however malformed. */
export function isIncluded(
  sha256: Sha256,
  { index, size, root, leaf }: Inclusion,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const step of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sha256, step, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else hash = nodeHash(sha256, hash, step);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(hash, root);
}

/**
 * The hashes that prove that a tree of `size` leaves only added to one of `oldSize` (RFC 6962 §2.1.2); empty when they are the same.
 * @throws {RangeError} when the old tree is empty or the larger one.
 */
export function proveConsistency(sha256: Sha256, readHash: ReadHash, oldSize: number, size: number): Uint8Array[] {
  if (!Number.isSafeInteger(oldSize) || oldSize < 1 || oldSize > size) throw new RangeError("no such older tree");
  const walk = (start: number, end: number, isWhole: boolean): Uint8Array[] => {
    if (end === oldSize) return isWhole ? [] : [rangeHash(sha256, readHash, start, end)];
    const middle = start + splitOf(end - start);
    return oldSize <= middle
      ? [...walk(start, middle, isWhole), rangeHash(sha256, readHash, middle, end)]
      : [...walk(middle, end, false), rangeHash(sha256, readHash, start, middle)];
  };
  return walk(0, size, true);
}

export type Tree = { readonly size: number; readonly root: Uint8Array };

/** Checks that `later` only adds to `earlier` (RFC 9162 §2.1.4.2): false for a fork, a step back or a malformed proof. */
export function isConsistent(sha256: Sha256, earlier: Tree, later: Tree, proof: readonly Uint8Array[]): boolean {
  if (earlier.size < 1 || earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && same(earlier.root, later.root);
  const isPowerOfTwo = Number.isInteger(Math.log2(earlier.size));
  const [first, ...rest] = isPowerOfTwo ? [earlier.root, ...proof] : proof;
  if (first === undefined) return false;
  let [at, last] = [earlier.size - 1, later.size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [old, now] = [first, first];
  for (const step of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [old, now] = [nodeHash(sha256, step, old), nodeHash(sha256, step, now)];
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else now = nodeHash(sha256, now, step);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(old, earlier.root) && same(now, later.root);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
