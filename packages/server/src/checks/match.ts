import { bitsApart, type Fingerprint, MATCH_BITS, MIN_QUALITY, matchFamilies, matchVideos } from "@jikim/fingerprint";
import type { SeenMedia, SeenPicture } from "./decoder/wire.ts";

/** What looking at one picture or film told. */
export type MediaSight = "match" | "no-match" | "cannot-look";

/** Share of the frames of one film that must meet another's: the default of HMA (facebook/threatexchange, vpdq extension). */
const FILM_SHARE = 0.8;

/** Compares what was decoded with the fingerprints of items, each item by itself; edited copies count. */
export function matchMedia(seen: SeenMedia, families: readonly (readonly Fingerprint[])[]): MediaSight {
  if (seen.seen === "nothing") return "no-match";
  if (seen.seen === "unreadable") return "cannot-look";
  if (seen.seen === "pictures") {
    const isSeen = seen.pictures.some((picture) => families.some((family) => matchesPicture(picture, family)));
    return isSeen ? "match" : "no-match";
  }
  const sights = families.map((family) => matchFilm(seen.frames, family));
  if (sights.includes("match")) return "match";
  return seen.whole && !sights.includes("cannot-look") ? "no-match" : "cannot-look";
}

/** Whether one picture is an item: the picture itself or an edited copy, or a still from a film. */
export function matchesPicture(picture: SeenPicture, family: readonly Fingerprint[]): boolean {
  if (matchFamilies(picture.queries, family) !== null) return true;
  return picture.turned.some((value) => family.some((one) => isSame(one, { value, quality: picture.quality })));
}

/** Too plain pictures resemble each other by chance: of them only equal fingerprints count. A view is no picture by itself. */
function isSame(one: Fingerprint, seen: { readonly value: string; readonly quality: number }): boolean {
  if (one.kind === "view") return false;
  if (Math.min(one.quality, seen.quality) < MIN_QUALITY) return one.value === seen.value;
  return bitsApart(one.value, seen.value) <= MATCH_BITS;
}

/** A clip of an item, a film that holds it, or one that shows it as a picture. A few frames in common tell nothing for certain. */
function matchFilm(frames: readonly Fingerprint[], family: readonly Fingerprint[]): MediaSight {
  const rich = frames.filter((frame) => frame.quality >= MIN_QUALITY);
  const pictures = family.filter((one) => one.kind === "pdq");
  if (rich.some((frame) => pictures.some((one) => isSame(one, frame)))) return "match";
  const { ofQuery, ofEntry } = matchVideos(
    rich,
    family.filter((one) => one.kind === "vpdq-frame"),
  );
  if (Math.max(ofQuery, ofEntry) >= FILM_SHARE) return "match";
  return Math.max(ofQuery, ofEntry) > 0 ? "cannot-look" : "no-match";
}
