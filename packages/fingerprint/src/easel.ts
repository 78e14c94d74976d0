import type { Pixels } from "./pdq.ts";
import { FingerprintRefusal } from "./refusal.ts";

type Paint = (context: OffscreenCanvasRenderingContext2D) => void;

/** A canvas on which pictures are painted and read back; transparency shows white, as on a page. */
export type Easel = { draw(paint: Paint, width: number, height: number): Pixels };

/**
 * An easel of one canvas, resized when needed.
 *
 * @throws {FingerprintRefusal} `NOT_SUPPORTED` where the browser has no canvas outside the page.
 */
export function openEasel(): Easel {
  if (typeof OffscreenCanvas === "undefined") throw new FingerprintRefusal("NOT_SUPPORTED");
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new FingerprintRefusal("NOT_SUPPORTED");
  return {
    draw(paint, width, height) {
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      context.fillStyle = "#fff";
      context.fillRect(0, 0, width, height);
      paint(context);
      return { data: context.getImageData(0, 0, width, height).data, width, height, channels: 4 };
    },
  };
}
