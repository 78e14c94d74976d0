import { expect, test } from "vitest";
import { createDesk } from "../src/index-desk.ts";
import { hexOf, randomHash, seeded } from "./index-scan.ts";

test("dealing moves every bit to a place of its own, the same ones as when the first snapshots were written", () => {
  const desk = createDesk();
  const places = new Set<string>();
  for (let bit = 0; bit < 256; bit++) {
    desk.bytes.fill(0, 0, 32);
    desk.bytes[bit >> 3] = 1 << (bit & 7);
    desk.deal(1);
    places.add(hexOf(desk.bytes.slice(0, 32)));
  }
  expect(places.size).toBe(256);
  expect([...places].every((hex) => /^0*[1248]0*$/.test(hex))).toBe(true);
  desk.bytes.set(randomHash(seeded(51)));
  desk.deal(1);
  expect(hexOf(desk.bytes.slice(0, 32))).toMatchInlineSnapshot(
    `"8677e7f86861779bfb65c57225382fa5609f6d2dcd361f7da29adfbaae12e6bc"`,
  );
});

test("a checksum changes with any one bit and with the length", () => {
  const desk = createDesk();
  const sums = new Set<bigint>([desk.sum(4096), desk.sum(8192)]);
  for (let bit = 0; bit < 4096 * 8; bit++) {
    desk.bytes[bit >> 3] = (desk.bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    sums.add(desk.sum(4096));
    desk.bytes[bit >> 3] = (desk.bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  }
  expect(sums.size).toBe(4096 * 8 + 2);
});
