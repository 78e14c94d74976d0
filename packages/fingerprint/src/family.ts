import { type Fingerprint, MATCH_BITS, MIN_QUALITY, wordsApart, wordsOf } from "./fingerprint.ts";
import { type Frame, frameWithin, gridOf, gridQuality, WHOLE } from "./frame.ts";
import { type Miniature, miniatureOf } from "./miniature.ts";
import { fingerprint, type Pixels } from "./pdq.ts";
import { straightenedFrame } from "./straighten.ts";
import { trimmedFrames } from "./trim.ts";
import { turningBetween, turningNumber, turningOf, uprightHashes } from "./upright.ts";
import { spectrumOf, type Turning } from "./view.ts";

/** One hash to look up for an uploaded picture. */
export type Query = {
  readonly kind: "pdq" | "view";
  /** 64 lowercase hex digits. */
  readonly value: string;
  readonly quality: number;
  /** What was hashed: the picture, what was left after trimming or straightening it, or only its upper or lower part. */
  readonly of: "whole" | "trimmed" | "straightened";
  readonly part: "all" | "upper" | "lower";
  /** How the picture was turned before hashing, 0 to 15. */
  readonly turning: number;
};

/** What was done to a listed picture before it was uploaded. */
export type Edit = "cropped" | "framed" | "tilted" | "turned" | "mirrored" | "inverted" | "covered";

export type FamilyMatch = {
  /** Bits between the two nearest hashes, 0 to 31. */
  readonly bitsApart: number;
  /** Edits recognised; empty for the picture itself, resized or recompressed at most. */
  readonly edits: readonly Edit[];
  readonly query: Query;
  readonly fingerprint: Fingerprint;
};

// The crops that an entry foresees, in hundredths of width and height. A view is met by whatever is up to about 3 off at
// one edge, or 2 at all four, so these leave no gap up to 20 on one side and 10 on each (measured in bench/edits.ts).
const ONE_SIDED = [6.2, 12.2, 17.8];
const EVEN = [4.4, 8.8];
const CORNER = [5, 10];
/** Cropped all round, and at one side more. */
const AROUND = 3.5;
const MOSTLY = 12.5;
/** Degrees. A view is met from 0.8 to 3.3 degrees, the whole picture up to 1. */
const TILTS = [2.2, -2.2];

/** A view bears a picture half as rich as PDQ does; its quality counts double, so that 50 means the same for both. */
const VIEW_QUALITY = 2;

/** The upper and the lower two fifths: whatever covers up to a fifth of the height leaves one of them whole. */
const UPPER: Frame = { ...WHOLE, bottom: 0.4 };
const LOWER: Frame = { ...WHOLE, top: 0.6 };

/** What a straightened picture has lost are its corners: within them it is compared with the lesser even crop. */
const WITHIN_CORNERS: Frame = { ...WHOLE, left: 0.044, top: 0.044, right: 0.956, bottom: 0.956 };

const SIDES = ["left", "right", "top", "bottom"] as const;

type View = { readonly name: string; readonly frame: Frame; readonly freedom: "all" | "mirror" };

function viewQualityOf(grid: Float32Array): number {
  return Math.min(100, VIEW_QUALITY * gridQuality(grid));
}

/** The largest frame of the picture's own shape within it when it is turned by a few degrees. */
function tiltedFrame({ width, height }: Miniature, degrees: number): Frame {
  const angle = (Math.abs(degrees) * Math.PI) / 180;
  const keeps = 1 / (Math.max(width / height, height / width) * Math.sin(angle) + Math.cos(angle));
  const off = (1 - keeps) / 2;
  return { left: off, top: off, right: 1 - off, bottom: 1 - off, degrees };
}

/** What is left when hundredths are cut from each side. */
function cropped(cut: { left?: number; top?: number; right?: number; bottom?: number }): Frame {
  const { left = 0, top = 0, right = 0, bottom = 0 } = cut;
  return { ...WHOLE, left: left / 100, top: top / 100, right: 1 - right / 100, bottom: 1 - bottom / 100 };
}

/** The thirty-one views by which an entry is recognised when it was edited. */
function viewsOf(picture: Miniature): View[] {
  const all = (name: string, frame: Frame): View => ({ name, frame, freedom: "all" });
  const evenly = (p: number) => ({ left: p, top: p, right: p, bottom: p });
  return [
    all("whole", WHOLE),
    ...SIDES.flatMap((side) => ONE_SIDED.map((p) => all(`${side}-${Math.round(p)}`, cropped({ [side]: p })))),
    ...EVEN.map((p) => all(`even-${Math.round(p)}`, cropped(evenly(p)))),
    ...SIDES.map((side) => all(`mostly-${side}`, cropped({ ...evenly(AROUND), [side]: MOSTLY }))),
    ...CORNER.flatMap((p) => [
      all(`corner-a${p}`, cropped({ left: p, top: p })),
      all(`corner-b${p}`, cropped({ right: p, top: p })),
      all(`corner-c${p}`, cropped({ left: p, bottom: p })),
      all(`corner-d${p}`, cropped({ right: p, bottom: p })),
    ]),
    ...TILTS.map((d) => all(`tilt-${d < 0 ? "l" : "r"}${Math.abs(d) * 10}`, tiltedFrame(picture, d))),
    { name: "upper", frame: UPPER, freedom: "mirror" },
    { name: "lower", frame: LOWER, freedom: "mirror" },
  ];
}

/**
 * The fingerprints that stand for one picture on a list: its PDQ first, then up to 31 views of it. Views too plain to be
 * trusted are left out; a picture too plain itself has its PDQ alone, with its quality.
 *
 * @throws {FingerprintRefusal} as `fingerprint`.
 */
export function familyOf(pixels: Pixels): Fingerprint[] {
  const { pdq, quality, tooPlain } = fingerprint(pixels);
  const own: Fingerprint = { kind: "pdq", value: pdq, quality };
  if (tooPlain) return [own];
  const picture = miniatureOf(pixels);
  const views = viewsOf(picture).flatMap(({ name, frame, freedom }): Fingerprint[] => {
    const grid = gridOf(picture, frame);
    const viewQuality = viewQualityOf(grid);
    const [upright] = uprightHashes(spectrumOf(grid), freedom, 1);
    if (viewQuality < MIN_QUALITY || upright === undefined) return [];
    const part = `${name}-t${turningNumber(upright.turning)}`;
    return [{ kind: "view", value: upright.value, quality: viewQuality, part }];
  });
  return [own, ...views];
}

function queriesIn(picture: Miniature, of: Query["of"], frame: Frame, part: Query["part"]): Query[] {
  const inner = part === "upper" ? UPPER : part === "lower" ? LOWER : WHOLE;
  const grid = gridOf(picture, frameWithin(frame, inner));
  const quality = viewQualityOf(grid);
  if (quality < MIN_QUALITY) return [];
  return uprightHashes(spectrumOf(grid), part === "all" ? "all" : "mirror", 2).map(
    ({ value, turning }): Query => ({ kind: "view", value, quality, of, part, turning: turningNumber(turning) }),
  );
}

/** Sides on which a frame is smaller than the picture. One alone may be a caption, or a plain sky taken for one. */
function sidesOff({ left, top, right, bottom }: Frame): number {
  return [left > 0, top > 0, right < 1, bottom < 1].filter(Boolean).length;
}

/**
 * The hashes to look up for an uploaded picture: its PDQ, its view, the same without borders, bars and app frames where
 * it has any, and its upper and lower parts. About five; none for a picture too plain to recognise.
 *
 * @throws {FingerprintRefusal} as `fingerprint`.
 */
export function queriesOf(pixels: Pixels): Query[] {
  const { pdq, quality, tooPlain } = fingerprint(pixels);
  const picture = miniatureOf(pixels);
  const own: Query[] = tooPlain ? [] : [{ kind: "pdq", value: pdq, quality, of: "whole", part: "all", turning: 0 }];
  const straight = straightenedFrame(picture);
  const trims = straight === null ? trimmedFrames(picture) : [];
  const inner = trims.length > 1 ? [trims.at(0), trims.at(-1)] : trims;
  const frames: { of: Query["of"]; frame: Frame }[] = [{ of: "whole", frame: WHOLE }];
  for (const frame of inner) if (frame !== undefined) frames.push({ of: "trimmed", frame });
  if (straight !== null) {
    frames.push({ of: "straightened", frame: frameWithin(straight, WITHIN_CORNERS) });
    frames.push({ of: "straightened", frame: straight });
  }
  const best = frames.slice(-1);
  const ofParts = best.some(({ frame }) => sidesOff(frame) === 1) ? [...frames.slice(0, 1), ...best] : best;
  const views = frames.flatMap(({ of, frame }) => queriesIn(picture, of, frame, "all"));
  const parts = ofParts.flatMap(({ of, frame }) =>
    (["upper", "lower"] as const).flatMap((part) => queriesIn(picture, of, frame, part)),
  );
  return [...own, ...views, ...parts];
}

function turningEdits({ transposed, upDown, sideways, inverted }: Turning): Edit[] {
  const edits: Edit[] = [];
  const mirrored = transposed ? upDown === sideways : upDown !== sideways;
  if (mirrored) edits.push("mirrored");
  if (transposed || (upDown && sideways)) edits.push("turned");
  if (inverted) edits.push("inverted");
  return edits;
}

/** Names the edits that lead from a listed fingerprint to the query that met it. */
export function editsBetween(query: Query, fingerprint: Fingerprint): Edit[] {
  const edits: Edit[] = [];
  if (query.of === "trimmed") edits.push("framed");
  if (query.of === "straightened") edits.push("tilted");
  const [, view, turning] = /^([a-z]+)(?:-\w+)?-t(\d+)$/.exec(fingerprint.part ?? "") ?? [];
  if (view === undefined || query.kind !== "view") return edits;
  if (["left", "right", "top", "bottom", "even", "mostly", "corner"].includes(view)) edits.push("cropped");
  if (view === "tilt") edits.push("tilted");
  if (view === "upper" || view === "lower") edits.push("covered");
  return [...edits, ...turningEdits(turningBetween(turningOf(Number(turning)), turningOf(query.turning)))];
}

/**
 * Compares an upload with one entry: of the pairs of their hashes within 31 bits the one that needs the fewest edits, then
 * the nearest; null when there is none. To search a whole list, look each query's value up in the index instead.
 */
export function matchFamilies(queries: readonly Query[], family: readonly Fingerprint[]): FamilyMatch | null {
  const rich = family
    .filter(({ quality }) => quality >= MIN_QUALITY)
    .map((one) => ({ one, words: wordsOf(one.value) }));
  const matches = queries.flatMap((query) => {
    const words = wordsOf(query.value);
    return rich.flatMap(({ one, words: others }): FamilyMatch[] => {
      const bits = wordsApart(words, others);
      if (bits > MATCH_BITS) return [];
      return [{ bitsApart: bits, edits: editsBetween(query, one), query, fingerprint: one }];
    });
  });
  matches.sort((a, b) => a.edits.length - b.edits.length || a.bitsApart - b.bitsApart);
  return matches[0] ?? null;
}
