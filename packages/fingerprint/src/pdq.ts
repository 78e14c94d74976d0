import { MIN_QUALITY } from "./fingerprint.ts";
import { PDQ_KERNEL } from "./pdq-kernel.ts";
import { FingerprintRefusal } from "./refusal.ts";

/** A decoded picture: 8 bits a channel, rows from top to bottom, as a person sees it (EXIF rotation applied). */
export type Pixels = {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 RGB, 4 RGBA; alpha is not looked at. */
  readonly channels: 1 | 3 | 4;
  /** Bytes from one row to the next; `width * channels` when left out. */
  readonly stride?: number;
};

/** Names of the eight ways to turn and flip a picture, as the reference names them. */
export const TURNS = ["orig", "rot90", "rot180", "rot270", "flipx", "flipy", "flipp", "flipm"] as const;
export type Turn = (typeof TURNS)[number];

export type Fingerprinted = {
  /** 64 lowercase hex digits. */
  readonly pdq: string;
  /** 0 (one flat colour) to 100. */
  readonly quality: number;
  /** The hash of the picture turned and flipped in eight ways. */
  readonly dihedral: Readonly<Record<Turn, string>>;
  /** True when quality is below `MIN_QUALITY`: too plain to recognise, not to be matched alone. */
  readonly tooPlain: boolean;
};

/** Most pixels that are hashed: 16,384 x 16,384. */
export const MAX_PIXELS = 1 << 28;
const MAX_SIDE = 65_535;
const STRIP = 8;

type Kernel = {
  readonly memory: WebAssembly.Memory;
  begin(width: number, height: number, channels: number): number;
  rowBytes(): number;
  stripCount(): number;
  strip(rows: number): void;
  stripOf64(): void;
  finish(): number;
  hashesAt(): number;
};

let kernel: Kernel | undefined;

function kernelBytes(): Uint8Array<ArrayBuffer> {
  const text = atob(PDQ_KERNEL);
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function kernelNow(): Kernel {
  kernel ??= new WebAssembly.Instance(new WebAssembly.Module(kernelBytes())).exports as Kernel;
  return kernel;
}

/** Compiles the kernel ahead of the first fingerprint. Needed only where a page may not compile synchronously. */
export async function ready(): Promise<void> {
  if (kernel !== undefined) return;
  const { instance } = await WebAssembly.instantiate(kernelBytes());
  kernel ??= instance.exports as Kernel;
}

function strideOf(pixels: Pixels): number {
  const { data, width, height, channels } = pixels;
  const stride = pixels.stride ?? width * channels;
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!bytes || ![1, 3, 4].includes(channels)) throw new FingerprintRefusal("BAD_PIXELS");
  if (![width, height, stride].every((n) => Number.isSafeInteger(n) && n >= 0))
    throw new FingerprintRefusal("BAD_PIXELS");
  if (width < 5 || height < 5) throw new FingerprintRefusal("TOO_SMALL");
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) throw new FingerprintRefusal("TOO_LARGE");
  const rowLength = width * channels;
  if (stride < rowLength || data.length < stride * (height - 1) + rowLength) throw new FingerprintRefusal("BAD_PIXELS");
  return stride;
}

function feed(to: Kernel, pixels: Pixels, stride: number): void {
  const { data, width, height, channels } = pixels;
  const input = to.begin(width, height, channels);
  if (input === 0) throw new FingerprintRefusal("TOO_LARGE");
  const memory = new Uint8Array(to.memory.buffer);
  const rowBytes = to.rowBytes();
  const exact = width === 64 && height === 64;
  const strips = exact ? STRIP : to.stripCount();
  for (let strip = 0, y = 0; strip < strips; strip++) {
    const rows = Math.max(0, Math.min(STRIP, height - y));
    for (let row = 0; row < rows; row++, y++) {
      memory.set(data.subarray(y * stride, y * stride + width * channels), input + row * rowBytes);
    }
    if (exact) to.stripOf64();
    else to.strip(rows);
  }
}

/**
 * PDQ of a picture, bit for bit as the reference at full resolution.
 *
 * @throws {FingerprintRefusal} `TOO_SMALL` under 5 pixels, `TOO_LARGE`, `BAD_PIXELS`. A flat picture is no refusal: it
 * comes back with `tooPlain`.
 */
export function fingerprint(pixels: Pixels): Fingerprinted {
  const stride = strideOf(pixels);
  const now = kernelNow();
  feed(now, pixels, stride);
  const quality = now.finish();
  const bytes = new Uint8Array(now.memory.buffer, now.hashesAt(), TURNS.length * 32);
  const texts = Array.from({ length: TURNS.length }, (_, turn) => hexOf(bytes.subarray(turn * 32, turn * 32 + 32)));
  const dihedral = Object.fromEntries(TURNS.map((turn, at) => [turn, texts[at]])) as Record<Turn, string>;
  return { pdq: dihedral.orig, quality, dihedral, tooPlain: quality < MIN_QUALITY };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}
