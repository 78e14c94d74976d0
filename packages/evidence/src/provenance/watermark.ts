/**
 * The open invisible watermark of Stable Diffusion, SDXL and FLUX, written anew from its description: each 4 × 4 block
 * of the U plane's Haar low band carries one bit in its largest coefficient.
 * Source: ShieldMnt/invisible-watermark at 68d0376, method "dwtDct" (which, despite its name, has no DCT).
 */
import type { AiMark } from "./report.ts";

/** Eight bits a channel, row by row without gaps; alpha is looked at only for NovelAI's hidden signature. */
export type Picture = {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
};

/** The scale of the U plane, and the least area (256 × 256) that the original writes into. */
const SCALE = 36;
export const LEAST_AREA = 65_536;

function bitsOfText(text: string): readonly number[] {
  return [...text].flatMap((letter) => bitsOf(letter.charCodeAt(0).toString(2).padStart(8, "0")));
}

function bitsOf(text: string): readonly number[] {
  return [...text].map(Number);
}

/**
 * What each maker writes, and how many bits must agree. Clean pictures reached at most 72/136, 20/32 and 27/48 in our
 * trial. Sources: CompVis/stable-diffusion, Stability-AI/stablediffusion, diffusers' SDXL watermark, black-forest-labs/
 * flux; FLUX loses its two leading zeros, so 46 bits.
 */
export const WATERMARKS: readonly {
  readonly what: AiMark;
  readonly bits: readonly number[];
  readonly least: number;
}[] = [
  { what: "watermark-sd1", bits: bitsOfText("StableDiffusionV1"), least: 125 },
  { what: "watermark-sd2", bits: bitsOfText("SDV2"), least: 32 },
  { what: "watermark-sdxl", bits: bitsOf("101100111110110010010000011110111011000110011110"), least: 44 },
  { what: "watermark-flux", bits: bitsOf("1010101111111010000111100111001111010100101110"), least: 43 },
];

type ToU = (red: number, green: number, blue: number) => number;

/** OpenCV's BGR to YUV of 8-bit pictures: fixed point with 14 bits. SD 1 and 2 write into these. */
const wholeU: ToU = (red, green, blue) => {
  const luma = (4899 * red + 9617 * green + 1868 * blue + 8192) >> 14;
  return Math.max(0, Math.min(255, (8061 * (blue - luma) + (128 << 14) + 8192) >> 14));
};

/** OpenCV's BGR to YUV of float pictures, offset 0.5. SDXL and FLUX write into these. */
const floatU: ToU = (red, green, blue) => {
  const luma = Math.fround(0.299 * red + 0.587 * green + 0.114 * blue);
  return Math.fround(0.492 * (blue - luma) + 0.5);
};

/** 1/√2, as PyWavelets' Haar filter has it. */
const HAAR = Math.SQRT1_2;

/** The U plane's low band: half as wide and high; sides cut to a multiple of 4 pixels. */
function lowBand({ data, width, height, channels }: Picture, toU: ToU, blueFirst: 0 | 2) {
  const across = Math.floor(width / 4) * 2;
  const down = Math.floor(height / 4) * 2;
  const low = new Float64Array(across * down);
  const uAt = (x: number, y: number) => {
    const at = (y * width + x) * channels;
    return toU(data[at + blueFirst] ?? 0, data[at + 1] ?? 0, data[at + 2 - blueFirst] ?? 0);
  };
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const left = HAAR * uAt(2 * x, 2 * y) + HAAR * uAt(2 * x, 2 * y + 1);
      const right = HAAR * uAt(2 * x + 1, 2 * y) + HAAR * uAt(2 * x + 1, 2 * y + 1);
      low[y * across + x] = HAAR * left + HAAR * right;
    }
  }
  return { low, across, down };
}

/** One bit a block, row by row: from the first largest of the 15 coefficients after the first. */
function blockBits(picture: Picture, toU: ToU, blueFirst: 0 | 2): Uint8Array {
  const { low, across, down } = lowBand(picture, toU, blueFirst);
  const columns = Math.floor(across / 4);
  const bits = new Uint8Array(columns * Math.floor(down / 4));
  for (let block = 0; block < bits.length; block++) {
    const start = Math.floor(block / columns) * 4 * across + (block % columns) * 4;
    let largest = -1;
    for (let cell = 1; cell < 16; cell++) {
      largest = Math.max(largest, Math.abs(low[start + (cell >> 2) * across + (cell & 3)] ?? 0));
    }
    bits[block] = largest % SCALE > SCALE / 2 ? 1 : 0;
  }
  return bits;
}

/** How many bits of a message the blocks agree with; block k votes for bit k mod n. */
function agreeing(blocks: Uint8Array, message: readonly number[]): number {
  const ones = new Uint32Array(message.length);
  const all = new Uint32Array(message.length);
  blocks.forEach((bit, at) => {
    const index = at % message.length;
    ones[index] = (ones[index] ?? 0) + bit;
    all[index] = (all[index] ?? 0) + 1;
  });
  return message.filter((bit, at) => {
    const votes = all[at] ?? 0;
    return votes > 0 && (((ones[at] ?? 0) / votes) * 255 > 127 ? 1 : 0) === bit;
  }).length;
}

/**
 * The watermarks found, in whole and in float arithmetic, with the colours in both orders (older writers swapped them).
 * Finding none says nothing: JPEG, resizing and cropping destroy it.
 */
export function findWatermarks(picture: Picture): AiMark[] {
  const passes = [wholeU, floatU].flatMap((toU) => [blockBits(picture, toU, 0), blockBits(picture, toU, 2)]);
  return WATERMARKS.filter(({ bits, least }) => passes.some((blocks) => agreeing(blocks, bits) >= least)).map(
    ({ what }) => what,
  );
}

/** NovelAI's signatures in the lowest bit of alpha, column by column. Source: NovelAI/novelai-image-metadata. */
const STEALTH = ["stealth_pngcomp", "stealth_pnginfo"].map((text) => bitsOfText(text).join(""));

/** Whether NovelAI's hidden signature stands in the transparency. */
export function hasStealthSignature({ data, width, height, channels }: Picture): boolean {
  const length = STEALTH[0]?.length ?? 0;
  if (channels !== 4 || width * height < length) return false;
  let bits = "";
  for (let at = 0; at < length; at++) {
    const pixel = (at % height) * width + Math.floor(at / height);
    bits += (data[pixel * 4 + 3] ?? 0) & 1;
  }
  return STEALTH.includes(bits);
}
