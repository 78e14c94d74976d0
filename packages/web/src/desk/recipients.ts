import type { Place, Platform } from "./contract.ts";

/** Whose page a place is, by the host its address names. Rooms named by a handle belong to no host. */
export function platformOf(place: Pick<Place, "address">, platforms: readonly Platform[]): Platform | null {
  if (place.address.kind !== "url" || !URL.canParse(place.address.text)) return null;
  const { hostname, host } = new URL(place.address.text);
  const matches = platforms.filter((platform) =>
    platform.hosts.some((named) => {
      const suffix = named.toLowerCase();
      return host === suffix || hostname === suffix || hostname.endsWith(`.${suffix}`);
    }),
  );
  return matches.toSorted((a, b) => longestHost(b, hostname) - longestHost(a, hostname))[0] ?? null;
}

function longestHost(platform: Platform, hostname: string): number {
  return Math.max(
    0,
    ...platform.hosts.filter((named) => hostname.endsWith(named.toLowerCase())).map((named) => named.length),
  );
}

/** How a notice reaches a platform; null when there is no way, and no notice can leave. */
export function waysTo(platform: Platform, now: number): readonly ("api" | "mail")[] {
  const hasApi = platform.key !== null && !platform.key.revoked && Date.parse(platform.key.expiresAt) > now;
  return [...(hasApi ? (["api"] as const) : []), ...(platform.mail === null ? [] : (["mail"] as const))];
}
