import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  appendLeaf,
  isConsistent,
  isIncluded,
  leafHash,
  proveConsistency,
  proveInclusion,
  rootHash,
  type Tree,
} from "../src/index.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const leaves = (count: number) => Array.from({ length: count }, (_, at) => Uint8Array.of(at % 256, at >> 8));

function grow(all: readonly Uint8Array[]) {
  const kept = new Map<string, Uint8Array>();
  const readHash = (level: number, index: number) => {
    const hash = kept.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`never stored: ${level}/${index}`);
    return hash;
  };
  all.forEach((leaf, size) => {
    for (const { level, index, hash } of appendLeaf(sha256, readHash, size, leaf)) kept.set(`${level}/${index}`, hash);
  });
  return { readHash, tree: (size: number): Tree => ({ size, root: rootHash(sha256, readHash, size) }) };
}

/** The definition of RFC 6962 §2.1, written down as it stands. */
function byDefinition(all: readonly Uint8Array[]): Uint8Array {
  const [only] = all;
  if (only === undefined) return sha256(new Uint8Array());
  if (all.length === 1) return sha256(Uint8Array.of(0, ...only));
  let split = 1;
  while (split * 2 < all.length) split *= 2;
  return sha256(Uint8Array.of(1, ...byDefinition(all.slice(0, split)), ...byDefinition(all.slice(split))));
}

test("roots are those of the published vectors of Certificate Transparency", () => {
  // Leaves and roots: certificate-transparency's merkle_tree_test, as given in many implementations.
  const vectors = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
  const { tree } = grow(vectors.map((text) => new Uint8Array(Buffer.from(text, "hex"))));
  expect(hex(tree(0).root)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(hex(tree(1).root)).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  expect(hex(tree(2).root)).toBe("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
  expect(hex(tree(8).root)).toBe("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
});

test("roots are those of the definition at every size", () => {
  const all = leaves(70);
  const { tree } = grow(all);
  for (let size = 0; size <= all.length; size++)
    expect(hex(tree(size).root)).toBe(hex(byDefinition(all.slice(0, size))));
});

describe("proofs", () => {
  const all = leaves(130);
  const { readHash, tree } = grow(all);
  const sizes = fc.integer({ min: 1, max: all.length });
  const at = (index: number) => leafHash(sha256, all[index] ?? new Uint8Array());

  test("hold for every leaf in every tree, and for no other leaf, place or root", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, some, other) => {
        const index = some % size;
        const proof = proveInclusion(sha256, readHash, index, size);
        const claim = { index, ...tree(size), leaf: at(index) };
        expect(isIncluded(sha256, claim, proof)).toBe(true);
        if (other % size !== index) expect(isIncluded(sha256, { ...claim, index: other % size }, proof)).toBe(false);
        expect(isIncluded(sha256, { ...claim, leaf: at((index + 1) % 130) }, proof)).toBe(false);
        expect(isIncluded(sha256, claim, [...proof, at(0)])).toBe(false);
        if (proof.length > 0) expect(isIncluded(sha256, claim, proof.slice(1))).toBe(false);
      }),
      { seed: 5, numRuns: 600 },
    );
  });

  test("show that a later tree only adds, and refuse a forked or rewound one", () => {
    const forked = grow(leaves(130).map((leaf, index) => (index === 2 ? Uint8Array.of(9, 9, 9) : leaf)));
    fc.assert(
      fc.property(sizes, sizes, (a, b) => {
        const [older, newer] = [Math.min(a, b), Math.max(a, b)];
        const proof = proveConsistency(sha256, readHash, older, newer);
        expect(isConsistent(sha256, tree(older), tree(newer), proof)).toBe(true);
        if (older < newer) expect(isConsistent(sha256, tree(newer), tree(older), proof)).toBe(false);
        if (older >= 3) expect(isConsistent(sha256, forked.tree(older), tree(newer), proof)).toBe(false);
        expect(isConsistent(sha256, tree(older), tree(newer), [...proof, at(1)])).toBe(false);
      }),
      { seed: 6, numRuns: 600 },
    );
  });

  test("cannot be asked for what is not there", () => {
    expect(() => proveInclusion(sha256, readHash, 5, 5)).toThrow(RangeError);
    expect(() => proveConsistency(sha256, readHash, 6, 5)).toThrow(RangeError);
    expect(isIncluded(sha256, { index: 0, size: 0, root: at(0), leaf: at(0) }, [])).toBe(false);
  });
});
