import type { Channel, RecipientCard } from "./recipient.ts";

/** Which ways this centre has now: the recipient follows its feed; mail is set up; it has an account there. */
export type OpenWays = {
  readonly feed: boolean;
  readonly mails: boolean;
  readonly cloudflare: boolean;
  readonly aws: boolean;
};

/**
 * The ways by which one notice leaves: the feed beside one of the others, and a form by hand only where no other is left, so that
 * nobody gets the same notice by more ways than it needs.
 */
export function waysTo(card: Pick<RecipientCard, "mail" | "form" | "api">, open: OpenWays): readonly Channel[] {
  const feed: readonly Channel[] = open.feed ? ["api"] : [];
  if (card.api !== null && open[card.api]) return [...feed, card.api];
  if (card.mail !== null && open.mails) return [...feed, "mail"];
  if (feed.length > 0) return feed;
  return card.form === null ? [] : ["form"];
}
