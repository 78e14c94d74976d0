import { MOST_PLACES_OF_A_NOTICE, type RecipientCard, type SilentRecipient } from "@jikim/casework";
import type { Contact } from "./jcard.ts";
import { jurisdictionOf } from "./jurisdiction.ts";

/**
 * What came of a search. A settled answer is kept; an unsettled one stands for now and is asked for again: at `at` when a directory
 * named a moment, otherwise after a pause.
 */
export type Sought<T> =
  | { readonly kind: "settled"; readonly part: T }
  | { readonly kind: "unsettled"; readonly part: T; readonly at: Temporal.Instant | null };

/** A recipient from a contact of a directory; null when there is no way to reach it. */
export function cardOf(
  kind: SilentRecipient["kind"],
  abuse: Contact | null,
  { name, country }: Pick<Contact, "name" | "country">,
): RecipientCard | null {
  const [mail = null] = abuse?.mails ?? [];
  const [form = null] = abuse?.forms ?? [];
  const shown = name ?? abuse?.name ?? mail?.slice(mail.indexOf("@") + 1);
  if (shown === undefined || (mail === null && form === null)) return null;
  const jurisdiction = jurisdictionOf(country);
  const language = jurisdiction === "kr" ? "ko" : "en";
  const ways = { mail, form, api: null, xarf: true, mostPlaces: MOST_PLACES_OF_A_NOTICE, sameHost: false } as const;
  return { kind, name: { ko: shown, en: shown }, registryKey: null, jurisdiction, language, ...ways };
}
