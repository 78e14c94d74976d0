/** Why a file or a picture has no fingerprint. */
export const FINGERPRINT_REFUSALS = {
  TOO_SMALL: "the picture is smaller than 5 pixels in one direction",
  TOO_LARGE: "the picture has more pixels than are hashed",
  TOO_MANY_BYTES: "the file is larger than is read",
  BAD_PIXELS: "the pixels do not fit their width, height, channels and stride",
  EMPTY: "the file is empty",
  NOT_A_PICTURE: "the file is neither a picture nor a video that can be read",
  WRONG_TYPE: "the file is not of the type it claims to be",
  DAMAGED: "the file is cut short or damaged",
  NO_FRAMES: "the video holds no frame that can be read",
  TOO_LONG: "the video is longer than is read",
  NOT_SUPPORTED: "this file type cannot be read here",
} as const;

export type FingerprintRefusalCode = keyof typeof FINGERPRINT_REFUSALS;

/** A file or picture that gets no fingerprint: expected, safe to show. Anything else that is thrown is a bug. */
export class FingerprintRefusal extends Error {
  override readonly name = "FingerprintRefusal";
  readonly code: FingerprintRefusalCode;

  constructor(code: FingerprintRefusalCode) {
    super(FINGERPRINT_REFUSALS[code]);
    this.code = code;
  }
}
