import type { PlaceAddress } from "../place.ts";
import type { RecipientCard } from "../recipient.ts";
import { pageOf } from "./plain.ts";

/**
 * The fewest notices a recipient accepts for these places: each place once, in order, at most `mostPlaces` in each, and one host in
 * each where it must be so.
 */
export function splitPlaces(
  card: Pick<RecipientCard, "mostPlaces" | "sameHost">,
  places: readonly PlaceAddress[],
): readonly (readonly PlaceAddress[])[] {
  const groups = new Map<string, Map<string, PlaceAddress>>();
  for (const place of places) {
    const key = card.sameHost ? hostOf(place) : "";
    const group = groups.get(key) ?? new Map<string, PlaceAddress>();
    if (!groups.has(key)) groups.set(key, group);
    const name = `${place.kind} ${place.text}`;
    if (!group.has(name)) group.set(name, place);
  }
  return [...groups.values()].flatMap((group) => chunked([...group.values()], Math.max(1, card.mostPlaces)));
}

/** The host of a page; what has none is a group of its own. */
function hostOf(place: PlaceAddress): string {
  return pageOf(place)?.hostname ?? " none";
}

function chunked<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let at = 0; at < all.length; at += most) chunks.push(all.slice(at, at + most));
  return chunks;
}
