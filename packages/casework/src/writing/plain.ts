import type { PlaceAddress } from "../place.ts";

/** Controls, line and paragraph ends, invisible and direction-changing characters, halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE, "gu");

/** Foreign text on one line, so that it can neither end a field nor begin another. */
export function onePlainLine(text: string): string {
  return text.replaceAll(ALL_UNPRINTABLE, " ").replaceAll(/\s+/g, " ").trim();
}

/** A place on one line; in an address what cannot be printed is percent-encoded, so that it still leads there. */
export function plainPlace({ kind, text }: PlaceAddress): string {
  if (kind === "room" || !URL.canParse(text)) return onePlainLine(text);
  return new URL(text).href.replaceAll(ALL_UNPRINTABLE, (one) => encodeURIComponent(one.toWellFormed()));
}

/** The address of a page on the web, or null: a room, or no http address. */
export function pageOf({ kind, text }: PlaceAddress): URL | null {
  if (kind !== "url" || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "https:" || url.protocol === "http:" ? url : null;
}

/**
 * An address by the grammar of RFC 3986, which is narrower than what browsers and so `URL` let through: brackets, bars, lone
 * percent signs and the like are percent-encoded.
 */
export function asUri({ origin, pathname, search, hash }: URL): string {
  const foreign = /%(?![0-9A-Fa-f]{2})|[^\w\-.~:/?@!$&'()*+,;=%]/g;
  const encoded = (part: string) => part.replaceAll(foreign, (one) => encodeURIComponent(one));
  return `${origin}${encoded(pathname + search)}${hash === "" ? "" : `#${encoded(hash.slice(1))}`}`;
}

/** At most this many UTF-16 units, never half a character. */
export function cutTo(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? "");
}
