import type { Fingerprint } from "./fingerprint.ts";

/** What one file yields: the 1 to 32 fingerprints that stand for it on a list, and nothing else of it. */
export type FileFingerprints = {
  readonly media: "picture" | "video";
  readonly width: number;
  readonly height: number;
  /** Length of a video or an animation. */
  readonly seconds?: number;
  /** The item's own fingerprint first. */
  readonly fingerprints: readonly Fingerprint[];
  /** Every frame of a video or animation that can be matched, about one a second. */
  readonly frames?: readonly Fingerprint[];
  /** True when nothing in the file is rich enough to be recognised: say so, and do not list it. */
  readonly tooPlain: boolean;
};

/** How much of a file is read before it is refused. */
export type FileBounds = {
  /** Bytes of a picture file. */
  readonly pictureBytes: number;
  /** Bytes of a video file. */
  readonly videoBytes: number;
  /** Pixels of one picture or frame, as the header claims and as decoded. */
  readonly pixels: number;
  /** Seconds of video that are looked at. */
  readonly seconds: number;
};

export const FILE_BOUNDS: FileBounds = {
  pictureBytes: 128 << 20,
  videoBytes: 16 * 2 ** 30,
  pixels: 120_000_000,
  seconds: 4 * 3600,
};
