import type { Bilingual, Jurisdiction } from "./laws/law.ts";

/** Who can remove an item. network: a content delivery network in front of the real host. */
export const RECIPIENT_KINDS = ["platform", "host", "network", "registrar", "search", "regulator"] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/** How a notice leaves. api: the platform's own feed · form: a web form that a person fills in from a prepared sheet. */
export const CHANNELS = ["api", "mail", "cloudflare", "aws", "form"] as const;
export type Channel = (typeof CHANNELS)[number];

/** Who a recipient is, how it takes notices, and the fewest that it accepts. */
export type RecipientCard = {
  readonly kind: RecipientKind;
  readonly name: Bilingual;
  /** Its row of the registry; null when it was found otherwise. */
  readonly registryKey: string | null;
  /** Whose law it answers to; null: not known. */
  readonly jurisdiction: Jurisdiction | null;
  readonly language: "ko" | "en";
  readonly mail: string | null;
  /** https address of a web form. */
  readonly form: string | null;
  readonly api: "cloudflare" | "aws" | null;
  /** Takes XARF beside the letter. */
  readonly xarf: boolean;
  /** Most places that one notice may name. */
  readonly mostPlaces: number;
  /** One notice names places of one host only. */
  readonly sameHost: boolean;
};
