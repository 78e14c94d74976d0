import {
  bitsApart,
  type Fingerprint,
  FingerprintRefusal,
  fingerprint,
  MATCH_BITS,
  MIN_QUALITY,
} from "@jikim/fingerprint";
import { decodePictures } from "@jikim/fingerprint/decode";

/** What looking at one picture told. */
export type PictureSight = "match" | "no-match" | "cannot-look";

const BOUNDS = { pictureBytes: 25 << 20, pixels: 60_000_000 };

/** Compares a picture, in memory only, with the case's fingerprints, in all eight turns and mirrorings. */
export async function seePicture(bytes: Uint8Array, wanted: readonly Fingerprint[]): Promise<PictureSight> {
  if (isDrawingWithoutPicture(bytes)) return "no-match";
  try {
    for await (const picture of decodePictures(bytes, { bounds: BOUNDS })) {
      const { dihedral, quality } = fingerprint(picture);
      if (Object.values(dihedral).some((value) => wanted.some((one) => isSame(one, { value, quality }))))
        return "match";
    }
    return "no-match";
  } catch (error) {
    if (!(error instanceof FingerprintRefusal)) throw error;
    // Under five pixels there is nothing to see: a counter or a spacer.
    return error.code === "TOO_SMALL" ? "no-match" : "cannot-look";
  }
}

/** Too plain pictures resemble each other by chance: of them only equal fingerprints count. */
function isSame(one: Fingerprint, seen: { readonly value: string; readonly quality: number }): boolean {
  if (Math.min(one.quality, seen.quality) < MIN_QUALITY) return one.value === seen.value;
  return bitsApart(one.value, seen.value) <= MATCH_BITS;
}

const MOST_DRAWING = 256 * 1024;

/** An SVG of lines and letters alone, such as an icon; one that could carry or fetch a picture is not. */
function isDrawingWithoutPicture(bytes: Uint8Array): boolean {
  if (bytes.length > MOST_DRAWING || bytes[0] === undefined) return false;
  const text = Buffer.from(bytes).toString("utf8");
  return /^\s*(<\?xml[^>]*>\s*|<!--[^>]*-->\s*|<!doctype svg[^>[]*>\s*)*<svg[\s>]/i.test(text)
    ? !/<(image|foreignObject|script|use|feImage|style)\b|data:|url\(|<!entity/i.test(text)
    : false;
}
