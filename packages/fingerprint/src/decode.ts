import { readFile, stat } from "node:fs/promises";
import { familyOf } from "./family.ts";
import { FILE_BOUNDS, type FileBounds, type FileFingerprints } from "./file-fingerprints.ts";
import { type FileHeader, type FileType, fitsClaim, readFileHeader } from "./file-header.ts";
import { fingerprintFilm } from "./film.ts";
import { type Fingerprint, MAX_FINGERPRINTS } from "./fingerprint.ts";
import { fingerprint, type Pixels } from "./pdq.ts";
import { FingerprintRefusal } from "./refusal.ts";
import { fingerprintsOfVideo } from "./video.ts";

export { FILE_BOUNDS, type FileBounds, type FileFingerprints } from "./file-fingerprints.ts";

/** A decoded picture, or one frame of an animation with its time in seconds. */
export type Picture = Pixels & { readonly at: number };

export type DecodeOptions = {
  readonly bounds?: Partial<FileBounds>;
  /** A MIME type the sender claims: when given, bytes of another type are refused. */
  readonly claimedType?: string;
};

const SECONDS_PER_PICTURE = 20;

function checkedHeader(bytes: Uint8Array, options: DecodeOptions, bounds: FileBounds): FileHeader {
  if (bytes.length === 0) throw new FingerprintRefusal("EMPTY");
  const header = readFileHeader(bytes);
  if (header === null) throw new FingerprintRefusal("NOT_A_PICTURE");
  if (options.claimedType !== undefined && !fitsClaim(header.type, options.claimedType)) {
    throw new FingerprintRefusal("WRONG_TYPE");
  }
  const limit = header.media === "picture" ? bounds.pictureBytes : bounds.videoBytes;
  if (bytes.length > limit) throw new FingerprintRefusal("TOO_MANY_BYTES");
  if (header.size !== null) checkSize(header.size, bounds);
  return header;
}

function checkSize({ width, height }: { width: number; height: number }, bounds: FileBounds): void {
  if (width > 32_767 || height > 32_767 || width * height > bounds.pixels) throw new FingerprintRefusal("TOO_LARGE");
}

async function decodeHeic(bytes: Uint8Array): Promise<Picture> {
  const { default: decode } = await import("heic-decode");
  const { data, width, height } = await decode({ buffer: bytes });
  return { data, width, height, channels: 4, at: 0 };
}

/** At most 32 page numbers, evenly over an animation. */
function pagesToRead(pages: number): number[] {
  const count = Math.min(pages, MAX_FINGERPRINTS);
  return Array.from({ length: count }, (_, at) => Math.floor((at * pages) / count));
}

async function* decodePages(bytes: Uint8Array, bounds: FileBounds): AsyncGenerator<Picture> {
  const { default: sharp } = await import("sharp");
  const base = { failOn: "error", limitInputPixels: bounds.pixels } as const;
  const { pages = 1, delay = [], width, height, pageHeight = height } = await sharp(bytes, base).metadata();
  checkSize({ width, height: pageHeight }, bounds);
  const startOf = (page: number) => delay.slice(0, page).reduce((sum, ms) => sum + ms, 0) / 1000;
  for (const page of pagesToRead(pages)) {
    const { data, info } = await sharp(bytes, { ...base, page, pages: 1 })
      .timeout({ seconds: SECONDS_PER_PICTURE })
      .autoOrient()
      .flatten({ background: "white" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels === 2) throw new FingerprintRefusal("DAMAGED");
    yield { data, width: info.width, height: info.height, channels: info.channels, at: startOf(page) };
  }
}

/**
 * Decodes a picture at full size, as a person sees it: EXIF rotation applied, transparency on white, 8-bit sRGB. An
 * animation gives up to 32 frames, evenly, one at a time.
 *
 * @throws {FingerprintRefusal} before decoding `EMPTY`, `NOT_A_PICTURE`, `WRONG_TYPE`, `TOO_MANY_BYTES`, `TOO_LARGE`;
 * while decoding `DAMAGED`.
 */
export async function* decodePictures(bytes: Uint8Array, options: DecodeOptions = {}): AsyncGenerator<Picture> {
  const bounds = { ...FILE_BOUNDS, ...options.bounds };
  const { type, media } = checkedHeader(bytes, options, bounds);
  if (media === "video") throw new FingerprintRefusal("NOT_A_PICTURE");
  try {
    if (type === "heic") yield await decodeHeic(bytes);
    else yield* decodePages(bytes, bounds);
  } catch (error) {
    throw refusalOf(error, type);
  }
}

/** What a decoder throws says nothing to our reader and may quote the file: only a code goes on. */
function refusalOf(error: unknown, type: FileType): unknown {
  if (error instanceof FingerprintRefusal) return error;
  if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return error;
  const text = error instanceof Error ? error.message : "";
  if (/exceeds pixel limit/i.test(text)) return new FingerprintRefusal("TOO_LARGE");
  return new FingerprintRefusal(type === "heic" && /not found|not a HEIC/i.test(text) ? "NOT_A_PICTURE" : "DAMAGED");
}

async function fingerprintPictures(pictures: AsyncIterable<Picture>): Promise<FileFingerprints> {
  const frames: Fingerprint[] = [];
  let last: Picture | undefined;
  for await (const picture of pictures) {
    const { pdq, quality } = fingerprint(picture);
    frames.push({ kind: "vpdq-frame", value: pdq, quality, at: picture.at });
    last = picture;
  }
  if (last === undefined) throw new FingerprintRefusal("NO_FRAMES");
  const { width, height } = last;
  if (frames.length > 1) return fingerprintsOfVideo(frames, { width, height });
  const fingerprints = familyOf(last);
  return { media: "picture", width, height, fingerprints, tooPlain: fingerprint(last).tooPlain };
}

/**
 * Fingerprints a picture, an animation or a video: what to put on a list for it. A video is read by ffmpeg as a stream,
 * from the path given or out of memory; nothing is written to disk.
 *
 * @throws {FingerprintRefusal} when the file cannot be read; a picture too plain to recognise comes back as `tooPlain`.
 */
export async function fingerprintFile(
  file: Uint8Array | string,
  options: DecodeOptions = {},
): Promise<FileFingerprints> {
  const bounds = { ...FILE_BOUNDS, ...options.bounds };
  const bytes = typeof file === "string" ? await readStart(file, bounds) : file;
  const header = checkedHeader(bytes, options, bounds);
  if (header.media === "picture") return fingerprintPictures(decodePictures(bytes, options));
  return fingerprintFilm(file, header.type, bounds);
}

/** The whole of a picture file, the first bytes of a video file. */
async function readStart(path: string, bounds: FileBounds): Promise<Uint8Array> {
  const { open } = await import("node:fs/promises");
  const { size } = await stat(path);
  const handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0).finally(() => handle.close());
  const start = buffer.subarray(0, bytesRead);
  const isVideo = readFileHeader(start)?.media === "video";
  if (size > (isVideo ? bounds.videoBytes : bounds.pictureBytes)) throw new FingerprintRefusal("TOO_MANY_BYTES");
  return isVideo ? start : readFile(path);
}
