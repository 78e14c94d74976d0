import { describe, expect, test } from "vitest";
import {
  add,
  addAll,
  createIndex,
  type FingerprintIndex,
  IndexRefusal,
  type Loaded,
  loadIndex,
  lookup,
  saveIndex,
  sizeOf,
  withdraw,
} from "../src/index.ts";
import { flipped, hexOf, randomHash, seeded } from "./index-scan.ts";

function saved(index: FingerprintIndex): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const chunk of saveIndex(index)) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

function loaded(bytes: Uint8Array): Loaded {
  let at = 0;
  return loadIndex((into) => {
    const part = bytes.subarray(at, at + into.length);
    into.set(part);
    at += part.length;
    return part.length;
  });
}

type Listed = { readonly index: FingerprintIndex; readonly hexes: string[] };
const SMALL = 300;
const LARGE = 40_000;

function idOf(row: number): string | number {
  return row % 2 === 0 ? row : `entry-${row}`;
}

function smallIndex(): Listed {
  const next = seeded(21);
  const index = createIndex();
  const hexes = Array.from({ length: SMALL }, (_, row) => {
    const hex = hexOf(randomHash(next));
    add(index, idOf(row), hex);
    return hex;
  });
  return { index, hexes };
}

function largeIndex(): Listed {
  const next = seeded(22);
  const hashes = Array.from({ length: LARGE }, () => randomHash(next));
  const index = createIndex();
  addAll(
    index,
    Buffer.concat(hashes),
    hashes.map((_, row) => idOf(row)),
  );
  for (let row = 0; row < 500; row++) {
    const hash = randomHash(next);
    hashes.push(hash);
    add(index, idOf(LARGE + row), hexOf(hash));
  }
  return { index, hexes: hashes.map(hexOf) };
}

function foundOf({ index }: { index: FingerprintIndex }, hexes: readonly string[]): number {
  let found = 0;
  hexes.forEach((hex, row) => {
    const matches = lookup(index, hex);
    if (matches.length === 0) return;
    expect(matches).toEqual([{ id: idOf(row), bitsApart: 0 }]);
    found++;
  });
  return found;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof IndexRefusal) return error.code;
    throw error;
  }
  return "none";
}

describe.each([
  ["a growing part", smallIndex],
  ["a frozen and a growing part", largeIndex],
])("a snapshot of %s", (_name, make) => {
  const { index, hexes } = make();
  for (let row = 0; row < 200; row += 4) withdraw(index, idOf(row));
  const bytes = saved(index);

  test("brings back every entry that was not withdrawn, and takes more", () => {
    const back = loaded(bytes);
    expect({ setAside: back.setAside, rebuilt: back.rebuilt }).toEqual({ setAside: 0, rebuilt: 0 });
    expect(sizeOf(back.index)).toBe(hexes.length - 50);
    expect(foundOf(back, hexes)).toBe(hexes.length - 50);
    const next = seeded(23);
    const fresh = randomHash(next);
    add(back.index, "fresh", hexOf(fresh));
    expect(lookup(back.index, hexOf(flipped(fresh, 31, next)))).toEqual([{ id: "fresh", bitsApart: 31 }]);
    expect(withdraw(back.index, "entry-201")).toBe(1);
    expect(withdraw(back.index, 4)).toBe(0);
  });

  test("that was cut short brings back what came before the cut, and counts the rest", () => {
    for (const share of [0.1, 0.5, 0.9]) {
      const back = loaded(bytes.subarray(0, Math.floor(bytes.length * share)));
      if (share === 0.1) expect(back.setAside).toBeGreaterThan(0);
      const found = foundOf(back, hexes);
      expect(found).toBe(sizeOf(back.index));
      expect(found + back.setAside).toBeGreaterThanOrEqual(hexes.length - 50);
    }
  });
});

test("damage to the buckets of a frozen part costs no entry: they are built again", () => {
  const { index, hexes } = largeIndex();
  const bytes = saved(index);
  const firstBucketByte = LARGE * 36 + 2 ** 20;
  for (let at = firstBucketByte; at < bytes.length - 500 * 40; at += Math.floor(bytes.length / 9)) {
    const copy = Uint8Array.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 16;
    const back = loaded(copy);
    expect({ setAside: back.setAside, rebuilt: back.rebuilt }).toEqual({ setAside: 0, rebuilt: 1 });
    expect(
      foundOf(
        back,
        hexes.filter((_, row) => row < 2000),
      ),
    ).toBe(2000);
  }
});

test("damage to the hashes of a frozen part costs one block's rows, which are counted", () => {
  const { index, hexes } = largeIndex();
  const bytes = saved(index);
  const frozen = index.state.settled[0]?.layout;
  const length = (frozen?.end ?? 0) - (frozen?.hashesAt ?? 0);
  const at = bytes.length - length - Math.ceil(length / 2 ** 20) * 8 + 5000;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const back = loaded(bytes);
  expect(back.rebuilt).toBe(1);
  expect(back.setAside).toBe(2 ** 20 / 32);
  expect(foundOf(back, hexes)).toBe(hexes.length - back.setAside);
});

test("what is no snapshot, or of another version, or damaged in its head, is refused", () => {
  const bytes = saved(smallIndex().index);
  const withByte = (at: number, value: number): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy[at] = value;
    return copy;
  };
  expect(codeOf(() => loaded(new Uint8Array(0)))).toBe("NOT_A_SNAPSHOT");
  expect(codeOf(() => loaded(new Uint8Array(1000)))).toBe("NOT_A_SNAPSHOT");
  expect(codeOf(() => loaded(withByte(0, 65)))).toBe("NOT_A_SNAPSHOT");
  expect(codeOf(() => loaded(withByte(8, 9)))).toBe("SNAPSHOT_VERSION");
  expect(codeOf(() => loaded(withByte(24, 9)))).toBe("SNAPSHOT_DAMAGED");
  expect(codeOf(() => loaded(withByte(68, 255)))).toBe("SNAPSHOT_DAMAGED");
  expect(codeOf(() => loaded(bytes.subarray(0, 70)))).toBe("SNAPSHOT_DAMAGED");
});

test("2,000 damaged snapshots are refused or give only true matches, and what is missing is counted", () => {
  const { index, hexes } = smallIndex();
  const bytes = saved(index);
  const next = seeded(24);
  let refused = 0;
  for (let turn = 0; turn < 2000; turn++) {
    const copy = Uint8Array.from(bytes);
    const changes = 1 + (next() % 4);
    for (let change = 0; change < changes; change++) {
      const at = next() % copy.length;
      if (next() % 3 === 0) copy.fill(next() & 255, at, at + (next() % 64));
      else copy[at] = (copy[at] ?? 0) ^ (1 << (next() % 8));
    }
    const end = next() % 8 === 0 ? next() % copy.length : copy.length;
    try {
      const back = loaded(copy.subarray(0, end));
      const found = foundOf(back, hexes.slice(0, 10));
      expect(sizeOf(back.index) + back.setAside).toBe(SMALL);
      if (back.setAside === 0) expect(found).toBe(10);
    } catch (error) {
      expect(error).toBeInstanceOf(IndexRefusal);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(10);
  expect(refused).toBeLessThan(1000);
});
