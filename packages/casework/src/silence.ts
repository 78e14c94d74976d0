import type { Bilingual, Source } from "./laws/law.ts";
import type { RecipientKind } from "./recipient.ts";

/**
 * Why nobody is named as the host of a place or the registrar of its name.
 * no-registry: no public directory is known that answers for it · not-registered: the directory does not know it · redacted: the
 * contact is withheld · no-contact: no contact for abuse is given · registry-only: just the address registry itself is named ·
 * behind-network: a content delivery network hides the host; ask the network for it · unresolved: the name leads to no address ·
 * not-public: the address is not of the public internet · may-be-hers: the name could be unique to her, so nobody was asked about
 * it · cannot-tell: the answer could not be read or never came.
 */
export const SILENCES = [
  "no-registry",
  "not-registered",
  "redacted",
  "no-contact",
  "registry-only",
  "behind-network",
  "unresolved",
  "not-public",
  "may-be-hers",
  "cannot-tell",
] as const;
export type Silence = (typeof SILENCES)[number];

/** Where a person can look it up. */
export type ByHand = { readonly name: Bilingual; readonly url: string; readonly source: Source };

/** A recipient that a place should have and that is not known. */
export type SilentRecipient = {
  readonly kind: Extract<RecipientKind, "host" | "registrar">;
  readonly why: Silence;
  readonly byHand: ByHand | null;
};
