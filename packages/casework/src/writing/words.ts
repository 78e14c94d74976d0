import type { Ground, LegalPeriod } from "../laws/law.ts";
import type { RecipientKind } from "../recipient.ts";

/** How a recipient is asked: the subject's first word, the heading and the one sentence that says what to do. */
export type Ask = { readonly subject: string; readonly title: string; readonly lead: string };

/** Every sentence of a notice in one language. A place, a name or a law is put in by the writer, never by a recipient's text. */
export type Words = {
  readonly asks: Readonly<Record<RecipientKind, Ask>>;
  /** Korea, art. 22-5(1): a body that may ask for deletion, and any other that reports. */
  readonly entitled: Ask;
  readonly reporting: Ask;
  /** Australia: a complaint to the commissioner. */
  readonly complaint: Ask;
  readonly first: string;
  readonly to: (name: string) => string;
  readonly heading: Readonly<
    Record<"places" | "why" | "law" | "period" | "person" | "please" | "declarations" | "sender", string>
  >;
  readonly label: Readonly<Record<"number" | "centre" | "mail" | "phone" | "signer" | "day" | "standing", string>>;
  readonly noConsent: string;
  readonly child: string;
  readonly forHer: string;
  readonly forWhoSpeaks: string;
  readonly herGoodFaith: string;
  readonly ourGoodFaith: string;
  readonly truth: string;
  readonly by: Readonly<Record<"centre" | "survivor", string>>;
  readonly law: (ground: Ground) => string;
  readonly period: (period: LegalPeriod) => string | null;
  readonly unlawfulMaterial: string;
  readonly standing: Readonly<Record<"counselling-centre" | "rights-institute" | "named-body", string>>;
  readonly please: Readonly<Record<RecipientKind, readonly string[]>>;
  readonly always: readonly string[];
};
