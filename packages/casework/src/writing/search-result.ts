import type { PlaceAddress } from "../place.ts";
import type { RecipientCard } from "../recipient.ts";
import { findInRegistry } from "../registry/index.ts";
import { pageOf, plainPlace } from "./plain.ts";

/** What a search engine is shown of one listing: the page of results, and the page that they lead to. */
export type Listing = { readonly result: string; readonly content: string };

/** How an engine's own pages of results write what is searched for. General knowledge. */
const RESULTS: Readonly<Record<string, string>> = { "google-search": "https://www.google.com/search?q=" };

/** Parameters in which a page of results names the page that it leads to: pictures, and links that are followed. General knowledge. */
const LEADS_TO = ["imgrefurl", "imgurl", "url", "q"] as const;

/**
 * The listings that a notice to a search engine is about. A page that was named is searched for by its own address, which holds no
 * name and nothing that the notice does not; a page of results that was named stands with the page it leads to, else with the
 * other pages of the notice.
 *
 * @returns null where a listing lacks one of its two addresses.
 */
export function listingsOf(
  card: Pick<RecipientCard, "registryKey">,
  places: readonly PlaceAddress[],
): readonly Listing[] | null {
  const search = RESULTS[card.registryKey ?? ""];
  if (search === undefined || places.some((place) => pageOf(place) === null)) return null;
  const isResult = (place: PlaceAddress) => findInRegistry(place)?.key === card.registryKey;
  const pages = places.filter((place) => !isResult(place)).map(plainPlace);
  const listings = pages.map((content) => ({ result: `${search}${encodeURIComponent(content)}`, content }));
  for (const place of places.filter(isResult)) {
    const led = leadsTo(place);
    const contents = led === null ? pages : [led];
    if (contents.length === 0) return null;
    listings.push(...contents.map((content) => ({ result: plainPlace(place), content })));
  }
  return listings.length === 0 ? null : listings;
}

function leadsTo(place: PlaceAddress): string | null {
  const page = pageOf(place);
  for (const name of LEADS_TO) {
    const text = page?.searchParams.get(name) ?? "";
    const led = /^https?:/.test(text) ? pageOf({ kind: "url", text }) : null;
    if (led !== null) return led.href;
  }
  return null;
}
