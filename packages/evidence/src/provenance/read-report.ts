import type { ProvenanceReport } from "./report.ts";
import { AI_MARKS, type CameraNote, type ContentCredentials, type Mark, type NotChecked } from "./report.ts";

const MOST_LETTERS = 10_000;
const MOST_OF_ONE_KIND = 200;

type Held = Readonly<Record<string, unknown>>;
type Read<T> = (value: unknown) => T | null;

const held = (value: unknown): Held | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Held) : null;
const readText: Read<string> = (value) => (typeof value === "string" && value.length <= MOST_LETTERS ? value : null);

function readOneOf<T extends string>(names: readonly T[]): Read<T> {
  return (value) => names.find((name) => name === value) ?? null;
}

/** All of a list, or null when one of it is something else. */
function readAll<T>(value: unknown, readOne: Read<T>): readonly T[] | null {
  if (!Array.isArray(value) || value.length > MOST_OF_ONE_KIND) return null;
  const read = value.flatMap((one) => readOne(one) ?? []);
  return read.length === value.length ? read : null;
}

/** A text or null, as it stands; undefined when it is neither. */
const readMaybe = (value: unknown): string | null | undefined =>
  value === null ? null : (readText(value) ?? undefined);

const readMark: Read<Mark> = (value) => {
  const mark = held(value);
  const what = readOneOf(AI_MARKS)(mark?.what);
  const where = readText(mark?.where);
  const strength = readOneOf(["strong", "weak"])(mark?.strength);
  if (what === null || where === null || strength === null) return null;
  const text = readText(mark?.text);
  return { what, where, strength, ...(text !== null && { text }) };
};

const readCredentials: Read<ContentCredentials> = (value) => {
  const found = held(value);
  const state = readOneOf(["trusted", "valid", "invalid"])(found?.state);
  const generators = readAll(found?.generators, readText);
  const sourceTypes = readAll(found?.sourceTypes, readText);
  const problems = readAll(found?.problems, readText);
  const [issuer, signedAt] = [readMaybe(found?.issuer), readMaybe(found?.signedAt)];
  if (state === null || generators === null || sourceTypes === null || problems === null) return null;
  return issuer === undefined || signedAt === undefined
    ? null
    : { state, generators, issuer, signedAt, sourceTypes, problems };
};

const readCamera: Read<CameraNote> = (value) => {
  const note = held(value);
  const [make, model, takenAt] = [readMaybe(note?.make), readMaybe(note?.model), readMaybe(note?.takenAt)];
  if (make === undefined || model === undefined || takenAt === undefined) return null;
  return typeof note?.gps === "boolean" ? { make, model, takenAt, gps: note.gps } : null;
};

const WHATS = ["metadata", "compressed-text", "content-credentials", "invisible-watermark"] as const;
const WHYS = [
  ...["FORMAT", "DAMAGED", "TOO_LARGE", "NO_READER", "READER_BROKE", "REMOTE", "NO_PIXELS", "TOO_SMALL"],
] as NotChecked["why"][];

const readNotChecked: Read<NotChecked> = (value) => {
  const not = held(value);
  const [what, why] = [readOneOf(WHATS)(not?.what), readOneOf(WHYS)(not?.why)];
  return what === null || why === null ? null : { what, why };
};

/** A report as it comes out of a seal or a pack: someone else wrote it. Null when it is none. */
export function readReport(value: unknown): ProvenanceReport | null {
  const report = held(value);
  if (report === null) return null;
  const marks = readAll(report.marks, readMark);
  const notChecked = readAll(report.notChecked, readNotChecked);
  const contentCredentials = report.contentCredentials === null ? null : readCredentials(report.contentCredentials);
  const camera = report.camera === null ? null : readCamera(report.camera);
  const isWhole =
    (contentCredentials !== null || report.contentCredentials === null) && (camera !== null || report.camera === null);
  return marks === null || notChecked === null || !isWhole ? null : { marks, contentCredentials, camera, notChecked };
}
