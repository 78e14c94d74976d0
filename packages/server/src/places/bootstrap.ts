import ipaddr from "ipaddr.js";
import { isRecord } from "./jcard.ts";

/** Which directory answers for what: the files of RFC 9224. `autnum` files are not needed to find a host. */
export type Bootstrap = readonly { readonly keys: readonly string[]; readonly urls: readonly string[] }[];

const MOST_SERVICES = 10_000;

/** Reads a bootstrap file; null when it is none. Services in it that are malformed are left out. */
export function readBootstrap(text: string): Bootstrap | null {
  const file = parse(text);
  if (!isRecord(file) || !Array.isArray(file.services)) return null;
  const services = file.services.slice(0, MOST_SERVICES).flatMap((service) => {
    if (!Array.isArray(service)) return [];
    const [keys, urls] = service.map(textsOf);
    return keys?.length && urls?.length ? [{ keys, urls }] : [];
  });
  return services.length === 0 ? null : services;
}

/** Base addresses of the directories that answer for a domain name in A-labels: those of its longest suffix (RFC 9224, 4). */
export function serversOfDomain(bootstrap: Bootstrap, domain: string): readonly string[] {
  const labels = domain.toLowerCase().split(".");
  const suffixes = labels.map((_, at) => labels.slice(at).join("."));
  for (const suffix of suffixes) {
    const service = bootstrap.find(({ keys }) => keys.some((key) => key.toLowerCase() === suffix));
    if (service !== undefined) return secureFirst(service.urls);
  }
  return [];
}

/** Base addresses of the directories that answer for an IP address: those of the longest prefix (RFC 9224, 5.1 and 5.2). */
export function serversOfAddress(bootstrap: Bootstrap, address: string): readonly string[] {
  const wanted = ipaddr.parse(address);
  let best: { readonly length: number; readonly urls: readonly string[] } = { length: -1, urls: [] };
  for (const { keys, urls } of bootstrap)
    for (const key of keys) {
      if (!ipaddr.isValidCIDR(key)) continue;
      const [network, length] = ipaddr.parseCIDR(key);
      if (network.kind() === wanted.kind() && length > best.length && wanted.match(network, length))
        best = { length, urls };
    }
  return secureFirst(best.urls);
}

function secureFirst(urls: readonly string[]): readonly string[] {
  return urls.toSorted((a, b) => Number(b.startsWith("https:")) - Number(a.startsWith("https:")));
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}

/** What a stranger sent as JSON; undefined when it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
