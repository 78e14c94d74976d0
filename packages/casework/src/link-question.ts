import { canaryOf } from "./canary.ts";
import type { PlaceAddress, PlaceState } from "./place.ts";
import type { RecipientKind } from "./recipient.ts";
import { isSearch } from "./search.ts";

/** What a place tells of whether somebody has to say more about it. */
export type AskedPlace = {
  readonly address: PlaceAddress;
  readonly state: PlaceState;
  readonly namedByWatch: boolean;
  readonly yes: { readonly survivor: boolean; readonly staff: boolean };
  /** What was said and done about opening its link, beside a yes. */
  readonly link: LinkTalk;
  /** Whom notices about it were written to, whatever became of them. */
  readonly kinds: readonly RecipientKind[];
};

/** askedAt: ISO instant when she was last asked in the portal · refused: whose last word was no. */
export type LinkTalk = {
  readonly askedAt: string | null;
  readonly refused: { readonly survivor: boolean; readonly staff: boolean };
};

export const UNASKED: LinkTalk = { askedAt: null, refused: { survivor: false, staff: false } };

/**
 * What a link that may be unique to her waits for. ask: for the question to her · decide: she said yes, a caseworker said nothing yet.
 * Null: nothing. A no of either ends it, until it is taken back; so does the question, until she answers.
 */
export function linkWaitsFor(place: Omit<AskedPlace, "kinds">): "ask" | "decide" | null {
  const { address, state, namedByWatch, yes, link } = place;
  if (namedByWatch || state === "removed" || canaryOf(address) === null) return null;
  if (link.refused.survivor || link.refused.staff) return null;
  if (yes.survivor) return yes.staff ? null : "decide";
  return link.askedAt === null ? "ask" : null;
}

/**
 * Whether only those were asked about a place who cannot remove what is there: search engines stop listing it, authorities block it.
 * A page of search results is its engine's own.
 */
export function lacksSource({ address, state, kinds }: Pick<AskedPlace, "address" | "state" | "kinds">): boolean {
  if (state === "removed" || kinds.length === 0 || isSearch(address)) return false;
  return kinds.every((kind) => kind === "search" || kind === "regulator");
}

/**
 * How many places of a case wait for what: links that may be unique to her, of which she has to be asked, or to which she said yes
 * and a caseworker nothing; and places that lack whom to ask for removal.
 */
export type PlaceQuestions = {
  readonly linksToAsk: number;
  readonly linksToDecide: number;
  readonly sourceless: number;
};

export const NO_QUESTIONS: PlaceQuestions = { linksToAsk: 0, linksToDecide: 0, sourceless: 0 };

export function placeQuestions(places: readonly AskedPlace[]): PlaceQuestions {
  const waits = places.map(linkWaitsFor);
  return {
    linksToAsk: waits.filter((each) => each === "ask").length,
    linksToDecide: waits.filter((each) => each === "decide").length,
    sourceless: places.filter(lacksSource).length,
  };
}
