import { fingerprintFile } from "../../src/browser.ts";
import { fingerprint } from "../../src/index.ts";

/** The plain hash of a picture file, by the same way to its pixels. */
async function hashOf(file: Blob) {
  const bitmap = await createImageBitmap(file);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context?.drawImage(bitmap, 0, 0);
  const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8Array();
  return fingerprint({ data, width: bitmap.width, height: bitmap.height, channels: 4 });
}

self.onmessage = async ({ data }: MessageEvent<Blob>) => {
  const file = await fingerprintFile(data).catch((error) => ({ error: error.code ?? String(error) }));
  const hash = await hashOf(data).catch(() => null);
  self.postMessage({ file, hash });
};
