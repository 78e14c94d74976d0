import { type Contact, cleanName, isRecord, NOBODY, readCard } from "./jcard.ts";

/** An object of a registry's answer (RFC 9083); its members are a stranger's. */
export type RdapObject = Readonly<Record<string, unknown>>;

const DEEPEST = 8;
const MOST_ENTITIES = 300;

/** The entities of an object, nested at any depth, those nearest to it first. */
function entitiesOf(object: RdapObject): RdapObject[] {
  const found: RdapObject[] = [];
  let level: RdapObject[] = [object];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    level = level
      .flatMap(({ entities }) => (Array.isArray(entities) ? entities.slice(0, MOST_ENTITIES) : []))
      .filter(isRecord)
      .slice(0, MOST_ENTITIES - found.length);
    found.push(...level);
  }
  return found;
}

function hasRole({ roles }: RdapObject, role: string): boolean {
  const named = Array.isArray(roles) ? roles : [roles];
  return named.some((one) => typeof one === "string" && one.trim().toLowerCase() === role);
}

/**
 * Who takes reports of abuse of an object: the nearest contact in that role which can be reached, an `abuse@` before others.
 * @param isIts  mail addresses that count; by default all of them.
 */
export function findAbuse(object: RdapObject, isIts: (mail: string) => boolean = () => true): Contact | null {
  const reachable = contactsIn(object, ["abuse"], isIts);
  const best = reachable.find(({ mails }) => mails.some(saysAbuse)) ?? reachable[0];
  if (best === undefined) return null;
  return { ...best, mails: best.mails.toSorted((a, b) => Number(saysAbuse(b)) - Number(saysAbuse(a))) };
}

/** Contacts of an object in one of the roles that can be reached, nearest first. */
function contactsIn(object: RdapObject, roles: readonly string[], isIts: (mail: string) => boolean): Contact[] {
  return entitiesOf(object)
    .filter((one) => roles.some((role) => hasRole(one, role)))
    .map(({ vcardArray }) => readCard(vcardArray))
    .map((contact) => ({ ...contact, mails: contact.mails.filter(isIts) }))
    .filter(({ mails, forms }) => mails.length + forms.length > 0);
}

function saysAbuse(mail: string): boolean {
  return mail.slice(0, mail.indexOf("@")).toLowerCase().includes("abuse");
}

/** The registrar of a domain and its contact for abuse; null when none is named. */
export function findRegistrar(
  domain: RdapObject,
): { readonly registrar: Contact; readonly abuse: Contact | null } | null {
  const entity = entitiesOf(domain).find((one) => hasRole(one, "registrar"));
  if (entity === undefined) return null;
  // Some registries put the contact beside the registrar, some into it, and some give it that role as well.
  const abuse = findAbuse({ entities: [entity] }) ?? findAbuse(domain);
  const registrar = readCard(entity.vcardArray);
  return { registrar: registrar.name === null ? { ...registrar, name: cleanName(entity.handle) } : registrar, abuse };
}

/** Who runs a network: administrative or technical. Only for networks whose contact for abuse is a registry (see by-hand.ts). */
export function findManager(network: RdapObject, isIts: (mail: string) => boolean): Contact | null {
  return contactsIn(network, ["administrative", "technical"], isIts)[0] ?? null;
}

/** Whoever holds a network: its registrant, as far as named. */
export function findHolder(network: RdapObject): Contact {
  const entity = entitiesOf(network).find((one) => hasRole(one, "registrant"));
  return entity === undefined ? NOBODY : readCard(entity.vcardArray);
}

/** Whether the answer says that something was taken out of it: RFC 9537, or the remarks that were used before it. */
export function isRedacted(object: RdapObject): boolean {
  if (Array.isArray(object.redacted) && object.redacted.length > 0) return true;
  return [object, ...entitiesOf(object)].some(
    ({ remarks }) =>
      Array.isArray(remarks) &&
      remarks.slice(0, MOST_ENTITIES).some((one) => isRecord(one) && /redacted/i.test(textOf(one.title))),
  );
}

/** Addresses where the registrar's own directory answers about the same domain (a thin registry; RFC 9083, 4.2). */
export function findRelated({ links }: RdapObject): string[] {
  if (!Array.isArray(links)) return [];
  return links
    .slice(0, MOST_ENTITIES)
    .filter(isRecord)
    .filter(({ rel, type }) => rel === "related" && (type === undefined || type === "application/rdap+json"))
    .flatMap(({ href }) => (typeof href === "string" && /\/domain\//i.test(href) ? [href] : []))
    .slice(0, 2);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 1000) : "";
}
