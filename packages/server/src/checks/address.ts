import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

type Interfaces = ReturnType<typeof networkInterfaces>;

/** Addresses of the public internet: global unicast, and none that leads into our own network by another spelling. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3"); // RFC 4291, 2.4, as assigned by IANA

/**
 * Whether an IP address, as a system resolver writes it, is of the public internet. Private, link-local, loopback, shared (RFC
 * 6598), multicast and reserved ranges are not, nor is an IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64, Teredo), nor an
 * address of this machine itself.
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
