/** First bytes, as hex, of what shows or plays, or holds such (file formats; WHATWG MIME Sniffing Standard, section 6). */
const STARTS: readonly RegExp[] = [
  /^ffd8ff/, // JPEG
  /^89504e47/, // PNG
  /^47494638/, // GIF
  /^52494646.{8}(57454250|41564920|57415645)/, // RIFF: WebP, AVI, WAVE
  /^424d.{8}00000000/, // BMP
  /^(49492a00|4d4d002a|49492b00|4d4d002b)/, // TIFF
  /^0000(01|02)00/, // ICO, CUR
  /^(ff0a|0000000c4a584c20)/, // JPEG XL
  /^.{8}(66747970|6d6f6f76|6d646174|6d6f6f66|73747970)/, // ISO base media: MP4, AVIF, HEIC
  /^1a45dfa3/, // Matroska, WebM
  /^(4f676753|464c5601|494433|664c6143)/, // Ogg, FLV, MP3 with ID3, FLAC
  /^(25504446|38425053|0061736d|504b0304|1f8b)/, // PDF, Photoshop, WebAssembly, ZIP, gzip
  /^ff(fb|f3|f2|f1|f9)/, // MPEG audio
  /^47.{374}47/, // MPEG transport stream
];

/** Whether bytes begin as a picture, a film, a sound, or a container of such. */
export function isMedia(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 256)).toString("hex");
  return STARTS.some((form) => form.test(start));
}

/** Whether a type names something that shows or plays. Pictures drawn in SVG count. */
export function isMediaType(type: string): boolean {
  return /^(image|video|audio)\/|mpegurl|dash\+xml|x-mixed-replace/.test(type);
}

/** Types whose bodies are text and nothing else. */
export function isTextType(type: string): boolean {
  return (
    /^text\/(?!event-stream)/.test(type) ||
    /^application\/((x-)?javascript|ecmascript|json|xml|manifest\+json|graphql|[\w.+-]+\+(json|xml))$/.test(type)
  );
}
