/** Where a picture or video says it comes from: on her device or in memory. Absence of marks proves nothing. */
import type { CredentialsReader } from "./credentials.ts";
import { findMarks } from "./marks.ts";
import { readMetadata } from "./metadata.ts";
import { ProvenanceRefusal } from "./refusal.ts";
import type { Mark, NotChecked, ProvenanceReport } from "./report.ts";
import { findWatermarks, hasStealthSignature, LEAST_AREA, type Picture } from "./watermark.ts";

export { type CredentialsReader, openCredentialsReader } from "./credentials.ts";
export { type ProvenanceReason, ProvenanceRefusal } from "./refusal.ts";
export {
  AI_MARKS,
  type AiMark,
  type CameraNote,
  type ContentCredentials,
  type Mark,
  type NotChecked,
  type ProvenanceReport,
} from "./report.ts";
export { findWatermarks, type Picture } from "./watermark.ts";
export { type Language, sayMark, sayProvenance } from "./words.ts";

/** Bounds of one item: what a phone holds in memory, and a camera's largest picture. */
export const PROVENANCE_BOUNDS = { bytes: 100 * 2 ** 20, pixels: 64_000_000 } as const;

export type ProvenanceOptions = {
  /** The pixels as decoded without colour management, turning or scaling; without them no watermark is looked for. */
  readonly picture?: Picture;
  /** From `openCredentialsReader`; without it Content Credentials are not checked. */
  readonly credentials?: CredentialsReader;
  /** Prompts may hold her name: their text stays out of the report unless it is asked for. */
  readonly texts?: "withheld" | "given";
};

function checkPicture({ data, width, height, channels }: Picture): void {
  if (width * height > PROVENANCE_BOUNDS.pixels) {
    throw new ProvenanceRefusal({ code: "TOO_MANY_PIXELS", most: PROVENANCE_BOUNDS.pixels });
  }
  const whole = [width, height].every((side) => Number.isSafeInteger(side) && side > 0);
  const fits = whole && [3, 4].includes(channels) && data.length === width * height * channels;
  if (!fits) throw new ProvenanceRefusal({ code: "BAD_PIXELS" });
}

function marksInPixels(picture: Picture | undefined): { marks: Mark[]; notChecked: NotChecked[] } {
  if (picture === undefined) return { marks: [], notChecked: [{ what: "invisible-watermark", why: "NO_PIXELS" }] };
  const stealth: Mark[] = hasStealthSignature(picture)
    ? [{ what: "novelai-stealth", where: "pixels:alpha", strength: "strong" }]
    : [];
  if (picture.width * picture.height < LEAST_AREA) {
    return { marks: stealth, notChecked: [{ what: "invisible-watermark", why: "TOO_SMALL" }] };
  }
  const found = findWatermarks(picture).map((what): Mark => ({ what, where: "pixels", strength: "strong" }));
  return { marks: [...stealth, ...found], notChecked: [] };
}

/**
 * Reads what a file tells of where it comes from. The work is bounded by bytes and pixels; where a stranger's file
 * must not hold up the page, call it in a worker and end that worker after its time.
 *
 * @throws {ProvenanceRefusal} `EMPTY`, `TOO_LARGE`, `TOO_MANY_PIXELS`, `BAD_PIXELS`.
 */
export async function readProvenance(bytes: Uint8Array, options: ProvenanceOptions = {}): Promise<ProvenanceReport> {
  if (bytes.length === 0) throw new ProvenanceRefusal({ code: "EMPTY" });
  if (bytes.length > PROVENANCE_BOUNDS.bytes) {
    throw new ProvenanceRefusal({ code: "TOO_LARGE", most: PROVENANCE_BOUNDS.bytes });
  }
  if (options.picture !== undefined) checkPicture(options.picture);
  const copy = new Uint8Array(bytes);
  const metadata = await readMetadata(copy);
  const pixels = marksInPixels(options.picture);
  const none = { found: null, notChecked: [{ what: "content-credentials", why: "NO_READER" }] } as const;
  const credentials = options.credentials === undefined ? none : await options.credentials(copy);
  return {
    marks: [...findMarks(metadata.fields, options.texts ?? "withheld"), ...pixels.marks],
    contentCredentials: credentials.found,
    camera: metadata.camera,
    notChecked: [...metadata.notChecked, ...credentials.notChecked, ...pixels.notChecked],
  };
}
