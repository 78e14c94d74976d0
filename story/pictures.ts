import type { Pixels } from "@jikim/fingerprint";
import sharp from "sharp";

/** Words in the picture file that must never leave her phone. */
export const PLANTED = { fileName: "JIKIMPLANTEDFILENAME.jpg", exif: "JIKIMPLANTEDEXIF-41.40338,2.17403" } as const;

/** A generated drawing as a JPEG with a place and a camera written into its EXIF, as a phone does. */
export function asPhoneFile(pixels: Pixels): Promise<Buffer> {
  return raw(pixels)
    .withExif({ IFD0: { Copyright: PLANTED.exif, Model: PLANTED.exif }, IFD3: { GPSLatitudeRef: "N" } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** What an uploader makes of it to slip past: smaller, recompressed, mirrored. */
export async function disguises(
  file: Buffer,
): Promise<Record<"same" | "resized" | "recompressed" | "mirrored", Buffer>> {
  return {
    same: file,
    resized: await sharp(file).resize(300).png().toBuffer(),
    recompressed: await sharp(file).jpeg({ quality: 35 }).toBuffer(),
    mirrored: await sharp(file).flop().jpeg({ quality: 80 }).toBuffer(),
  };
}

/** The decoded pixels of a small copy, row by row: what a thumbnail would send. */
export async function thumbnailRows(file: Buffer): Promise<Buffer[]> {
  const [width, height] = [64, 48];
  const rgb = await sharp(file).resize(width, height, { fit: "fill" }).removeAlpha().raw().toBuffer();
  return Array.from({ length: height }, (_, row) => rgb.subarray(row * width * 3, (row + 1) * width * 3));
}

function raw({ data, width, height, channels }: Pixels) {
  return sharp(Buffer.from(data), { raw: { width, height, channels } });
}
