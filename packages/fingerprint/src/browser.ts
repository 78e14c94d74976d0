import { openEasel } from "./easel.ts";
import { familyOf } from "./family.ts";
import { FILE_BOUNDS, type FileBounds, type FileFingerprints } from "./file-fingerprints.ts";
import { type FileHeader, readFileHeader } from "./file-header.ts";
import { type Fingerprint, MAX_FINGERPRINTS } from "./fingerprint.ts";
import { fingerprint, type Pixels, ready } from "./pdq.ts";
import { FingerprintRefusal } from "./refusal.ts";
import { fingerprintsOfVideo } from "./video.ts";

export { FILE_BOUNDS, type FileBounds, type FileFingerprints } from "./file-fingerprints.ts";

export type BrowserOptions = {
  readonly bounds?: Partial<FileBounds>;
  /** Called as a video is read, with the share done from 0 to 1. */
  readonly onProgress?: (share: number) => void;
};

async function checkedHeader(file: Blob, bounds: FileBounds): Promise<FileHeader> {
  if (file.size === 0) throw new FingerprintRefusal("EMPTY");
  const start = new Uint8Array(await file.slice(0, 1 << 20).arrayBuffer());
  const header = readFileHeader(start);
  if (header === null) throw new FingerprintRefusal("NOT_A_PICTURE");
  const limit = header.media === "picture" ? bounds.pictureBytes : bounds.videoBytes;
  if (file.size > limit) throw new FingerprintRefusal("TOO_MANY_BYTES");
  const { width = 0, height = 0 } = header.size ?? {};
  if (Math.max(width, height) > 32_767 || width * height > bounds.pixels) throw new FingerprintRefusal("TOO_LARGE");
  return header;
}

async function pictureOf(file: Blob, type: FileHeader["type"]): Promise<Pixels> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (bitmap !== null) {
    const pixels = openEasel().draw((context) => context.drawImage(bitmap, 0, 0), bitmap.width, bitmap.height);
    bitmap.close();
    return pixels;
  }
  if (type !== "heic") throw new FingerprintRefusal("DAMAGED");
  const { default: decode } = await import("heic-decode");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const decoded = await decode({ buffer: bytes }).catch(() => null);
  if (decoded === null) throw new FingerprintRefusal("DAMAGED");
  return { ...decoded, channels: 4 };
}

/** The frames of an animated picture, at most 32, evenly; empty where it does not move or the browser cannot say. */
async function animationOf(file: Blob): Promise<{ frames: Fingerprint[]; size: { width: number; height: number } }> {
  const size = { width: 0, height: 0 };
  const frames: Fingerprint[] = [];
  const type = file.type.startsWith("image/") ? file.type : "";
  if (typeof ImageDecoder === "undefined" || !(await ImageDecoder.isTypeSupported(type))) return { frames, size };
  const decoder = new ImageDecoder({ data: file.stream(), type });
  try {
    await Promise.all([decoder.completed, decoder.tracks.ready]);
    const count = decoder.tracks.selectedTrack?.frameCount ?? 1;
    const most = Math.min(count, MAX_FINGERPRINTS);
    const easel = openEasel();
    for (let at = 0; count > 1 && at < most; at++) {
      const { image } = await decoder.decode({ frameIndex: Math.floor((at * count) / most) });
      Object.assign(size, { width: image.displayWidth, height: image.displayHeight });
      const { pdq, quality } = fingerprint(
        easel.draw((context) => context.drawImage(image, 0, 0), size.width, size.height),
      );
      frames.push({ kind: "vpdq-frame", value: pdq, quality, at: image.timestamp / 1e6 });
      image.close();
    }
  } catch {
    return { frames: [], size };
  } finally {
    decoder.close();
  }
  return { frames, size };
}

const MIME = { gif: "image/gif", webp: "image/webp", png: "image/png", avif: "image/avif" } as const;

async function fingerprintPicture(file: Blob, type: FileHeader["type"]): Promise<FileFingerprints> {
  if (type in MIME) {
    const typed = new Blob([file], { type: MIME[type as keyof typeof MIME] });
    const { frames, size } = await animationOf(typed);
    if (frames.length > 1) return fingerprintsOfVideo(frames, size);
  }
  const pixels = await pictureOf(file, type);
  const { width, height } = pixels;
  const { tooPlain } = fingerprint(pixels);
  return { media: "picture", width, height, fingerprints: familyOf(pixels), tooPlain };
}

/**
 * Fingerprints a picture, an animation or a video on the device: nothing of the file goes to the network, and a film is
 * read frame by frame. Best called in a worker. Files are known by their bytes, not by their names.
 *
 * @throws {FingerprintRefusal} when the file cannot be read; a picture too plain to recognise comes back as `tooPlain`.
 */
export async function fingerprintFile(file: Blob, options: BrowserOptions = {}): Promise<FileFingerprints> {
  const bounds = { ...FILE_BOUNDS, ...options.bounds };
  const [header] = await Promise.all([checkedHeader(file, bounds), ready()]);
  if (header.media === "picture") return fingerprintPicture(file, header.type);
  const { fingerprintVideo } = await import("./browser-video.ts");
  return fingerprintVideo(file, bounds, options.onProgress);
}
