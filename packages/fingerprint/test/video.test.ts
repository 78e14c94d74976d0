import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitsApart, type Fingerprint, MATCH_BITS } from "../src/index.ts";
import { readPpmFrames } from "../src/ppm.ts";
import { chooseFrames, fingerprintsOfVideo, keepFrames, matchVideos } from "../src/video.ts";

function randomHash(seed: number): string {
  let state = seed * 2654435761 + 1;
  const digit = () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state >>> 20) & 15).toString(16);
  };
  return Array.from({ length: 64 }, digit).join("");
}

const frame = (seed: number, at: number, quality = 90): Fingerprint => ({
  kind: "vpdq-frame",
  value: randomHash(seed),
  quality,
  at,
});

/** Ten minutes of film in scenes of `length` seconds. */
const filmOf = (length: number, seed = 1) =>
  Array.from({ length: 600 }, (_, at) => frame(seed * 10_000 + Math.floor(at / length), at));

describe("a film of ten minutes", () => {
  const film = filmOf(4);

  test("ten seconds cut from it are found, and it is found to contain them", () => {
    const clip = film.slice(301, 311).map((f, at) => ({ ...f, at }));
    expect(matchVideos(clip, film).ofQuery).toBe(1);
    expect(matchVideos(film, clip)).toMatchObject({ ofEntry: 1 });
    expect(matchVideos(film, clip).ofQuery).toBeLessThan(0.05);
  });

  test("a still from it is found", () => {
    expect(matchVideos(film.slice(77, 78), film).ofQuery).toBe(1);
  });

  test("another film shares nothing with it", () => {
    expect(matchVideos(filmOf(4, 2), film)).toEqual({ ofQuery: 0, ofEntry: 0 });
  });

  test("a frame that is too plain counts on neither side", () => {
    const plain = film.slice(0, 5).map((f) => ({ ...f, quality: 49 }));
    expect(matchVideos(plain, film)).toEqual({ ofQuery: 0, ofEntry: 0 });
  });
});

test("frames that are plain or the same as the one before are dropped", () => {
  const frames = [frame(1, 0), frame(1, 1), frame(2, 2, 10), frame(3, 3), frame(1, 4)];
  expect(keepFrames(frames).map(({ at }) => at)).toEqual([0, 3, 4]);
});

test("at most 32 frames stand for a film, and every long scene has one", () => {
  const film = filmOf(20);
  const chosen = chooseFrames(film);
  expect(chosen.length).toBeLessThanOrEqual(32);
  expect(chosen.map(({ at = 0 }) => at)).toEqual(chosen.map(({ at = 0 }) => at).sort((a, b) => a - b));
  const spokenFor = film.filter((a) => chosen.some((b) => bitsApart(a.value, b.value) <= MATCH_BITS));
  expect(spokenFor).toHaveLength(film.length);
});

test("a film of hours is summed up too", () => {
  const chosen = chooseFrames(Array.from({ length: 9000 }, (_, at) => frame(at, at)));
  expect(chosen).toHaveLength(32);
});

test("a film of nothing but plain frames keeps one and says it is too plain", () => {
  const film = fingerprintsOfVideo([frame(1, 0, 3), frame(2, 1, 20)], { width: 9, height: 9 });
  expect(film).toMatchObject({ tooPlain: true, frames: [] });
  expect(film.fingerprints.map(({ quality }) => quality)).toEqual([20]);
});

async function ppmFrames(chunks: Uint8Array[]) {
  const frames: { width: number; height: number; sum: number }[] = [];
  const stream = (async function* () {
    yield* chunks;
  })();
  for await (const { width, height, data } of readPpmFrames(stream, 10_000)) {
    frames.push({ width, height, sum: Uint8Array.from(data).reduce((sum, byte) => sum + byte, 0) });
  }
  return frames;
}

test("frames are read whole however the stream is cut", async () => {
  const one = Buffer.concat([Buffer.from("P6\n5 4\n255\n"), Buffer.alloc(60, 10)]);
  const two = Buffer.concat([Buffer.from("P6\n2 3\n255\n"), Buffer.alloc(18, 7)]);
  const bytes = Buffer.concat([one, two, one.subarray(0, 30)]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (cuts) => {
      const chunks: Uint8Array[] = [];
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const length = cuts[n % cuts.length] ?? 1;
        chunks.push(bytes.subarray(at, at + length));
        at += length;
      }
      expect(await ppmFrames(chunks)).toEqual([
        { width: 5, height: 4, sum: 600 },
        { width: 2, height: 3, sum: 126 },
      ]);
    }),
    { seed: 3, numRuns: 60 },
  );
});

test("a frame that is too large or no frame at all is refused before its pixels", async () => {
  await expect(ppmFrames([Buffer.from("P6\n200 200\n255\n")])).rejects.toMatchObject({ code: "TOO_LARGE" });
  await expect(ppmFrames([Buffer.alloc(64, 65)])).rejects.toMatchObject({ code: "DAMAGED" });
});
