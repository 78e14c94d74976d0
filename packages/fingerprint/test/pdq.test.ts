import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitsApart, fingerprint, MIN_QUALITY, type Pixels, ready, shortName } from "../src/index.ts";
import { plainPdq } from "./oracle.ts";
import { readPixels, readVectors } from "./vectors.ts";

const vectors = await readVectors();

describe("the vectors of the reference", () => {
  test.each(vectors)("$file", async (vector) => {
    const { pdq, quality, dihedral } = fingerprint(await readPixels(vector.file));
    expect(quality).toBe(vector.quality);
    if (vector.degenerate) return;
    expect(pdq).toBe(vector.pdq);
    expect(dihedral).toEqual(vector.dihedral);
  });

  test.each(vectors.filter((v) => !v.degenerate))("the plain implementation agrees: $file", async (vector) => {
    const { quality, dihedral } = plainPdq(await readPixels(vector.file));
    expect({ quality, dihedral }).toEqual({ quality: vector.quality, dihedral: vector.dihedral });
  });
});

function noise(width: number, height: number, channels: 1 | 3 | 4, seed: number): Pixels {
  const data = new Uint8Array(width * height * channels);
  let state = seed | 1;
  for (let at = 0; at < data.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    data[at] = ((state & 63) + ((at / 7) & 127) + ((at % (width * channels)) >> 2)) & 255;
  }
  return { data, width, height, channels };
}

test("pictures of every shape agree bit for bit with the plain implementation", () => {
  const side = fc.integer({ min: 5, max: 400 });
  const picture = fc.record({
    width: side,
    height: side,
    channels: fc.constantFrom<(1 | 3 | 4)[]>(1, 3, 4),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(picture, ({ width, height, channels, seed }) => {
      const pixels = noise(width, height, channels, seed);
      const { quality, dihedral } = fingerprint(pixels);
      expect({ quality, dihedral }).toEqual(plainPdq(pixels));
    }),
    { seed: 7, numRuns: 60 },
  );
});

test.each([
  [5, 5],
  [5, 2000],
  [2000, 5],
  [64, 64],
  [64, 65],
  [127, 128],
  [129, 1],
  [1281, 719],
])("%i x %i agrees with the plain implementation, or is refused", (width, height) => {
  const pixels = noise(width, height, 3, 9);
  if (Math.min(width, height) < 5) return expect(() => fingerprint(pixels)).toThrow("smaller than 5 pixels");
  const { quality, dihedral } = fingerprint(pixels);
  expect({ quality, dihedral }).toEqual(plainPdq(pixels));
});

test("a stride longer than the row changes nothing", () => {
  const { data, width, height } = noise(301, 203, 3, 5);
  const stride = width * 3 + 11;
  const wide = new Uint8Array(stride * height).fill(255);
  for (let y = 0; y < height; y++) wide.set(data.subarray(y * width * 3, (y + 1) * width * 3), y * stride);
  expect(fingerprint({ data: wide, width, height, channels: 3, stride })).toEqual(
    fingerprint({ data, width, height, channels: 3 }),
  );
});

test("a small picture after a large one is not coloured by it", () => {
  const small = noise(70, 90, 3, 3);
  const before = fingerprint(small);
  fingerprint(noise(1500, 900, 4, 4));
  expect(fingerprint(small)).toEqual(before);
});

test("a flat picture says that it is too plain to recognise, a rich one does not", () => {
  const flat = fingerprint({ data: new Uint8Array(90_000).fill(120), width: 300, height: 300, channels: 1 });
  expect(flat).toMatchObject({ quality: 0, tooPlain: true });
  const rich = fingerprint(noise(300, 300, 3, 8));
  expect(rich.tooPlain).toBe(rich.quality < MIN_QUALITY);
  expect(rich.tooPlain).toBe(false);
});

test("pixels that do not fit their sizes are refused with a code", () => {
  const data = new Uint8Array(300);
  const refused = (pixels: unknown, code: string) =>
    expect(() => fingerprint(pixels as Pixels)).toThrow(expect.objectContaining({ code }));
  refused({ data, width: 10, height: 11, channels: 3 }, "BAD_PIXELS");
  refused({ data, width: 10, height: 10, channels: 3, stride: 29 }, "BAD_PIXELS");
  refused({ data, width: 10, height: 10, channels: 2 }, "BAD_PIXELS");
  refused({ data, width: 10.5, height: 9, channels: 3 }, "BAD_PIXELS");
  refused({ data, width: Number.NaN, height: 9, channels: 3 }, "BAD_PIXELS");
  refused({ data: new Float32Array(300), width: 10, height: 10, channels: 3 }, "BAD_PIXELS");
  refused({ data, width: 1, height: 300, channels: 1 }, "TOO_SMALL");
  refused({ data, width: 70_000, height: 5, channels: 1 }, "TOO_LARGE");
  refused({ data, width: 65_000, height: 65_000, channels: 1 }, "TOO_LARGE");
});

test("bits apart counts what differs and takes nothing but fingerprints", () => {
  const zero = "0".repeat(64);
  expect(bitsApart(zero, zero)).toBe(0);
  expect(bitsApart(zero, "f".repeat(64))).toBe(256);
  expect(bitsApart(zero, `${"0".repeat(62)}81`)).toBe(2);
  for (const bad of [
    "",
    "0".repeat(63),
    `${"0".repeat(63)}g`,
    "F".repeat(64),
    `${"0".repeat(64)}\n`,
    `${"０".repeat(64)}`,
  ]) {
    expect(() => bitsApart(zero, bad)).toThrow(RangeError);
  }
});

test("a short name is four pairs, steady, and differs for near copies", () => {
  const name = shortName("0".repeat(64));
  expect(name).toMatch(/^[0-9a-f]{2}(-[0-9a-f]{2}){3}$/);
  expect(shortName("0".repeat(64))).toBe(name);
  expect(shortName(`${"0".repeat(63)}1`)).not.toBe(name);
});

test("the kernel may be made ready beforehand", async () => {
  await ready();
  await ready();
});
