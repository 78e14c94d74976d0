import { createHash } from "node:crypto";
import { FingerprintRefusal, fingerprint } from "@jikim/fingerprint";
import { decodePictures, fingerprintFile } from "@jikim/fingerprint/decode";
import type { Keeper } from "./keep.ts";
import { isMedia, isMediaType, isTextType } from "./media.ts";
import type { Resource } from "./record.ts";
import { type Cut, hasControls, scrub } from "./scrub.ts";
import type { Session } from "./session.ts";

/** Texts longer than this are dropped; pictures longer than this are digested and not fingerprinted. */
const MOST_HELD = 24 << 20;
const START = 512;

/** What is kept beside texts, and what is hidden in them. */
export type Care = { readonly keeper: Keeper | null; readonly session: Session };

/** What is left of a body. */
export type Remains = {
  /** What may be kept and shown: text without pictures in it; null when nothing may. */
  readonly text: Buffer | null;
  readonly resource: Omit<Resource, "url" | "status">;
  /** Pieces that were cut out of the text. */
  readonly inside: readonly Omit<Resource, "url" | "status">[];
  /** Pixels of a picture, so that a grey one takes its place. */
  readonly size: { readonly width: number; readonly height: number } | null;
};

/**
 * Takes a body apart as it comes. Only what says that it is text, and is, is left. Of all else its digest, its length and its fingerprints
 * stay; the bytes are held in memory while that is done and nowhere else.
 */
export async function discard(body: AsyncIterable<Buffer>, claimedType: string, care: Care): Promise<Remains> {
  const digest = createHash("sha256");
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    digest.update(part);
    bytes += part.length;
    if (bytes <= MOST_HELD) held.push(part);
    else held = held.length > 0 ? [Buffer.concat(held).subarray(0, START)] : [];
  }
  const whole = Buffer.concat(held);
  const type = claimedType.split(";")[0]?.trim().toLowerCase() ?? "";
  const facts = { type: type.slice(0, 100), bytes, sha256: digest.digest("hex") };
  if (bytes === 0) return { text: whole, resource: { ...facts, kept: true, why: null }, inside: [], size: null };
  const isWhole = bytes <= MOST_HELD;
  const why = whyDiscarded(type, whole, isWhole);
  if (why === null) return keepText(whole, facts, care);
  const seen = isWhole && why !== "not-text" ? await inTurn(() => fingerprintsOf(whole, care.keeper)) : null;
  return { text: null, resource: { ...facts, kept: false, why, ...seen?.found }, inside: [], size: seen?.size ?? null };
}

function whyDiscarded(type: string, body: Buffer, isWhole: boolean): Resource["why"] {
  if (isMediaType(type)) return "media";
  if (isMedia(body)) return "disguised";
  if (!isTextType(type) || hasControls(body.toString("latin1"))) return "not-text";
  return isWhole ? null : "too-large";
}

/** As Latin 1 each byte is a character, so that what is not cut stays byte for byte, in any encoding that is ASCII in its lower half. */
async function keepText(
  body: Buffer,
  facts: Pick<Resource, "type" | "bytes" | "sha256">,
  { keeper, session }: Care,
): Promise<Remains> {
  const { text, cuts } = scrub(body.toString("latin1"));
  const shown = session.hide(text);
  const inside = await Promise.all(cuts.map((cut) => remainsOfCut(cut, keeper)));
  const isChanged = cuts.length > 0 || shown !== text;
  const resource = { ...facts, kept: true, why: null, ...(isChanged ? { cut: cuts.length } : {}) };
  return { text: Buffer.from(shown, "latin1"), resource, inside, size: null };
}

export async function remainsOfCut(
  { bytes, type }: Cut,
  keeper: Keeper | null,
): Promise<Omit<Resource, "url" | "status">> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const seen = isMedia(bytes) ? await inTurn(() => fingerprintsOf(bytes, keeper)) : null;
  return { type, kept: false, bytes: bytes.length, sha256, why: "disguised", ...seen?.found };
}

/** Pictures that are decoded at the same time: each takes many times the memory of its file. */
const AT_ONCE = 2;
let decoding = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(act: () => Promise<T>): Promise<T> {
  if (decoding >= AT_ONCE) await new Promise<void>((next) => waiting.push(next));
  else decoding += 1;
  try {
    return await act();
  } finally {
    const next = waiting.shift();
    if (next === undefined) decoding -= 1;
    else next();
  }
}

/** A picture's PDQ, or one for each frame; null when it cannot be read: its digest stands all the same. What matches is handed to the keeper. */
async function fingerprintsOf(bytes: Buffer, keeper: Keeper | null) {
  const fingerprints: NonNullable<Resource["fingerprints"]> = [];
  let size: Remains["size"] = null;
  let isHers = false;
  try {
    for await (const picture of decodePictures(bytes)) {
      const { pdq, quality } = fingerprint(picture);
      size ??= { width: picture.width, height: picture.height };
      fingerprints.push({ kind: "pdq", value: pdq, quality });
      isHers ||= keeper?.knows(picture) ?? false;
    }
    return { found: { fingerprints, ...(isHers ? await keeper?.keep(bytes) : {}) }, size };
  } catch (error) {
    const isFilm = error instanceof FingerprintRefusal && error.code === "NOT_A_PICTURE";
    return isFilm ? fingerprintsOfFilm(bytes, keeper) : null;
  }
}

async function fingerprintsOfFilm(bytes: Buffer, keeper: Keeper | null) {
  try {
    const { fingerprints, width, height } = await fingerprintFile(bytes);
    const found = fingerprints.map(({ kind, value, quality }) => ({ kind, value, quality }));
    const isHers = keeper?.knowsFrames(fingerprints) ?? false;
    return { found: { fingerprints: found, ...(isHers ? await keeper?.keep(bytes) : {}) }, size: { width, height } };
  } catch {
    return null;
  }
}
