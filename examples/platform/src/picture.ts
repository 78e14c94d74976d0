import { decodePictures } from "@jikim/fingerprint/decode";
import { fingerprintUpload, type Uploaded } from "@jikim/sdk";
import sharp from "sharp";
import type { Media } from "./board.ts";

/** What the board accepts: bytes of the file, pixels of the picture. */
export const MOST_BYTES = 20 << 20;
const MOST_PIXELS = 40_000_000;
const MOST_SIDE = 1600;

export type Upload = { readonly uploaded: readonly Uploaded[]; readonly media: Media };

/**
 * Decodes an upload at full size, fingerprints every frame, and makes what the board will show: at most 1600 pixels wide
 * or high and without metadata such as the place where it was taken.
 *
 * @throws {FingerprintRefusal} when the file is no picture, damaged or too large.
 */
export async function readPicture(bytes: Uint8Array): Promise<Upload> {
  const uploaded: Uploaded[] = [];
  for await (const frame of decodePictures(bytes, { bounds: { pictureBytes: MOST_BYTES, pixels: MOST_PIXELS } })) {
    uploaded.push(fingerprintUpload(frame));
  }
  const isAnimated = uploaded.length > 1;
  const fitted = sharp(bytes, { animated: isAnimated, limitInputPixels: MOST_PIXELS })
    .timeout({ seconds: 20 })
    .autoOrient()
    .resize({ width: MOST_SIDE, height: MOST_SIDE, fit: "inside", withoutEnlargement: true });
  if (isAnimated) return { uploaded, media: { bytes: await fitted.webp().toBuffer(), type: "image/webp" } };
  const jpeg = fitted.flatten({ background: "white" }).jpeg({ quality: 88 });
  return { uploaded, media: { bytes: await jpeg.toBuffer(), type: "image/jpeg" } };
}
