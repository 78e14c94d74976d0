import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import ExifReader from "exifreader";
import { type Field, MOST_TEXT, readCompressedText } from "./png-text.ts";
import type { CameraNote, NotChecked } from "./report.ts";

export type Metadata = {
  readonly fields: readonly Field[];
  readonly camera: CameraNote | null;
  readonly notChecked: readonly NotChecked[];
};

const GROUPS = ["exif", "iptc", "xmp", "png", "pngText"] as const;
const MOST_FIELDS = 1000;

function isBytes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === "number" && each >= 0 && each < 256);
}

/** EXIF 3.0, 4.6.6 UserComment: eight bytes name the character code; "UNICODE" is UTF-16 in the writer's byte order. */
function commentText(value: readonly number[]): string {
  const code = String.fromCharCode(...value.slice(0, 8));
  const body = Uint8Array.from(value.slice(8));
  if (!code.startsWith("UNICODE")) return new TextDecoder().decode(body).replaceAll("\0", "");
  const zerosFirst = body.filter((byte, at) => byte === 0 && at % 2 === 0).length;
  const zerosSecond = body.filter((byte, at) => byte === 0 && at % 2 === 1).length;
  const big = zerosFirst === zerosSecond ? readsAsHangul(body) : zerosFirst > zerosSecond;
  return new TextDecoder(big ? "utf-16be" : "utf-16le").decode(body);
}

/** Without a zero byte to tell by: whether big-endian gives more Hangul than little-endian. */
function readsAsHangul(body: Uint8Array): boolean {
  const hangul = (order: string) => new TextDecoder(order).decode(body).match(/[가-힣]/g)?.length ?? 0;
  return hangul("utf-16be") >= hangul("utf-16le");
}

function textOf(name: string, tag: unknown): string | null {
  if (typeof tag !== "object" || tag === null || !("value" in tag)) return null;
  if (name === "UserComment" && isBytes(tag.value)) return commentText(tag.value);
  const description = "description" in tag && typeof tag.description === "string" ? tag.description : "";
  const value = typeof tag.value === "string" ? tag.value : "";
  const text = description === "" || name === "DigitalSourceType" ? `${value}${description}` : description;
  return text === "" ? null : text.slice(0, MOST_TEXT);
}

function fieldsOf(tags: ExifReader.ExpandedTags): Field[] {
  const fields = GROUPS.flatMap((group) =>
    Object.entries(tags[group] ?? {}).flatMap(([key, tag]): Field[] => {
      const name = key.replace(/ \(.*$/, "");
      const text = key === "_raw" ? null : textOf(name, tag);
      return text === null ? [] : [{ where: `${group === "pngText" ? "png" : group}:${name}`, text }];
    }),
  );
  return fields.slice(0, MOST_FIELDS);
}

/** A camera's own short word; null for the graphs that ComfyUI hides in Make and Model. */
function cameraWord(tag: unknown): string | null {
  const text =
    textOf("", tag)
      ?.replace(/[^\p{L}\p{N}\p{P}\p{Zs}\p{S}]/gu, "")
      .trim() ?? "";
  return text === "" || text.length > 64 || text.includes("{") ? null : text;
}

function cameraOf({ exif = {}, gps }: ExifReader.ExpandedTags): CameraNote | null {
  const make = cameraWord(exif.Make);
  const model = cameraWord(exif.Model);
  const takenAt = cameraWord(exif.DateTimeOriginal);
  const place = exif.GPSLatitude ?? exif.GPSLongitude ?? gps?.Latitude ?? gps?.Longitude;
  if (make === null && model === null && takenAt === null && place === undefined) return null;
  return { make, model, takenAt, gps: place !== undefined };
}

/** PNG 3, 5.2. */
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Everything a picture says of itself in words: EXIF, IPTC, XMP and PNG text. */
export async function readMetadata(bytes: Uint8Array<ArrayBuffer>): Promise<Metadata> {
  const inflated = PNG.every((byte, at) => bytes[at] === byte)
    ? await readCompressedText(bytes)
    : { fields: [], notChecked: [] };
  try {
    // The same parser on a page, in a worker (which has none of its own) and in Node; it knows no foreign entities.
    const domParser = new DOMParser({ onError: onErrorStopParsing });
    const parser = { parseFromString: (text: string) => domParser.parseFromString(text, "application/xml") };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const tags = ExifReader.loadView(view, { expanded: true, domParser: parser as never });
    const fields = [...fieldsOf(tags), ...inflated.fields];
    return { fields, camera: cameraOf(tags), notChecked: inflated.notChecked };
  } catch (error) {
    const why = error instanceof Error && /invalid image format/i.test(error.message) ? "FORMAT" : "DAMAGED";
    return { fields: inflated.fields, camera: null, notChecked: [...inflated.notChecked, { what: "metadata", why }] };
  }
}
