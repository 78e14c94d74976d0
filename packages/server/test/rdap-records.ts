/** Records of invented registries, in the shapes that real ones send (RFC 9083); every name in them is invented. */

type Property = readonly [string, object, string, unknown];

export const mail = (address: string, more: object = {}): Property => ["email", more, "text", address];

export function card(name: string, ...more: readonly Property[]): unknown {
  return ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", name], ...more]];
}

export function entity(roles: readonly string[], vcardArray?: unknown, entities?: readonly unknown[]): object {
  return { objectClassName: "entity", roles, ...(vcardArray ? { vcardArray } : {}), ...(entities ? { entities } : {}) };
}

export const abuse = (address: string) => entity(["abuse"], card("Abuse desk", mail(address)));

export const inCountry = (code: string): Property => ["adr", {}, "text", ["", "", "1 Road", "Town", "", "", code]];

/** A registry's answer about a domain whose registrar's contact is nested in the registrar. */
export function domain(ldhName: string, more: object = {}): object {
  const registrar = entity(["registrar"], card("Invented Names Inc.", inCountry("US")), [abuse("abuse@names.example")]);
  return { objectClassName: "domain", ldhName, entities: [registrar], ...more };
}

/** A registry's answer about a network. */
export function network([startAddress, endAddress]: readonly [string, string], more: object = {}): object {
  const holder = entity(["registrant"], card("Invented Hosting GmbH", inCountry("DE")), [
    abuse("abuse@hosting.example"),
  ]);
  return { objectClassName: "ip network", startAddress, endAddress, name: "INVENTED-1", entities: [holder], ...more };
}

export const DOCUMENTATION_4 = ["192.0.2.0", "192.0.2.255"] as const; // RFC 5737
export const DOCUMENTATION_6 = ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"] as const; // RFC 3849
