import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FileFingerprints, fingerprintFile } from "../src/decode.ts";
import { bitsApart, type Fingerprinted, MATCH_BITS } from "../src/index.ts";
import { openTestPage, type TestPage } from "./chromium.ts";
import { makeFilm, makePicture } from "./media.ts";
import { readVectors, VECTORS } from "./vectors.ts";

type Answer = { file: FileFingerprints & { error?: string }; hash: Fingerprinted | null };

const vectors = await readVectors();
let opened: TestPage;
beforeAll(async () => {
  opened = await openTestPage();
}, 120_000);
afterAll(() => opened?.close());

async function inChromium(name: string, buffer: Buffer, mimeType = "application/octet-stream"): Promise<Answer> {
  await opened.page.setInputFiles("input", { name, mimeType, buffer });
  return opened.page.evaluate<Answer>("ask()");
}

describe("in Chromium, under the portal's policy, in a worker", () => {
  test.each(vectors)("$file gives the bits of the reference", async (vector) => {
    const { hash, file } = await inChromium(vector.file, await readFile(new URL(vector.file, VECTORS)));
    expect(hash?.quality).toBe(vector.quality);
    expect(file.fingerprints[0]?.quality).toBe(vector.quality);
    if (vector.degenerate) return;
    expect(hash?.dihedral).toEqual(vector.dihedral);
    expect(file.fingerprints[0]?.value).toBe(vector.pdq);
  });

  test.each(["jpeg", "png", "webp", "gif"] as const)("a %s gives the same fingerprints as in Node", async (format) => {
    const bytes = await makePicture(format);
    expect((await inChromium(`a.${format}`, bytes)).file).toEqual(await fingerprintFile(bytes));
  });

  test.each(["jpeg-turned", "png-16", "png-alpha", "avif", "animated-gif"] as const)(
    "%s is within 4 bits of Node",
    async (format) => {
      const bytes = await makePicture(format);
      const here = await fingerprintFile(bytes);
      const there = (await inChromium("a", bytes)).file;
      expect(there.media).toBe(here.media);
      expect([there.width, there.height]).toEqual([here.width, here.height]);
      const apart = bitsApart(here.fingerprints[0]?.value ?? "", there.fingerprints[0]?.value ?? "");
      expect(apart).toBeLessThanOrEqual(4);
    },
    30_000,
  );

  test("a heic, which Chromium cannot read itself, gives the same fingerprints as in Node", async () => {
    const bytes = await readFile(new URL("./files/smooth-500x375.heic", import.meta.url));
    expect((await inChromium("a.heic", bytes)).file).toEqual(await fingerprintFile(bytes));
  });

  test.each(["mp4", "webm"] as const)("a film in %s is read in step with ffmpeg", async (format) => {
    const bytes = await makeFilm(format);
    const here = (await fingerprintFile(bytes)).frames ?? [];
    const { file } = await inChromium(`a.${format}`, bytes);
    expect(file.error).toBeUndefined();
    const partners = here.filter((a) => file.frames?.some((b) => bitsApart(a.value, b.value) <= MATCH_BITS));
    expect(partners.length).toBe(here.length);
  });

  test("bad files are refused with a code", async () => {
    const png = await readFile(new URL("text-400x400.png", VECTORS));
    const refusal = async (bytes: Buffer) => (await inChromium("a.png", bytes, "image/png")).file.error;
    expect(await refusal(Buffer.alloc(0))).toBe("EMPTY");
    expect(await refusal(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'></svg>"))).toBe("NOT_A_PICTURE");
    expect(await refusal(png.subarray(0, 40))).toBe("DAMAGED");
    expect(await refusal(await makePicture("wide"))).toBe("TOO_LARGE");
    expect(await refusal(await makePicture("dot"))).toBe("TOO_SMALL");
    expect(await refusal((await makeFilm("mp4")).subarray(0, 900))).toMatch(/^(DAMAGED|NO_FRAMES|NOT_SUPPORTED)$/);
  });

  test("a flat picture says that it is too plain", async () => {
    const { file } = await inChromium("flat", await readFile(new URL("flat-grey-300x300.png", VECTORS)));
    expect(file.tooPlain).toBe(true);
  });

  test("nothing but the page's own scripts was asked for", () => {
    expect(opened.requests.filter((url) => !/^http:\/\/127\.0\.0\.1:\d+\/(assets\/.*\.js)?$/.test(url))).toEqual([]);
  });
});
