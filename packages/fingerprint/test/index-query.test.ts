import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  addAll,
  createIndex,
  type EntryId,
  type FingerprintIndex,
  IndexRefusal,
  lookup,
  lookupMany,
  sizeOf,
  withdraw,
} from "../src/index.ts";
import { createDesk } from "../src/index-desk.ts";
import { doSlice } from "../src/index-state.ts";
import { flipped, hexOf, randomHash, scan, seeded, sorted } from "./index-scan.ts";

const MANY = 40_000;

function manyRows(seed: number, count: number): { hashes: Uint8Array; ids: number[] } {
  const next = seeded(seed);
  const hashes = new Uint8Array(count * 32);
  const words = new Uint32Array(hashes.buffer);
  for (let at = 0; at < words.length; at++) words[at] = next();
  return { hashes, ids: Array.from({ length: count }, (_, row) => row) };
}

function frozenIndex(seed: number, count = MANY): { index: FingerprintIndex; hashes: Uint8Array } {
  const { hashes, ids } = manyRows(seed, count);
  const index = createIndex();
  expect(addAll(index, hashes, ids)).toEqual([]);
  return { index, hashes };
}

const rowOf = (hashes: Uint8Array, row: number): Uint8Array => hashes.subarray(row * 32, row * 32 + 32);

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof IndexRefusal) return error.code;
    throw error;
  }
  return "none";
}

/** Which bit of a hash the index keeps as this bit of this word; words are what it looks up by. */
const bitAt = ((): ((word: number, bit: number) => number) => {
  const desk = createDesk();
  const bits = new Map<number, number>();
  for (let bit = 0; bit < 256; bit++) {
    desk.bytes.fill(0, 0, 32);
    desk.bytes[bit >> 3] = 1 << (bit & 7);
    desk.deal(1);
    const byte = desk.bytes.subarray(0, 32).findIndex((value) => value !== 0);
    bits.set(byte * 8 + Math.log2(desk.bytes[byte] ?? 0), bit);
  }
  return (word, bit) => bits.get(word * 16 + bit) ?? Number.NaN;
})();

describe("an index of one frozen part", () => {
  const { index, hashes } = frozenIndex(1);

  test("finds every copy planted at every distance from 0 to 31, at its distance", () => {
    const next = seeded(2);
    for (let bits = 0; bits <= 31; bits++) {
      for (let turn = 0; turn < 40; turn++) {
        const row = next() % MANY;
        const query = hexOf(flipped(rowOf(hashes, row), bits, next));
        expect(lookup(index, query)).toContainEqual({ id: row, bitsApart: bits });
      }
    }
  });

  test("finds no copy at 32 bits, nor beyond the radius that was asked for", () => {
    const next = seeded(3);
    for (let turn = 0; turn < 200; turn++) {
      const row = next() % MANY;
      const radius = next() % 32;
      const query = hexOf(flipped(rowOf(hashes, row), radius + 1, next));
      expect(lookup(index, query, radius).filter(({ id }) => id === row)).toEqual([]);
    }
  });

  test("finds copies whose flips are spread so that every word is as far off as it can be", () => {
    const next = seeded(4);
    for (let spared = 0; spared < 16; spared++) {
      for (let turn = 0; turn < 20; turn++) {
        const row = next() % MANY;
        const places: number[] = [];
        for (let word = 0; word < 16; word++) {
          const first = next() % 16;
          places.push(bitAt(word, first));
          if (word !== spared) places.push(bitAt(word, (first + 1 + (next() % 15)) % 16));
        }
        const query = hexOf(flipped(rowOf(hashes, row), places, next));
        expect(places).toHaveLength(31);
        expect(lookup(index, query)).toContainEqual({ id: row, bitsApart: 31 });
      }
    }
  });

  test("finds copies whose flips crowd into a few words", () => {
    const next = seeded(5);
    for (let turn = 0; turn < 400; turn++) {
      const row = next() % MANY;
      const words = 2 + (next() % 6);
      const places = new Set<number>();
      while (places.size < Math.min(31, words * 16)) places.add(bitAt((turn + (next() % words)) % 16, next() % 16));
      const query = hexOf(flipped(rowOf(hashes, row), [...places], next));
      expect(lookup(index, query)).toContainEqual({ id: row, bitsApart: places.size });
    }
  });

  test("finds with any smaller radius what lies within it", () => {
    const next = seeded(6);
    for (let radius = 0; radius <= 31; radius++) {
      for (let turn = 0; turn < 20; turn++) {
        const row = next() % MANY;
        const query = hexOf(flipped(rowOf(hashes, row), radius, next));
        expect(lookup(index, query, radius)).toEqual([{ id: row, bitsApart: radius }]);
      }
    }
  });

  test("answers many queries in their order", () => {
    const queries = [7, 11_111, 39_999].map((row) => hexOf(rowOf(hashes, row)));
    expect(lookupMany(index, queries).map(([match]) => match?.id)).toEqual([7, 11_111, 39_999]);
  });
});

test("crowded hashes, where thousands match, are found as by a scan, each entry once", () => {
  const next = seeded(7);
  const centre = randomHash(next);
  const rows = Array.from({ length: 60_000 }, (_, row) => {
    const hash = row % 2 === 0 ? flipped(centre, next() % 40, next) : randomHash(next);
    return { id: `entry-${row % 50_000}`, hash, hex: hexOf(hash) };
  });
  const index = createIndex();
  addAll(
    index,
    Buffer.concat(rows.map(({ hash }) => hash)),
    rows.map(({ id }) => id),
  );
  for (const bits of [0, 5, 16, 31]) {
    const query = hexOf(flipped(centre, 3, next));
    const expected = scan(rows, query, bits);
    expect(sorted(lookup(index, query, bits))).toEqual(sorted(expected));
    if (bits === 31) expect(expected.length).toBeGreaterThan(10_000);
  }
});

test("adds, withdrawals and look-ups in any order give what a scan gives", () => {
  const act = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant("add" as const), id: fc.nat(30), seed: fc.nat(40), bits: fc.nat(40) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("withdraw" as const), id: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("freeze" as const) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("lookup" as const), seed: fc.nat(40), bits: fc.nat(31) }) },
  );
  const idOf = (n: number): EntryId => (n % 2 === 0 ? n : `entry ${n}`);
  const centreOf = (seed: number): Uint8Array => randomHash(seeded(seed + 100));
  const property = fc.property(fc.array(act, { minLength: 20, maxLength: 80 }), (acts) => {
    const index = createIndex();
    let rows: { id: EntryId; hex: string }[] = [];
    acts.forEach((step, at) => {
      const next = seeded(at + 1);
      if (step.kind === "add") {
        const hex = hexOf(flipped(centreOf(step.seed), step.bits, next));
        add(index, idOf(step.id), hex);
        rows.push({ id: idOf(step.id), hex });
      } else if (step.kind === "withdraw") {
        const kept = rows.filter(({ id }) => id !== idOf(step.id));
        expect(withdraw(index, idOf(step.id))).toBe(rows.length - kept.length);
        rows = kept;
      } else if (step.kind === "freeze") {
        const { hashes, ids } = manyRows(at + 1000, 33_000);
        const some = hashes.subarray(0, 33_000 * 32);
        addAll(
          index,
          some,
          ids.map((id) => id + 1000),
        );
        for (let row = 0; row < 33_000; row++) withdraw(index, row + 1000);
      } else {
        const hex = hexOf(flipped(centreOf(step.seed), 4, next));
        expect(sorted(lookup(index, hex, step.bits))).toEqual(sorted(scan(rows, hex, step.bits)));
      }
    });
    expect(sizeOf(index)).toBe(rows.length);
  });
  fc.assert(property, { seed: 20_261_122, numRuns: 12 });
});

test("an index that grows one by one past several freezings and merges keeps finding everything, withdrawn ones aside", () => {
  const next = seeded(8);
  const count = 150_000;
  const { hashes } = manyRows(9, count);
  const index = createIndex();
  const gone = new Set<number>();
  for (let row = 0; row < count; row++) {
    const id = row % 3 === 0 ? `entry-${row}` : row;
    add(index, id, hexOf(rowOf(hashes, row)));
    if (row % 10 === 9) {
      const victim = next() % row;
      withdraw(index, victim % 3 === 0 ? `entry-${victim}` : victim);
      gone.add(victim);
    }
    if (row % 50 !== 0) continue;
    const seen = next() % (row + 1);
    const matches = lookup(index, hexOf(flipped(rowOf(hashes, seen), next() % 32, next)));
    expect(matches.map(({ id }) => id)).toEqual(gone.has(seen) ? [] : [seen % 3 === 0 ? `entry-${seen}` : seen]);
  }
  expect(index.state.settled.some(({ kind }) => kind === "frozen")).toBe(true);
  while (doSlice(index.state));
  expect(sizeOf(index)).toBe(count - gone.size);
  expect(index.state.settled.length).toBeLessThan(6);
  for (let row = 0; row < count; row += 7) {
    const found = lookup(index, hexOf(rowOf(hashes, row))).length;
    expect(found).toBe(gone.has(row) ? 0 : 1);
  }
});

test("an entry withdrawn while its rows are being frozen stays withdrawn, and may come back", () => {
  const { hashes } = manyRows(10, 33_000);
  const index = createIndex();
  for (let row = 0; row < 33_000; row++) add(index, row, hexOf(rowOf(hashes, row)));
  expect(index.state.jobs).toHaveLength(1);
  for (let slice = 0; slice < 30; slice++) doSlice(index.state);
  expect(withdraw(index, 5)).toBe(1);
  expect(withdraw(index, 5)).toBe(0);
  add(index, 5, hexOf(rowOf(hashes, 6)));
  while (doSlice(index.state));
  expect(lookup(index, hexOf(rowOf(hashes, 5)))).toEqual([]);
  expect(sorted(lookup(index, hexOf(rowOf(hashes, 6))))).toEqual([
    { id: 5, bitsApart: 0 },
    { id: 6, bitsApart: 0 },
  ]);
});

test("entries added out of the order of their numbers are withdrawn from frozen parts all the same", () => {
  const { hashes, ids } = manyRows(11, 33_000);
  const index = createIndex();
  addAll(
    index,
    hashes,
    ids.map((id) => (id * 7919) % 33_001),
  );
  for (let row = 0; row < 33_000; row += 11) {
    expect(withdraw(index, (row * 7919) % 33_001)).toBe(1);
    expect(lookup(index, hexOf(rowOf(hashes, row)))).toEqual([]);
  }
  expect(sizeOf(index)).toBe(30_000);
});

test("a part most of whose rows were withdrawn is packed anew and gives its memory back", () => {
  const { index } = frozenIndex(12);
  for (let row = 0; row < MANY; row++) if (row % 20 !== 0) withdraw(index, row);
  while (doSlice(index.state));
  expect(sizeOf(index)).toBe(MANY / 20);
  expect(index.state.settled.map(({ layout }) => layout.rows).every((rows) => rows < MANY / 2)).toBe(true);
});

test("many bulk adds leave few parts, and everything is found", () => {
  const index = createIndex();
  for (let batch = 0; batch < 8; batch++) {
    const { hashes, ids } = manyRows(20 + batch, 33_000);
    addAll(
      index,
      hashes,
      ids.map((id) => batch * 33_000 + id),
    );
    expect(index.state.settled.length).toBeLessThan(6);
    const found = lookup(index, hexOf(rowOf(hashes, 32_999)));
    expect(found).toEqual([{ id: batch * 33_000 + 32_999, bitsApart: 0 }]);
  }
  expect(sizeOf(index)).toBe(8 * 33_000);
});

test("what is no fingerprint, no id, no radius, or a blank picture is refused, and nothing is added", () => {
  const index = createIndex();
  const good = hexOf(randomHash(seeded(13)));
  expect(codeOf(() => add(index, 1, good.slice(1)))).toBe("NOT_A_FINGERPRINT");
  expect(codeOf(() => add(index, 1, good.toUpperCase()))).toBe("NOT_A_FINGERPRINT");
  expect(codeOf(() => add(index, 1, `${good.slice(1)}é`))).toBe("NOT_A_FINGERPRINT");
  expect(codeOf(() => add(index, 1, `${good.slice(1)}g`))).toBe("NOT_A_FINGERPRINT");
  expect(codeOf(() => add(index, 1, "0".repeat(64)))).toBe("TOO_PLAIN");
  expect(codeOf(() => add(index, 1, `${"f".repeat(60)}0000`))).toBe("TOO_PLAIN");
  for (const id of ["", "x".repeat(257), -1, 0.5, 2 ** 31, Number.NaN]) {
    expect(codeOf(() => add(index, id, good))).toBe("BAD_ID");
  }
  for (const bits of [-1, 32, 1.5, Number.NaN]) expect(codeOf(() => lookup(index, good, bits))).toBe("BAD_RADIUS");
  expect(codeOf(() => lookup(index, "x"))).toBe("NOT_A_FINGERPRINT");
  expect(codeOf(() => addAll(index, new Uint8Array(33), [1]))).toBe("NOT_A_FINGERPRINT");
  expect(sizeOf(index)).toBe(0);
  expect(lookup(index, good)).toEqual([]);
});

test("blank rows among many are set aside and reported, the others are found", () => {
  for (const count of [100, 40_000]) {
    const { hashes, ids } = manyRows(14, count);
    hashes.fill(0, 50 * 32, 51 * 32);
    hashes.fill(255, 60 * 32, 61 * 32);
    const index = createIndex();
    expect(addAll(index, hashes, ids)).toEqual([
      { row: 50, code: "TOO_PLAIN" },
      { row: 60, code: "TOO_PLAIN" },
    ]);
    expect(sizeOf(index)).toBe(count - 2);
    expect(lookup(index, hexOf(rowOf(hashes, 51)))).toEqual([{ id: 51, bitsApart: 0 }]);
  }
});
