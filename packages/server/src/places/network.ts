import ipaddr from "ipaddr.js";
import type { RdapObject } from "./entity.ts";

/** Prefix lengths within which one directory entry is usually the same for all: one routed network, RFC 7454, 6.1.3. */
const BLOCK = { ipv4: 24, ipv6: 48 } as const;

/** Whether an answer is about a network that holds the address: a directory that answers about another one is not believed. */
export function holdsAddress({ objectClassName, startAddress, endAddress }: RdapObject, address: string): boolean {
  return objectClassName === "ip network" && isWithin(address, startAddress, endAddress);
}

/** The block of an address, as a text. */
export function blockOf(address: string): string {
  const kind = ipaddr.parse(address).kind();
  const [first] = endsOfBlock(address);
  return `${first}/${BLOCK[kind]}`;
}

/** Whether the answer holds for the whole block of an address. */
export function holdsBlock(network: RdapObject, address: string): boolean {
  return endsOfBlock(address).every((end) => holdsAddress(network, end));
}

function endsOfBlock(address: string): [string, string] {
  const parsed = ipaddr.parse(address);
  const cidr = `${parsed.toString()}/${BLOCK[parsed.kind()]}`;
  const of = parsed.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  return [of.networkAddressFromCIDR(cidr).toString(), of.broadcastAddressFromCIDR(cidr).toString()];
}

function isWithin(address: string, start: unknown, end: unknown): boolean {
  if (typeof start !== "string" || typeof end !== "string" || !ipaddr.isValid(start) || !ipaddr.isValid(end))
    return false;
  const [from, at, to] = [start, address, end].map((text) => ipaddr.parse(text));
  if (from?.kind() !== at?.kind() || to?.kind() !== at?.kind()) return false;
  const hex = (one: typeof from) => Buffer.from(one?.toByteArray() ?? []).toString("hex");
  return hex(from) <= hex(at) && hex(at) <= hex(to);
}
