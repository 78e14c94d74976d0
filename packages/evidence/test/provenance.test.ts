import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { FUZZ_RUNS, FUZZ_TIMEOUT } from "../../../setup/fuzz-runs.ts";
import {
  type CredentialsReader,
  findWatermarks,
  openCredentialsReader,
  type Picture,
  readProvenance,
  sayProvenance,
} from "../src/provenance/index.ts";
import { credentialed } from "./content-credentials.ts";
import { clean, marked, png, shape, text, tiff } from "./provenance-files.ts";

const bits = (letters: string) =>
  [...letters].flatMap((letter) => [...letter.charCodeAt(0).toString(2).padStart(8, "0")].map(Number));
const digits = (letters: string) => [...letters].map(Number);
const MESSAGES = [
  ["watermark-sd1", bits("StableDiffusionV1"), "whole"],
  ["watermark-sd2", bits("SDV2"), "whole"],
  ["watermark-sdxl", digits("101100111110110010010000011110111011000110011110"), "float"],
  ["watermark-flux", digits("1010101111111010000111100111001111010100101110"), "float"],
] as const;
const jpeg = (segment: Uint8Array) =>
  Uint8Array.from([
    0xff,
    0xd8,
    0xff,
    0xe1,
    (segment.length + 2) >> 8,
    (segment.length + 2) & 255,
    ...segment,
    0xff,
    0xd9,
  ]);
const exif = (tags: Parameters<typeof tiff>[0]) => jpeg(Buffer.concat([Buffer.from("Exif\0\0"), tiff(tags)]));
const wasm = () => readFile(fileURLToPath(import.meta.resolve("@contentauth/c2pa-wasm/c2pa.wasm")));

test.each(MESSAGES)("%s is found in a picture that carries it, in both orders of colours", (what, message, kind) => {
  const picture = marked(shape(7, 512), message, kind);
  expect(findWatermarks(picture)).toEqual([what]);
  const swapped = picture.data.map((_, at, all) => all[at % 3 === 1 ? at : at - (at % 3) + 2 - (at % 3)] ?? 0);
  expect(findWatermarks({ ...picture, data: swapped })).toEqual([what]);
});

test("no watermark is found in 500 generated pictures that carry none", () => {
  for (let seed = 1; seed <= 500; seed++) expect(findWatermarks(clean(seed))).toEqual([]);
}, 120_000);

test("a watermark that almost agrees is not told", () => {
  const message: number[] = bits("SDV2");
  message[31] = 1 - (message[31] ?? 0);
  expect(findWatermarks(marked(shape(7, 512), message, "whole"))).toEqual([]);
});

const SETTINGS = "김하늘, 바닷가 풍경\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1";
const FIELDS = [
  ["a1111-parameters", "png:parameters", png(text("iTXt", "parameters", SETTINGS))],
  ["a1111-parameters", "png:parameters", png(text("zTXt", "parameters", SETTINGS))],
  ["a1111-parameters", "exif:UserComment", exif({ comment: SETTINGS })],
  ["comfyui", "png:prompt", png(text("tEXt", "prompt", '{"3":{"class_type":"KSampler"}}'))],
  ["comfyui", "exif:Make", exif({ make: 'workflow:{"nodes":[]}' })],
  ["novelai", "png:Software", png(text("tEXt", "Software", "NovelAI"))],
  ["invokeai", "png:invokeai_metadata", png(text("tEXt", "invokeai_metadata", "{}"))],
  [
    "midjourney",
    "png:Description",
    png(text("tEXt", "Description", "hills Job ID: 01234567-89ab-cdef-0123-456789abcdef")),
  ],
  ["aigc-label", "png:AIGC", png(text("tEXt", "AIGC", '{"Label":"1","ContentProducer":"invented"}'))],
  [
    "digital-source-type",
    "xmp:DigitalSourceType",
    png(
      text(
        "iTXt",
        "XML:com.adobe.xmp",
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta>',
      ),
    ),
  ],
  [
    "credit",
    "iptc:Credit",
    Uint8Array.from([
      0xff,
      0xd8,
      0xff,
      0xed,
      0,
      56,
      ...Buffer.from("Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x1b\x1c\x02\x6e\0\x13Made with Google AI\0", "latin1"),
      0,
      0,
      0,
      0,
      0,
      0,
      0xff,
      0xd9,
    ]),
  ],
] as const;

test.each(FIELDS)("%s is told as found in %s, and not a word of its text", async (what, where, bytes) => {
  const report = await readProvenance(bytes);
  expect(report.marks).toContainEqual({ what, where, strength: "strong" });
  expect(JSON.stringify([report, sayProvenance(report, "ko")])).not.toMatch(/김하늘|Steps|KSampler|hills/);
});

test("the text of a Korean prompt is given when it is asked for", async () => {
  for (const bytes of [FIELDS[0][2], FIELDS[1][2], FIELDS[2][2]]) {
    const { marks } = await readProvenance(bytes, { texts: "given" });
    expect(marks[0]?.text).toContain("Steps: 20");
  }
  const comment = await readProvenance(FIELDS[2][2], { texts: "given" });
  expect(comment.marks[0]?.text).toBe(SETTINGS);
});

test("a camera's make, model and time are told, of the place only that it is there", async () => {
  const { camera } = await readProvenance(exif({ make: "Invented", latitude: 37 }));
  expect(camera).toEqual({ make: "Invented", model: null, takenAt: null, gps: true });
  expect((await readProvenance(exif({ make: 'workflow:{"nodes":[]}' }))).camera).toBeNull();
});

test("NovelAI's signature is found in the transparency", async () => {
  const signature = bits("stealth_pngcomp");
  const data = new Uint8Array(64 * 64 * 4).fill(254);
  signature.forEach((bit, at) => {
    data[((at % 64) * 64 + Math.floor(at / 64)) * 4 + 3] = 254 + bit;
  });
  const { marks } = await readProvenance(png(), { picture: { data, width: 64, height: 64, channels: 4 } });
  expect(marks.map(({ what }) => what)).toEqual(["novelai-stealth"]);
});

test("text that inflates without end is left unread, and the report says so", async () => {
  const body = Buffer.concat([Buffer.from("parameters\0\0"), deflateSync(Buffer.alloc(50 * 2 ** 20, 65))]);
  const { notChecked } = await readProvenance(png(["zTXt", body]));
  expect(notChecked).toContainEqual({ what: "compressed-text", why: "TOO_LARGE" });
});

test("what is empty, too large or does not fit its size is refused", async () => {
  const picture = (width: number): Picture => ({ data: new Uint8Array(3), width, height: 1, channels: 3 });
  await expect(readProvenance(new Uint8Array())).rejects.toMatchObject({ reason: { code: "EMPTY" } });
  await expect(readProvenance(png(), { picture: picture(2) })).rejects.toMatchObject({
    reason: { code: "BAD_PIXELS" },
  });
  const many = { reason: { code: "TOO_MANY_PIXELS" } };
  await expect(readProvenance(png(), { picture: picture(64_000_001) })).rejects.toMatchObject(many);
  const large = new Uint8Array(100 * 2 ** 20 + 1);
  await expect(readProvenance(large)).rejects.toMatchObject({ reason: { code: "TOO_LARGE" } });
});

test("a file without credentials has none, other bytes are not checked, and nothing is fetched", async () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  const credentials = await openCredentialsReader(new Uint8Array(await wasm()));
  const report = await readProvenance(png(), { credentials });
  expect(report.contentCredentials).toBeNull();
  expect(report.notChecked.filter(({ what }) => what === "content-credentials")).toEqual([]);
  const remote = png(
    text(
      "iTXt",
      "XML:com.adobe.xmp",
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="http://127.0.0.1:9/never"/></rdf:RDF></x:xmpmeta>',
    ),
  );
  expect((await readProvenance(remote, { credentials })).notChecked).toContainEqual({
    what: "content-credentials",
    why: "REMOTE",
  });
  expect(await credentials(new Uint8Array(9))).toEqual({
    found: null,
    notChecked: [{ what: "content-credentials", why: "FORMAT" }],
  });
  expect(fetched).not.toHaveBeenCalled();
  fetched.mockRestore();
});

test("without marks the words say that absence proves nothing, and never that it is real", async () => {
  const report = await readProvenance(png());
  expect(report.notChecked.map(({ why }) => why)).toEqual(["NO_READER", "NO_PIXELS"]);
  expect(sayProvenance(report, "en").at(-1)).toContain("proves nothing");
  expect(sayProvenance(report, "ko").at(-1)).toContain("증명하지 않습니다");
  const words = [...sayProvenance(report, "en"), ...sayProvenance(report, "ko")].join(" ");
  expect(words).not.toMatch(/\breal\b|not AI|authentic|진짜|실제/i);
});

test(
  "2,000 altered files end in a report",
  async () => {
    const credentials = await openCredentialsReader(new Uint8Array(await wasm()));
    const file = fc.constantFrom(...FIELDS.map(([, , bytes]) => bytes));
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 });
    const input = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.tuple(file, edits, fc.nat()).map(alter));
    await fc.assert(
      fc.asyncProperty(input, async (bytes) => {
        const report = await readProvenance(bytes, { credentials });
        expect(report.notChecked.map(({ why }) => why)).not.toContain("READER_BROKE");
        expect(sayProvenance(report, "ko").length).toBeGreaterThan(1);
      }),
      { seed: 5, numRuns: FUZZ_RUNS },
    );
  },
  FUZZ_TIMEOUT,
);

function alter([bytes, edits, end]: [Uint8Array, [number, number][], number]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [at, value] of edits) copy[at % copy.length] = value;
  return end % 3 === 0 ? copy.slice(0, 1 + (end % copy.length)) : copy;
}

describe("Content Credentials of an invented generator", () => {
  let credentials: CredentialsReader;
  beforeAll(async () => {
    credentials = await openCredentialsReader(new Uint8Array(await wasm()));
  });
  const read = async (file: Uint8Array) => (await readProvenance(file, { credentials })).contentCredentials;
  const film = () => {
    const words = ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x64:rate=10", "-t", "0.3", "-c:v", "libx264"];
    const shape = ["-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "pipe:1"];
    return new Uint8Array(execFileSync("ffmpeg", [...words, ...shape]));
  };

  test.each(["image/png", "video/mp4"] as const)(
    "%s: a signature that holds is told as holding, by nobody known",
    async (format) => {
      const file = format === "image/png" ? png() : film();
      const found = await read(await credentialed(file, format, "hold"));
      expect(found).toMatchObject({ state: "valid", generators: ["Invented generator"], issuer: "Invented house" });
      expect(found?.sourceTypes).toEqual(["trainedAlgorithmicMedia"]);
      expect(found?.problems).toEqual(["signingCredential.untrusted"]);
    },
  );

  test.each(["image/png", "video/mp4"] as const)(
    "%s: what was altered since is told as not holding",
    async (format) => {
      const signed = await credentialed(format === "image/png" ? png() : film(), format, "hold");
      const at = format === "image/png" ? signed.length - 20 : signed.length - 60;
      const altered = Uint8Array.from(signed, (byte, place) => (place === at ? byte ^ 1 : byte));
      expect(await read(altered)).toMatchObject({ state: "invalid" });
    },
  );

  test("a signature that does not hold is told as not holding, with the source type it names", async () => {
    const found = await read(await credentialed(png(), "image/png", "break"));
    expect(found).toMatchObject({ state: "invalid", sourceTypes: ["trainedAlgorithmicMedia"] });
    expect(found?.problems).toContain("claimSignature.mismatch");
  });
});
