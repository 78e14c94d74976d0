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
