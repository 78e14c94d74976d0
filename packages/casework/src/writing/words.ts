import type { Statement } from "../ground.ts";
import type { Ground, LegalPeriod } from "../laws/law.ts";
import type { RecipientKind } from "../recipient.ts";

/** How a recipient is asked: the subject's first word, the heading and the one sentence that says what to do. */
export type Ask = { readonly subject: string; readonly title: string; readonly lead: string };

/** Every sentence of a notice in one language. A place, a name or a law is put in by the writer, never by a recipient's text. */
export type Words = {
  readonly asks: Readonly<Record<RecipientKind, Ask>>;
  /**
   * Where a law is named. `deletion` and `report`: Korea, art. 22-5(1), by a body that may ask for deletion and by any other ·
   * `infringement`: Korea, art. 44-2 · `takeItDown`: United States · `complaint`: to Australia's commissioner.
   */
  readonly named: Readonly<Record<"deletion" | "report" | "infringement" | "takeItDown" | "complaint", Ask>>;
  readonly first: string;
  readonly to: (name: string) => string;
  readonly heading: Readonly<
    Record<"places" | "grounds" | "why" | "law" | "period" | "person" | "please" | "declarations" | "sender", string>
  >;
  readonly label: Readonly<Record<"number" | "centre" | "mail" | "phone" | "signer" | "day" | "standing", string>>;
  readonly noConsent: string;
  /** That what is shown is intimate, on her word alone. */
  readonly intimate: string;
  readonly child: string;
  readonly forHer: string;
  readonly forWhoSpeaks: string;
  readonly herGoodFaith: string;
  readonly ourGoodFaith: string;
  readonly truth: string;
  /** Who declares, and on what statement of hers. */
  readonly by: (who: "centre" | "survivor", statement: Statement | null) => string;
  readonly law: (ground: Ground) => string;
  readonly period: (period: LegalPeriod) => string | null;
  readonly unlawfulMaterial: string;
  /** Korea, art. 44-2, beside a notice under 22-5. */
  readonly temporaryMeasure: (ground: Ground) => string;
  readonly standing: Readonly<Record<"counselling-centre" | "rights-institute" | "named-body", string>>;
  readonly please: Readonly<Record<RecipientKind, readonly string[]>>;
  readonly always: readonly string[];
};
