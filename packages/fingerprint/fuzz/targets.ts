import { fingerprintFile } from "../src/decode.ts";
import { readFileHeader } from "../src/file-header.ts";
import {
  bitsApart,
  type Fingerprint,
  FingerprintRefusal,
  familyOf,
  fingerprint,
  IndexRefusal,
  isFingerprintText,
  loadIndex,
  matchFamilies,
  type Pixels,
  queriesOf,
} from "../src/index.ts";
import { readPpmFrames } from "../src/ppm.ts";
import { damaged, type Pick, pickFrom } from "./inputs.ts";

export type Corpus = { readonly pictures: readonly Uint8Array[]; readonly snapshot: Uint8Array };

/** Thrown when code that was fed bad input did anything but answer or refuse. */
export class FuzzFailure extends Error {
  override readonly name = "FuzzFailure";
}

const LONGEST_MS = 5000;

function oneOf<T>(list: readonly T[], pick: Pick): T {
  const one = list[pick(list.length)];
  if (one === undefined) throw new FuzzFailure("empty corpus");
  return one;
}

function header(pick: Pick, { pictures }: Corpus): void {
  const read = readFileHeader(damaged(oneOf(pictures, pick), oneOf(pictures, pick), pick));
  const { width = 0, height = 0 } = read?.size ?? {};
  if (![width, height].every((side) => Number.isSafeInteger(side) && side >= 0))
    throw new FuzzFailure("header without a size");
}

async function ppm(pick: Pick): Promise<void> {
  const [width, height] = [pick(9), pick(9)];
  const whole = Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), Buffer.alloc(width * height * 3, 7)]);
  const bytes = damaged(Buffer.concat([whole, whole]), whole, pick);
  const stream = (async function* () {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  })();
  for await (const frame of readPpmFrames(stream, 5000)) {
    if (frame.data.length !== frame.width * frame.height * 3) throw new FuzzFailure("frame of a wrong size");
  }
}

const ODD_NUMBERS = [0, 1, 4, 5, 64, 65, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 70_000];

function pixels(pick: Pick): void {
  const side = () => (pick(4) === 0 ? (ODD_NUMBERS[pick(ODD_NUMBERS.length)] ?? 0) : 5 + pick(60));
  const data = Uint8Array.from({ length: pick(20_000) }, () => pick(256));
  const picture = { data, width: side(), height: side(), channels: pick(6) } as unknown as Pixels;
  const { pdq, quality } = fingerprint(pick(3) === 0 ? { ...picture, stride: side() } : picture);
  if (!isFingerprintText(pdq) || quality < 0 || quality > 100) throw new FuzzFailure("no fingerprint");
}

function family(pick: Pick): void {
  const [width, height] = [5 + pick(70), 5 + pick(70)];
  const spread = 1 + pick(255);
  const data = Uint8Array.from({ length: width * height * 3 }, () => pick(spread));
  const picture: Pixels = { data, width, height, channels: 3 };
  const [own, queries] = [familyOf(picture), queriesOf(picture)];
  if (own.length < 1 || own.length > 32 || queries.length > 16) throw new FuzzFailure("family or queries too large");
  if (queries.some(({ kind }) => kind === "pdq") && matchFamilies(queries, own) === null) {
    throw new FuzzFailure("a picture does not match itself");
  }
}

function text(pick: Pick): void {
  const letters = "0123456789abcdefABCDEF０g \n-";
  const value = Array.from({ length: 60 + pick(8) }, () => letters[pick(pick(3) === 0 ? letters.length : 16)]).join("");
  const odd: Fingerprint = { kind: "pdq", value, quality: 90 };
  try {
    if (bitsApart(value, odd.value) !== 0) throw new FuzzFailure("a text differs from itself");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

function indexSnapshot(pick: Pick, { snapshot }: Corpus): void {
  const bytes = damaged(snapshot, snapshot, pick);
  let at = 0;
  loadIndex((into) => {
    const part = bytes.subarray(at, at + into.length);
    into.set(part);
    at += part.length;
    return part.length;
  });
}

type Target = (pick: Pick, corpus: Corpus) => void | Promise<void>;
const OWN: readonly Target[] = [header, ppm, pixels, text, indexSnapshot];
/** One input in so many goes to the costlier families. */
const FAMILY_EVERY = 100;

async function guarded(work: () => void | Promise<void>, seed: number): Promise<"answered" | "refused"> {
  const began = process.cpuUsage();
  try {
    await work();
    return "answered";
  } catch (error) {
    if (error instanceof FingerprintRefusal || error instanceof IndexRefusal) return "refused";
    throw new FuzzFailure(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    if (process.cpuUsage(began).user / 1000 > LONGEST_MS)
      process.stderr.write(`seed ${seed} took more than five seconds\n`);
  }
}

/** Feeds one bad input to one of our own parsers. @throws {FuzzFailure} */
export function tryParser(seed: number, corpus: Corpus): Promise<"answered" | "refused"> {
  const target = seed % FAMILY_EVERY === 0 ? family : (OWN[seed % OWN.length] ?? header);
  return guarded(() => target(pickFrom(seed), corpus), seed);
}

/** Feeds one damaged file to the outside decoders. @throws {FuzzFailure} */
export function tryDecoder(seed: number, corpus: Corpus): Promise<"answered" | "refused"> {
  const pick = pickFrom(seed);
  const bytes = damaged(oneOf(corpus.pictures, pick), oneOf(corpus.pictures, pick), pick);
  return guarded(async () => void (await fingerprintFile(bytes)), seed);
}
