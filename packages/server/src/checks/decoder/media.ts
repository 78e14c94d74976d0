import { FingerprintRefusal, fingerprint, type Pixels, queriesOf } from "@jikim/fingerprint";
import { decodePictures, fingerprintFile } from "@jikim/fingerprint/decode";
import type { SeenMedia, SeenPicture } from "./wire.ts";

/** Seconds of a film that are looked at; what is longer counts as not looked at to its end. */
const FILM_SECONDS = 600;
const BOUNDS = { pictureBytes: 25 << 20, videoBytes: 200 << 20, pixels: 60_000_000, seconds: FILM_SECONDS };

/** Looks at a picture, an animation or a film, in memory only. */
export async function readMedia(bytes: Uint8Array): Promise<SeenMedia> {
  if (isDrawingWithoutPicture(bytes)) return { seen: "nothing" };
  try {
    const pictures: SeenPicture[] = [];
    for await (const picture of decodePictures(bytes, { bounds: BOUNDS })) pictures.push(readPicture(picture));
    return pictures.length > 0 ? { seen: "pictures", pictures } : { seen: "unreadable" };
  } catch (error) {
    if (!(error instanceof FingerprintRefusal)) throw error;
    // Under five pixels there is nothing to see: a counter or a spacer.
    if (error.code === "TOO_SMALL") return { seen: "nothing" };
    return error.code === "NOT_A_PICTURE" ? readFilm(bytes) : { seen: "unreadable" };
  }
}

function readPicture(picture: Pixels): SeenPicture {
  const { dihedral, quality } = fingerprint(picture);
  return { queries: [...queriesOf(picture)], turned: Object.values(dihedral), quality };
}

async function readFilm(bytes: Uint8Array): Promise<SeenMedia> {
  try {
    const film = await fingerprintFile(bytes, { bounds: BOUNDS });
    if (film.media !== "video") return { seen: "unreadable" };
    const frames = (film.frames ?? film.fingerprints).map(({ value, quality, at = 0 }) => ({
      ...{ kind: "vpdq-frame" as const, value, quality, at },
    }));
    return { seen: "film", frames, whole: (film.seconds ?? 0) < FILM_SECONDS - 2 };
  } catch (error) {
    if (error instanceof FingerprintRefusal) return { seen: "unreadable" };
    throw error;
  }
}

const MOST_DRAWING = 256 * 1024;

/** An SVG of lines and letters alone, such as an icon; one that could carry or fetch a picture is not. */
function isDrawingWithoutPicture(bytes: Uint8Array): boolean {
  if (bytes.length > MOST_DRAWING || bytes[0] === undefined) return false;
  const text = Buffer.from(bytes).toString("utf8");
  return /^\s*(<\?xml[^>]*>\s*|<!--[^>]*-->\s*|<!doctype svg[^>[]*>\s*)*<svg[\s>]/i.test(text)
    ? !/<(image|foreignObject|script|use|feImage|style)\b|data:|url\(|<!entity/i.test(text)
    : false;
}
