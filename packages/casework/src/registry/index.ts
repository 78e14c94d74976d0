import type { PlaceAddress } from "../place.ts";
import { MOST_PLACES_OF_A_NOTICE, type RecipientCard } from "../recipient.ts";
import type { RegistryEntry } from "./entry.ts";
import { NETWORKS } from "./networks.ts";
import { PLATFORMS } from "./platforms.ts";
import { REGULATORS } from "./regulators.ts";
import { SEARCHES } from "./searches.ts";

export type { Help, RegistryEntry, Way } from "./entry.ts";

/** Every service known beforehand. */
export const REGISTRY: readonly RegistryEntry[] = [...PLATFORMS, ...SEARCHES, ...NETWORKS, ...REGULATORS];

/** The row of that key, or null. */
export function findEntry(key: string): RegistryEntry | null {
  return REGISTRY.find((entry) => entry.key === key) ?? null;
}

/** Whose a place is, by its host; null for a site nobody listed and for a bare handle, which may be of any service. */
export function findInRegistry(address: PlaceAddress): RegistryEntry | null {
  const url = urlOf(address);
  if (url === null) return null;
  const host = url.hostname.replace(/\.$/, "");
  let found: { readonly entry: RegistryEntry; readonly length: number } | null = null;
  for (const entry of REGISTRY) {
    if (entry.paths !== null && !entry.paths.test(url.pathname)) continue;
    const length = Math.max(0, ...entry.hosts.filter((known) => isAtOrBelow(host, known)).map((known) => known.length));
    if (length > (found?.length ?? 0)) found = { entry, length };
  }
  return found?.entry ?? null;
}

/** Whether a host name is another one or lies below it. */
function isAtOrBelow(host: string, above: string): boolean {
  return host === above || host.endsWith(`.${above}`);
}

/**
 * Who can open a place. public: its address is that of a page for everyone · closed: an invitation or a room that only members
 * see · unknown: nobody can tell from the address, as with a bare handle, a hidden service or a group that may be private.
 */
export function reachOf(address: PlaceAddress): "public" | "closed" | "unknown" {
  const url = urlOf(address);
  if (url === null || url.hostname.endsWith(".onion")) return "unknown";
  const entry = findInRegistry(address);
  if (entry === null) return "public";
  const seen = `${url.hostname.replace(/^www\./, "")}${url.pathname}`;
  if (entry.rooms.closed.some((pattern) => pattern.test(seen))) return "closed";
  return entry.rooms.unknown.some((pattern) => pattern.test(seen)) ? "unknown" : "public";
}

/**
 * How the operator of a site that nobody listed is addressed: by an address of mail or a form that a caseworker found there. Its
 * law and language are not known, so it is asked in English, plainly.
 */
export function cardOfSite(
  host: string,
  reached: { readonly mail: string | null; readonly form: string | null },
): RecipientCard {
  return {
    kind: "platform",
    name: { ko: host, en: host },
    registryKey: null,
    jurisdiction: null,
    language: host.endsWith(".kr") ? "ko" : "en",
    ...reached,
    api: null,
    xarf: false,
    mostPlaces: MOST_PLACES_OF_A_NOTICE,
    sameHost: false,
  };
}

function urlOf({ kind, text }: PlaceAddress): URL | null {
  return kind === "url" && URL.canParse(text) ? new URL(text) : null;
}
