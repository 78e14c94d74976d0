/** What a file is by its first bytes; names given to it (extension, MIME type) are not believed. */
export type FileType =
  | "jpeg"
  | "png"
  | "gif"
  | "webp"
  | "avif"
  | "heic"
  | "mp4"
  | "matroska"
  | "avi"
  | "mpegts"
  | "flv"
  | "ogg";

export type FileHeader = {
  readonly type: FileType;
  readonly media: "picture" | "video";
  /** Size as the header claims it, before EXIF rotation; null for videos and where the header does not say. */
  readonly size: { readonly width: number; readonly height: number } | null;
};

type Size = FileHeader["size"];
type Bytes = { readonly data: Uint8Array; readonly view: DataView };

function letters({ data }: Bytes, at: number, length: number): string {
  return String.fromCharCode(...data.subarray(at, at + length));
}

function pngSize({ view }: Bytes): Size {
  return view.byteLength < 24 ? null : { width: view.getUint32(16), height: view.getUint32(20) };
}

function gifSize({ view }: Bytes): Size {
  return view.byteLength < 10 ? null : { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** Walks the segments up to the frame header (ITU T.81, B.2.2). */
function jpegSize({ view }: Bytes): Size {
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const alone = marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += marker === 0xff ? 1 : alone ? 2 : 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}

/** The three chunk forms of the WebP container (RFC 9649). */
function webpSize(bytes: Bytes): Size {
  const { view } = bytes;
  if (view.byteLength < 30) return null;
  const form = letters(bytes, 12, 4);
  if (form === "VP8X") {
    const three = (at: number) => 1 + view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
    return { width: three(24), height: three(27) };
  }
  if (form === "VP8L") {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (form !== "VP8 ") return null;
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

/** Boxes between two offsets (ISO 14496-12, 4.2); stops at the first that does not fit. */
function* boxes(bytes: Bytes, from: number, to: number): Generator<{ name: string; start: number; end: number }> {
  let at = from;
  while (at + 8 <= to) {
    const short = bytes.view.getUint32(at);
    const long = short === 1 && at + 16 <= to;
    const length = long ? Number(bytes.view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    const head = long ? 16 : 8;
    if (length < head) return;
    yield { name: letters(bytes, at + 4, 4), start: at + head, end: Math.min(to, at + length) };
    at += length;
  }
}

const CONTAINERS: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };

/** The largest image that a HEIF file declares (ISO 23008-12, 6.5.3). */
function heifSize(bytes: Bytes, from = 0, to = bytes.view.byteLength): Size {
  let largest: Size = null;
  for (const { name, start, end } of boxes(bytes, from, to)) {
    const skip = CONTAINERS[name];
    let size: Size = null;
    if (skip !== undefined) size = heifSize(bytes, start + skip, end);
    else if (name === "ispe" && end - start >= 12) {
      size = { width: bytes.view.getUint32(start + 4), height: bytes.view.getUint32(start + 8) };
    }
    if (size !== null && (largest === null || size.width * size.height > largest.width * largest.height))
      largest = size;
  }
  return largest;
}

const AVIF_BRANDS = ["avif", "avis"];
const HEIC_BRANDS = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"];

function isoHeader(bytes: Bytes): FileHeader {
  const end = Math.min(bytes.view.getUint32(0), bytes.view.byteLength, 256);
  const brands = [letters(bytes, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(letters(bytes, at, 4));
  const major = brands[0] ?? "";
  const size = heifSize(bytes);
  if (AVIF_BRANDS.includes(major)) return { type: "avif", media: "picture", size };
  if (!HEIC_BRANDS.includes(major)) return { type: "mp4", media: "video", size: null };
  return { type: brands.some((brand) => AVIF_BRANDS.includes(brand)) ? "avif" : "heic", media: "picture", size };
}

/** Tells the type of a file and the size it claims from its bytes, without decoding; null when it is none we read. */
export function readFileHeader(data: Uint8Array): FileHeader | null {
  if (data.length < 12) return null;
  const bytes = { data, view: new DataView(data.buffer, data.byteOffset, data.byteLength) };
  const start = bytes.view.getUint32(0);
  const tag = letters(bytes, 0, 4);
  const picture = (type: FileType, size: Size): FileHeader => ({ type, media: "picture", size });
  const video = (type: FileType): FileHeader => ({ type, media: "video", size: null });
  if (start === 0x89504e47 && bytes.view.getUint32(4) === 0x0d0a1a0a) return picture("png", pngSize(bytes));
  if (start >>> 8 === 0xffd8ff) return picture("jpeg", jpegSize(bytes));
  if (tag === "GIF8") return picture("gif", gifSize(bytes));
  if (tag === "RIFF" && letters(bytes, 8, 4) === "WEBP") return picture("webp", webpSize(bytes));
  if (tag === "RIFF" && letters(bytes, 8, 4) === "AVI ") return video("avi");
  if (letters(bytes, 4, 4) === "ftyp") return isoHeader(bytes);
  if (["moov", "mdat", "wide", "free"].includes(letters(bytes, 4, 4))) return video("mp4");
  if (start === 0x1a45dfa3) return video("matroska");
  if (tag === "OggS") return video("ogg");
  if (start >>> 8 === 0x464c56) return video("flv");
  if (start >>> 24 === 0x47 && data.length > 188 && data[188] === 0x47) return video("mpegts");
  return null;
}

const MIME: Readonly<Record<FileType, RegExp>> = {
  jpeg: /^image\/jpe?g$/,
  png: /^image\/(png|apng)$/,
  gif: /^image\/gif$/,
  webp: /^image\/webp$/,
  avif: /^image\/avif/,
  heic: /^image\/hei[cf]/,
  mp4: /^video\/(mp4|quicktime|3gpp2?|x-m4v)$/,
  matroska: /^video\/(webm|(x-)?matroska)/,
  avi: /^video\/(x-msvideo|avi|msvideo)$/,
  mpegts: /^video\/mp2t$/,
  flv: /^video\/x-flv$/,
  ogg: /^video\/ogg$/,
};

/** Whether a claimed MIME type fits what the bytes are. */
export function fitsClaim(type: FileType, claimed: string): boolean {
  return MIME[type].test((claimed.split(";")[0] ?? "").trim().toLowerCase());
}
