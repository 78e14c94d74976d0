import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { type Edit, familyOf, MATCH_BITS, matchFamilies, type Pixels, queriesOf } from "../src/index.ts";
import { turningBetween, turningNumber, turningOf, uprightHashes } from "../src/upright.ts";
import { spectrumOf, viewHash } from "../src/view.ts";
import { VECTORS } from "./vectors.ts";

const FILES = ["smooth-1000x750.png", "noise-512x512.png", "shapes-800x800.png", "hills-portrait-600x1300.png"];

async function pixelsOf(picture: Sharp): Promise<Pixels> {
  const png = await picture.png().toBuffer();
  const { data, info } = await sharp(png)
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels === 1 ? 1 : 3 };
}

const picture = () => sharp(new URL("smooth-1000x750.png", VECTORS).pathname).removeAlpha();
const family = familyOf(await pixelsOf(picture()));

const box = Buffer.from(`<svg width="1000" height="750"><rect x="400" y="80" width="200" height="150"/></svg>`);
const bar = { background: "#ffffff" };

const EDITED: readonly [string, readonly Edit[], () => Sharp][] = [
  ["resized", [], () => picture().resize(400)],
  ["turned", ["turned"], () => picture().rotate(90)],
  ["turned upside down", ["turned"], () => picture().rotate(180)],
  ["mirrored", ["mirrored"], () => picture().flop()],
  ["inverted", ["inverted"], () => picture().negate()],
  ["cropped on one side", ["cropped"], () => picture().extract({ left: 110, top: 0, width: 890, height: 750 })],
  ["cropped all round", ["cropped"], () => picture().extract({ left: 75, top: 56, width: 850, height: 638 })],
  ["cropped between two views", ["cropped"], () => picture().extract({ left: 92, top: 0, width: 908, height: 750 })],
  [
    "cropped all round and more at one side",
    ["cropped"],
    () => picture().extract({ left: 145, top: 38, width: 805, height: 674 }),
  ],
  ["framed", ["framed"], () => picture().extend({ left: 50, right: 50, top: 50, bottom: 50, background: "#803020" })],
  ["letterboxed", ["framed"], () => picture().extend({ top: 400, bottom: 400, background: "#000000" })],
  ["tilted", ["tilted"], () => picture().rotate(2.2, { background: "#000000" })],
  ["covered", ["covered"], () => picture().composite([{ input: box }])],
];

test.each(EDITED)("a picture that was %s is recognised, and the edit is named", async (_, edits, edit) => {
  const match = matchFamilies(queriesOf(await pixelsOf(edit())), family);
  expect(match?.edits).toEqual(edits);
});

test("mirrored and framed together are recognised and both named", async () => {
  const both = picture()
    .flop()
    .extend({ top: 120, ...bar });
  const match = matchFamilies(queriesOf(await pixelsOf(both)), family);
  expect(match?.edits).toEqual(["framed", "mirrored"]);
});

describe("a family", () => {
  test("has at most 32 fingerprints, the plain PDQ first, all fit for the wire", () => {
    expect(family.length).toBeLessThanOrEqual(32);
    expect(family[0]?.kind).toBe("pdq");
    for (const { value, quality, part = "" } of family) {
      expect(value).toMatch(/^[0-9a-f]{64}$/);
      expect(quality).toBeGreaterThanOrEqual(50);
      expect(part).toMatch(/^[a-z0-9-]{0,24}$/);
    }
  });

  test("of one picture never meets the queries of another", async () => {
    const all = await Promise.all(FILES.map((file) => pixelsOf(sharp(new URL(file, VECTORS).pathname))));
    for (const a of all) for (const b of all) if (a !== b) expect(matchFamilies(queriesOf(a), familyOf(b))).toBeNull();
  });

  test("of a picture too plain to recognise is its own hash alone, which matches nothing", () => {
    const flat: Pixels = { data: new Uint8Array(90_000).fill(9), width: 300, height: 300, channels: 1 };
    expect(familyOf(flat)).toHaveLength(1);
    expect(queriesOf(flat)).toEqual([]);
    expect(matchFamilies(queriesOf(flat), familyOf(flat))).toBeNull();
  });
});

test("an ordinary picture asks for about five look-ups", async () => {
  expect(queriesOf(await pixelsOf(picture())).length).toBeLessThanOrEqual(6);
});

describe("putting a picture upright", () => {
  const grid = Float32Array.from({ length: 4096 }, (_, at) => {
    const [i, j] = [at >> 6, at & 63];
    return (
      90 + 60 * Math.sin(i * 0.13 + 0.4) + 40 * Math.cos(j * 0.31 + i * 0.05) + 8 * Math.sin(i * j * 0.02) + 0.4 * j
    );
  });
  const turnedGrid = (number: number) => {
    const { transposed, upDown, sideways, inverted } = turningOf(number);
    return grid.map((_, at) => {
      const i = upDown ? 63 - (at >> 6) : at >> 6;
      const j = sideways ? 63 - (at & 63) : at & 63;
      const value = grid[transposed ? j * 64 + i : i * 64 + j] ?? 0;
      return inverted ? 255 - value : value;
    });
  };
  const plain = spectrumOf(grid);

  test.each(Array.from({ length: 16 }, (_, number) => number))("turning %i is undone and named", (number) => {
    const turned = spectrumOf(turnedGrid(number));
    expect(viewHash(turned, turningOf(0))).toBe(viewHash(plain, turningOf(number)));
    const [[a], [b]] = [uprightHashes(plain, "all", 1), uprightHashes(turned, "all", 1)];
    expect(b?.value).toBe(a?.value);
    if (a === undefined || b === undefined) throw new Error("no hash");
    expect(turningNumber(turningBetween(a.turning, b.turning))).toBe(number);
  });
});

test.each(["left", "right", "top", "bottom"])(
  "a crop of anything up to a fifth on the %s is recognised",
  async (side) => {
    for (const share of [0.03, 0.09, 0.15, 0.2]) {
      const [x, y] = [Math.round(1000 * share), Math.round(750 * share)];
      const area = { left: side === "left" ? x : 0, top: side === "top" ? y : 0, width: 1000, height: 750 };
      if (side === "left" || side === "right") area.width -= x;
      else area.height -= y;
      const match = matchFamilies(queriesOf(await pixelsOf(picture().extract(area))), family);
      expect(match, `${share}`).not.toBeNull();
    }
  },
);

test("nothing beyond 31 bits matches", () => {
  const value = "0".repeat(64);
  const at = (bits: number) => ((1n << BigInt(bits)) - 1n).toString(16).padStart(64, "0");
  const query = { kind: "pdq", value, quality: 90, of: "whole", part: "all", turning: 0 } as const;
  const entry = (bits: number) => [{ kind: "pdq", value: at(bits), quality: 90 } as const];
  expect(matchFamilies([query], entry(MATCH_BITS))?.bitsApart).toBe(31);
  expect(matchFamilies([query], entry(MATCH_BITS + 1))).toBeNull();
});
