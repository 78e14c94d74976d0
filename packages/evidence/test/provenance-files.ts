import { crc32, deflateSync } from "node:zlib";
import type { Picture } from "../src/provenance/index.ts";

/** A PNG of 1 × 1 with chunks of text; its checksums hold. */
export function png(...chunks: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const chunk = ([kind, body]: readonly [string, Uint8Array]) => {
    const named = Buffer.concat([Buffer.from(kind), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const header = Uint8Array.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const all = [
    ["IHDR", header],
    ...chunks,
    ["IDAT", deflateSync(Buffer.alloc(4))],
    ["IEND", new Uint8Array()],
  ] as const;
  return Uint8Array.from(Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...all.map(chunk)]));
}

/** A chunk of text: Latin-1, compressed Latin-1 (here UTF-8 bytes, as some tools write) or UTF-8. */
export function text(kind: "tEXt" | "zTXt" | "iTXt", name: string, value: string): readonly [string, Uint8Array] {
  const bytes = Buffer.from(value);
  if (kind === "tEXt") return [kind, Buffer.concat([Buffer.from(`${name}\0`), bytes])];
  if (kind === "zTXt") return [kind, Buffer.concat([Buffer.from(`${name}\0\0`), deflateSync(bytes)])];
  return [kind, Buffer.concat([Buffer.from(`${name}\0\0\0\0\0`), bytes])];
}

type Entry = { readonly tag: number; readonly type: number; readonly count: number; readonly body: Buffer };

/** A directory of TIFF entries at an offset, big-endian, with what does not fit in four bytes behind it. */
function directory(entries: readonly Entry[], offset: number): Buffer {
  const head = Buffer.alloc(2 + entries.length * 12 + 4);
  head.writeUInt16BE(entries.length);
  const rest: Buffer[] = [];
  let end = offset + head.length;
  entries.forEach(({ tag, type, count, body }, at) => {
    const start = 2 + at * 12;
    head.writeUInt16BE(tag, start);
    head.writeUInt16BE(type, start + 2);
    head.writeUInt32BE(count, start + 4);
    if (body.length <= 4) {
      body.copy(head, start + 8);
      return;
    }
    head.writeUInt32BE(end, start + 8);
    rest.push(body);
    end += body.length;
  });
  return Buffer.concat([head, ...rest]);
}

/** EXIF with a make, a comment in UTF-16BE, a latitude. */
export function tiff(tags: { readonly make?: string; readonly comment?: string; readonly latitude?: number }): Buffer {
  const number = (value: number) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);
  const entry = (tag: number, type: number, body: Buffer, count = body.length): Entry => ({ tag, type, count, body });
  const comment = Buffer.concat([Buffer.from("UNICODE\0"), Buffer.from(tags.comment ?? "", "utf16le").swap16()]);
  const sub = directory(tags.comment === undefined ? [] : [entry(0x9286, 7, comment)], 600);
  const degrees = Buffer.concat([tags.latitude ?? 0, 1, 0, 1, 0, 1].map(number));
  const place = [entry(1, 2, Buffer.from("N\0")), entry(2, 5, degrees, 3)];
  const gps = directory(tags.latitude === undefined ? [] : place, 300);
  const main = [
    ...(tags.make === undefined ? [] : [entry(0x010f, 2, Buffer.from(`${tags.make}\0`))]),
    ...(tags.comment === undefined ? [] : [entry(0x8769, 4, number(600), 1)]),
    ...(tags.latitude === undefined ? [] : [entry(0x8825, 4, number(300), 1)]),
  ];
  const file = Buffer.alloc(600 + sub.length);
  Buffer.from("MM\0*\0\0\0\x08", "latin1").copy(file);
  directory(main, 8).copy(file, 8);
  gps.copy(file, 300);
  sub.copy(file, 600);
  return file;
}

/** A generator of numbers from 0 to 1 by a seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Waves and discs of colour, with a little noise. */
export function shape(seed: number, side: number): Picture {
  const roll = dice(seed);
  const [a, b, c, noise] = [roll() * 9, roll() * 9, roll() * side, roll() * 12];
  const data = new Uint8Array(side * side * 3);
  for (let at = 0; at < side * side; at++) {
    const [x, y] = [at % side, Math.floor(at / side)];
    const disc = Math.hypot(x - c, y - c) < side / 4 ? 30 : 0;
    data[at * 3] = 120 + 50 * Math.sin((a * x) / side) + disc + noise * roll();
    data[at * 3 + 1] = 110 + 40 * Math.cos((b * y) / side) + noise * roll();
    data[at * 3 + 2] = 130 + 30 * Math.sin((a * y + b * x) / side) - disc + noise * roll();
  }
  return { data, width: side, height: side, channels: 3 };
}

/** A picture without a mark: waves, flat colour, checks, or noise alone. */
export function clean(seed: number): Picture {
  const picture = shape(seed, 256);
  if (seed % 4 === 0) return picture;
  const roll = dice(seed);
  const [one, other, square] = [roll() * 256, roll() * 256, 1 + Math.floor(roll() * 40)];
  const data = picture.data.map((_, at) => {
    if (seed % 4 === 1) return at % 3 === 0 ? one : other;
    const pixel = Math.floor(at / 3);
    const check = (Math.floor((pixel % 256) / square) + Math.floor(pixel / 256 / square)) % 2;
    return seed % 4 === 2 ? (check === 0 ? one : other * ((at % 3) / 2)) : roll() * 256;
  });
  return { ...picture, data };
}

/** OpenCV's conversions there and back, of one pixel. */
const SPACES = {
  whole: {
    luma: (r: number, g: number, b: number) => (4899 * r + 9617 * g + 1868 * b + 8192) >> 14,
    blue: (b: number, y: number) => (8061 * (b - y) + (128 << 14) + 8192) >> 14,
    red: (r: number, y: number) => (14369 * (r - y) + (128 << 14) + 8192) >> 14,
    middle: 128,
  },
  float: {
    luma: (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b,
    blue: (b: number, y: number) => 0.492 * (b - y) + 0.5,
    red: (r: number, y: number) => 0.877 * (r - y) + 0.5,
    middle: 0.5,
  },
} as const;

/** Writes a message into a picture: each 4 × 4 block of the U plane's Haar low band carries a bit in its largest cell. */
export function marked(picture: Picture, message: readonly number[], kind: keyof typeof SPACES): Picture {
  const { data, width } = picture;
  const space = SPACES[kind];
  const planes = Array.from({ length: width * picture.height }, (_, at) => {
    const [r = 0, g = 0, b = 0] = data.subarray(at * 3, at * 3 + 3);
    const y = space.luma(r, g, b);
    return { y, u: space.blue(b, y), v: space.red(r, y) };
  });
  const cornersOf = (block: number, cell: number) => {
    const columns = Math.floor(width / 8);
    const x = (block % columns) * 8 + (cell % 4) * 2;
    const y = Math.floor(block / columns) * 8 + Math.floor(cell / 4) * 2;
    return [y * width + x, y * width + x + 1, (y + 1) * width + x, (y + 1) * width + x + 1];
  };
  for (let block = 0; block < Math.floor(width / 8) * Math.floor(picture.height / 8); block++) {
    const cells = Array.from({ length: 15 }, (_, at) => {
      const corners = cornersOf(block, at + 1);
      return { corners, value: corners.reduce((sum, corner) => sum + (planes[corner]?.u ?? 0), 0) / 2 };
    });
    const largest = cells.reduce((best, cell) => (Math.abs(cell.value) > Math.abs(best.value) ? cell : best));
    const bit = message[block % message.length] ?? 0;
    const wanted = (Math.floor(Math.abs(largest.value) / 36) + 0.25 + 0.5 * bit) * 36 * (largest.value < 0 ? -1 : 1);
    for (const corner of largest.corners) {
      const pixel = planes[corner];
      if (pixel !== undefined) pixel.u += (wanted - largest.value) / 2;
    }
  }
  return { ...picture, data: Uint8Array.from(planes.flatMap((plane) => backToColours(plane, space.middle))) };
}

/** OpenCV's YUV to RGB: B = Y + 2.032 U, R = Y + 1.140 V, G = Y - 0.395 U - 0.581 V. */
function backToColours({ y, u, v }: { y: number; u: number; v: number }, middle: number): number[] {
  const [blue, red] = [u - middle, v - middle];
  const colours = [y + 1.14 * red, y - 0.395 * blue - 0.581 * red, y + 2.032 * blue];
  return colours.map((colour) => Math.max(0, Math.min(255, Math.round(colour))));
}
