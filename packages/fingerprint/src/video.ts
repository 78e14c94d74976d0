import type { FileFingerprints } from "./file-fingerprints.ts";
import {
  bitsApart,
  type Fingerprint,
  MATCH_BITS,
  MAX_FINGERPRINTS,
  MIN_QUALITY,
  wordsApart,
  wordsOf,
} from "./fingerprint.ts";

/** Frames nearer than this to the one kept before add nothing. */
const SAME_SHOT_BITS = 8;

/** Keeps the frames that vPDQ keeps: rich enough, and not the same as the one before. Takes frames in order of time. */
export function keepFrames(frames: readonly Fingerprint[]): Fingerprint[] {
  const kept: Fingerprint[] = [];
  for (const frame of frames) {
    const last = kept.at(-1);
    const same = last !== undefined && bitsApart(last.value, frame.value) <= SAME_SHOT_BITS;
    if (frame.quality >= MIN_QUALITY && !same) kept.push(frame);
  }
  return kept;
}

/**
 * At most 32 frames that stand for a video: each time the frame that has the most yet unspoken-for frames within
 * 31 bits. They come back in order of time.
 */
export function chooseFrames(frames: readonly Fingerprint[], most: number = MAX_FINGERPRINTS): Fingerprint[] {
  if (frames.length <= most) return [...frames];
  const spread = frames.length > 2000 ? frames.filter((_, at) => at % Math.ceil(frames.length / 2000) === 0) : frames;
  const words = spread.map((frame) => wordsOf(frame.value));
  const near = words.map((a) => words.flatMap((b, at) => (wordsApart(a, b) <= MATCH_BITS ? [at] : [])));
  const open = new Set(spread.keys());
  const chosen = new Set<number>();
  while (chosen.size < most && chosen.size < spread.length) {
    const gain = near.map((list, at) =>
      chosen.has(at) ? -1 : list.reduce((n, other) => n + Number(open.has(other)), 0),
    );
    const best = gain.indexOf(Math.max(...gain));
    chosen.add(best);
    for (const other of near[best] ?? []) open.delete(other);
  }
  return [...chosen].sort((a, b) => a - b).flatMap((at) => spread[at] ?? []);
}

export type VideoMatch = {
  /** Share of the query's frames that have a partner in the entry, 0 to 1. */
  readonly ofQuery: number;
  /** Share of the entry's frames that have a partner in the query, 0 to 1. */
  readonly ofEntry: number;
};

/**
 * Matches two videos both ways within 31 bits. A clip cut from a film has a high share of the query; a film that
 * contains a listed clip, a high share of the entry; a still has one frame. HMA's default is 0.8 of the query.
 */
export function matchVideos(query: readonly Fingerprint[], entry: readonly Fingerprint[]): VideoMatch {
  const rich = (frames: readonly Fingerprint[]) =>
    frames.filter((frame) => frame.quality >= MIN_QUALITY).map((frame) => wordsOf(frame.value));
  const share = (from: readonly Uint32Array[], to: readonly Uint32Array[]) => {
    const met = from.filter((a) => to.some((b) => wordsApart(a, b) <= MATCH_BITS));
    return from.length === 0 ? 0 : met.length / from.length;
  };
  return { ofQuery: share(rich(query), rich(entry)), ofEntry: share(rich(entry), rich(query)) };
}

/** Sums up the frames of one video or animation. `all` must not be empty. */
export function fingerprintsOfVideo(
  all: readonly Fingerprint[],
  size: { width: number; height: number },
): FileFingerprints {
  const frames = keepFrames(all);
  const richest = [...all].sort((a, b) => b.quality - a.quality).slice(0, 1);
  const seconds = all.at(-1)?.at ?? 0;
  const fingerprints = frames.length === 0 ? richest : chooseFrames(frames);
  return {
    media: "video",
    width: size.width,
    height: size.height,
    seconds,
    fingerprints,
    frames,
    tooPlain: frames.length === 0,
  };
}
