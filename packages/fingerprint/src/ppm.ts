import type { Pixels } from "./pdq.ts";
import { FingerprintRefusal } from "./refusal.ts";

const HEADER = /^P6\s(\d{1,6})\s(\d{1,6})\s255\s/;
const LONGEST_HEADER = 32;

/**
 * Reads binary PPM pictures, one after the other, as they arrive: never more than one is held.
 *
 * @throws {FingerprintRefusal} `TOO_LARGE` before a frame is read, `DAMAGED` for anything that is not PPM. A last frame
 * that is cut short is left out.
 */
export async function* readPpmFrames(stream: AsyncIterable<Uint8Array>, mostPixels: number): AsyncGenerator<Pixels> {
  let head = "";
  let frame: { data: Uint8Array; width: number; height: number } | null = null;
  let filled = 0;
  for await (const chunk of stream) {
    let at = 0;
    while (at < chunk.length) {
      if (frame === null) {
        head += String.fromCharCode(chunk[at++] ?? 0);
        const found = HEADER.exec(head);
        if (found === null && head.length >= LONGEST_HEADER) throw new FingerprintRefusal("DAMAGED");
        if (found === null) continue;
        const [width, height] = [Number(found[1]), Number(found[2])];
        if (width * height > mostPixels) throw new FingerprintRefusal("TOO_LARGE");
        frame = { data: new Uint8Array(width * height * 3), width, height };
        filled = 0;
      }
      const part = chunk.subarray(at, at + frame.data.length - filled);
      frame.data.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < frame.data.length) continue;
      yield { ...frame, channels: 3 };
      frame = null;
      head = "";
    }
  }
}
