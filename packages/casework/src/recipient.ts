import type { Bilingual, Jurisdiction } from "./laws/law.ts";

/** Who can remove something; `network` passes traffic on for others (a CDN), `search` only stops listing it. */
export const RECIPIENT_KINDS = ["platform", "host", "network", "registrar", "search", "regulator"] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/** How a notice travels: `api` is the platform's own feed of this centre; `form` is filled in by a person. */
export const CHANNELS = ["api", "mail", "cloudflare", "aws", "form"] as const;
export type Channel = (typeof CHANNELS)[number];

/** One recipient and how it takes notices. A channel that is not known is null, never a guess. */
export type RecipientCard = {
  readonly kind: RecipientKind;
  readonly name: Bilingual;
  /** Key of its row in the registry; null when it was found by look-up or entered by hand. */
  readonly registryKey: string | null;
  /** Whose law it answers to; null when not known. */
  readonly jurisdiction: Jurisdiction | null;
  readonly language: "ko" | "en";
  readonly mail: string | null;
  /** https address of its web form. */
  readonly form: string | null;
  readonly api: "cloudflare" | "aws" | null;
  /** Whether it takes XARF reports. */
  readonly xarf: boolean;
  /** The most places one notice may hold. */
  readonly mostPlaces: number;
  /** Whether all places of one notice must share a host name. */
  readonly sameHost: boolean;
};

/** The most places of one notice where the recipient names no limit: as many as can be pasted at once. Ours; no source. */
export const MOST_PLACES_OF_A_NOTICE = 500;

/**
 * What makes two cards the same recipient: its row in the registry, else its kind with its address of mail, its form, or its name.
 * Holds an address or a name, so it must not be stored in the open.
 */
export function identityOf(card: RecipientCard): string {
  if (card.registryKey !== null) return `registry ${card.registryKey}`;
  const reached = card.mail?.toLowerCase() ?? card.form ?? card.name.en.normalize("NFC").toLowerCase();
  return `${card.kind} ${reached}`;
}

/** Whether any channel is known by which a notice can reach it; the centre's own feed aside. */
export function isReachable(card: RecipientCard): boolean {
  return card.mail !== null || card.form !== null || card.api !== null;
}
