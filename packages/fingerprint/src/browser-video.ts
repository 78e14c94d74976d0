import { ALL_FORMATS, BlobSource, Input, type InputVideoTrack, VideoSampleSink } from "mediabunny";
import { openEasel } from "./easel.ts";
import type { FileBounds, FileFingerprints } from "./file-fingerprints.ts";
import { bitsApart, type Fingerprint, MATCH_BITS } from "./fingerprint.ts";
import { fingerprint } from "./pdq.ts";
import { FingerprintRefusal } from "./refusal.ts";
import { fingerprintsOfVideo } from "./video.ts";

/** Two looks a second; those between whole seconds count only where the scene has changed. */
const LOOKS_PER_SECOND = 2;
const NEW_SCENE_BITS = 2 * MATCH_BITS;

type Frames = { frames: Fingerprint[]; size: { width: number; height: number } };

async function readFrames(
  track: InputVideoTrack,
  seconds: number,
  onProgress?: (share: number) => void,
): Promise<Frames> {
  const start = await track.getFirstTimestamp();
  const looks = Math.max(1, Math.ceil(seconds * LOOKS_PER_SECOND));
  const times = Array.from({ length: looks }, (_, look) => start + look / LOOKS_PER_SECOND);
  const easel = openEasel();
  const frames: Fingerprint[] = [];
  let size = { width: 0, height: 0 };
  let look = 0;
  for await (const sample of new VideoSampleSink(track).samplesAtTimestamps(times)) {
    const onSecond = look++ % LOOKS_PER_SECOND === 0;
    onProgress?.(look / looks);
    if (sample === null) continue;
    size = { width: sample.displayWidth, height: sample.displayHeight };
    const { pdq, quality } = fingerprint(
      easel.draw((context) => sample.draw(context, 0, 0, size.width, size.height), size.width, size.height),
    );
    const at = sample.timestamp - start;
    sample.close();
    const last = frames.at(-1);
    const newScene = last === undefined || bitsApart(last.value, pdq) > NEW_SCENE_BITS;
    if (onSecond || newScene) frames.push({ kind: "vpdq-frame", value: pdq, quality, at });
  }
  return { frames, size };
}

/**
 * Fingerprints a video by WebCodecs, never holding more than a few frames.
 *
 * @throws {FingerprintRefusal} `DAMAGED`, `NOT_SUPPORTED` where the browser has no decoder for it, `NO_FRAMES`, `TOO_LARGE`.
 */
export async function fingerprintVideo(
  file: Blob,
  bounds: FileBounds,
  onProgress?: (share: number) => void,
): Promise<FileFingerprints> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryVideoTrack().catch(() => {
      throw new FingerprintRefusal("DAMAGED");
    });
    if (track === null) throw new FingerprintRefusal("NO_FRAMES");
    if (track.displayWidth * track.displayHeight > bounds.pixels) throw new FingerprintRefusal("TOO_LARGE");
    if (!(await track.canDecode())) throw new FingerprintRefusal("NOT_SUPPORTED");
    const seconds = Math.min(await track.computeDuration(), bounds.seconds);
    const { frames, size } = await readFrames(track, seconds, onProgress);
    if (frames.length === 0) throw new FingerprintRefusal("NO_FRAMES");
    return { ...fingerprintsOfVideo(frames, size), seconds };
  } finally {
    input.dispose();
  }
}
