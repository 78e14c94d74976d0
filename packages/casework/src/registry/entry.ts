import type { Bilingual, NoticeField, Source } from "../laws/law.ts";
import { MOST_PLACES_OF_A_NOTICE, type RecipientCard } from "../recipient.ts";

/** One documented way to reach a recipient, with what it asks for. `address` null: a way exists, its address was not found. */
export type Way = {
  readonly by: "api" | "mail" | "form" | "in-app" | "bot" | "phone";
  readonly address: string | null;
  readonly needs: Bilingual;
  readonly source: Source;
};

/** A way to help that no notice takes: what it is, for whom, and where. */
export type Help = { readonly what: Bilingual; readonly address: string; readonly source: Source };

/** A service that is known beforehand. A row is added by writing one; nothing else needs to change. */
export type RegistryEntry = {
  readonly key: string;
  /** Host names; each also covers what lies below it. The longest that fits wins. Empty: never found from a place. */
  readonly hosts: readonly string[];
  /** Only these paths of the hosts belong to it; null: all of them. */
  readonly paths: RegExp | null;
  /** Addresses, as `host/path` without `www.`, that only invited people can open, and such of which nobody can tell. */
  readonly rooms: { readonly closed: readonly RegExp[]; readonly unknown: readonly RegExp[] };
  readonly card: RecipientCard;
  /** What its own form demands beyond what a law asks of a notice; without it nothing is sent. */
  readonly demands: readonly NoticeField[];
  /** What helps beside a notice and is no way to send one, such as a list that the person shown joins herself. */
  readonly besides: readonly Help[];
  /** All documented ways; the card holds those that Jikim uses. */
  readonly ways: readonly Way[];
  /** Where hosts, rooms and jurisdiction come from; each way has a source of its own. */
  readonly source: Source;
};

/** The day on which the rows below were last looked at. */
export const LOOKED_AT = "2026-11-22";

/** What everybody knows and nobody checked: host names, seats, how invitations look. */
export const GENERAL: Source = { where: "general knowledge", asOf: LOOKED_AT, mark: "general" };
export const UNKNOWN: Source = { where: "looked for and not found", asOf: LOOKED_AT, mark: "unknown" };
export const secondary = (where: string): Source => ({ where, asOf: LOOKED_AT, mark: "secondary" });

/**
 * Lists of fingerprints that the person shown joins herself, made on her own device; the services that follow them block what they
 * match. A centre cannot join them for her.
 */
export const HASH_LISTS: readonly Help[] = [
  {
    what: {
      ko: "StopNCII: 만 18세 이상 당사자가 직접 지문을 올림",
      en: "StopNCII: people of 18 and over add fingerprints themselves",
    },
    address: "https://stopncii.org",
    source: secondary("stopncii.org, list of partners; facebook/ThreatExchange, StopNCII client"),
  },
  {
    what: {
      ko: "Take It Down: 만 18세가 되기 전의 영상물, 본인이나 보호자가 직접 지문을 올림",
      en: "Take It Down: images from before 18, added by the person or a guardian",
    },
    address: "https://takeitdown.ncmec.org",
    source: secondary("NCMEC, Take It Down"),
  },
];

type CardRow = Pick<RecipientCard, "kind" | "name" | "jurisdiction" | "language"> & Partial<RecipientCard>;
type EntryRow = Pick<RegistryEntry, "key" | "ways"> & Partial<Omit<RegistryEntry, "card">> & { readonly card: CardRow };

/** A row with what most rows leave unsaid: no channel, no XARF, places of any host. */
export function entryOf(row: EntryRow): RegistryEntry {
  const card: RecipientCard = {
    registryKey: row.key,
    mail: null,
    form: null,
    api: null,
    xarf: false,
    mostPlaces: MOST_PLACES_OF_A_NOTICE,
    sameHost: false,
    ...row.card,
  };
  return {
    ...{ hosts: [], paths: null, rooms: { closed: [], unknown: [] }, demands: [], besides: [], source: GENERAL },
    ...row,
    card,
  };
}
