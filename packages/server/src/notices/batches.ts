import { type PlaceAddress, type RecipientCard, reachOf, splitPlaces } from "@jikim/casework";
import { type CaseFacts, groundFor } from "./writing.ts";

export type KnownPlace = { readonly id: string; readonly address: PlaceAddress };

/** The fewest notices that a recipient accepts for these places: those of one ground together, and no more than its card allows. */
export function batchesOf(
  facts: CaseFacts,
  card: RecipientCard,
  places: readonly KnownPlace[],
): readonly (readonly KnownPlace[])[] {
  const byGround = Map.groupBy(places, ({ address }) => groundFor(facts, card, reachOf(address)).ground?.id ?? null);
  return [...byGround.values()].flatMap((its) => {
    const known = new Map(its.map((place) => [textOf(place.address), place]));
    const batches = splitPlaces(
      card,
      its.map(({ address }) => address),
    );
    return batches.map((batch) => batch.flatMap((address) => known.get(textOf(address)) ?? []));
  });
}

function textOf({ kind, text }: PlaceAddress): string {
  return `${kind} ${text}`;
}
