import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3"); // RFC 4291, 2.4, as assigned by IANA

type Interfaces = ReturnType<typeof networkInterfaces>;

/**
 * Whether an IP address is of the public internet, leads nowhere else by another spelling (mapped, 6to4, NAT64, Teredo), and is none of
 * this machine's own.
 */
export function isPublicAddress(text: string, interfaces: Interfaces = networkInterfaces()): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== "unicast" || isOwn(address, interfaces)) return false;
  return address.kind() === "ipv4" || (address as ipaddr.IPv6).match(GLOBAL_UNICAST);
}

/** Whether an address is one of this machine's: what listens there for its own use is nobody else's business, public or not. */
function isOwn(address: ipaddr.IPv4 | ipaddr.IPv6, interfaces: Interfaces): boolean {
  const text = address.toString();
  const own = Object.values(interfaces).flatMap((each) => each ?? []);
  return own.some((each) => ipaddr.isValid(each.address) && ipaddr.parse(each.address).toString() === text);
}

/** A host of which an address is private. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
  readonly code = "ADDRESS_REFUSED";
}

/** The one address of a host for this capture. @throws {AddressRefused}; a resolver's error. */
export type Resolve = (host: string) => Promise<LookupAddress>;

/**
 * Resolves each name once and keeps to that answer, so that a second one cannot lead elsewhere. One private address among public ones is an
 * attack or a mistake, and neither is followed.
 */
export function openResolver(allow: "public-only" | "private-too"): Resolve {
  const known = new Map<string, Promise<LookupAddress>>();
  const resolve = async (host: string): Promise<LookupAddress> => {
    const literal = host.replace(/^\[|\]$/g, "");
    const family = isIP(literal);
    const found = family === 0 ? await lookup(literal, { all: true }) : [{ address: literal, family }];
    const chosen = found.find((each) => each.family === 4) ?? found[0];
    const isAllowed = allow === "private-too" || found.every(({ address }) => isPublicAddress(address));
    if (chosen === undefined || !isAllowed) throw new AddressRefused();
    return chosen;
  };
  return (host) => {
    const pinned = known.get(host) ?? resolve(host);
    known.set(host, pinned);
    return pinned;
  };
}
