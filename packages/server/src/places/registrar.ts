import type { RecipientCard, Silence, SilentRecipient } from "@jikim/casework";
import { type Bootstrap, serversOfDomain } from "./bootstrap.ts";
import { byHandOfDomain } from "./by-hand.ts";
import { findAbuse, findRegistrar, findRelated, isRedacted, type RdapObject } from "./entity.ts";
import { type Access, askDirectory, type Reply } from "./rdap.ts";
import { cardOf, type Sought } from "./recipient.ts";

/** Who registered a name: a recipient, or why there is none. */
export type RegistrarPart = { readonly registrar: RecipientCard | null; readonly silent: SilentRecipient | null };

/** Asks for the registrar of a domain (in A-labels): the registry's directory, and the registrar's own where that knows more. */
export async function seekRegistrar(
  domain: string,
  bootstrap: Bootstrap,
  access: Access,
): Promise<Sought<RegistrarPart>> {
  const silent = (why: Silence): RegistrarPart => ({
    registrar: null,
    silent: { kind: "registrar", why, byHand: byHandOfDomain(domain) },
  });
  const servers = serversOfDomain(bootstrap, domain);
  if (servers.length === 0) return { kind: "settled", part: silent("no-registry") };
  const reply = await askServers(servers, `domain/${domain}`, access);
  if (reply.kind === "none") return { kind: "settled", part: silent("not-registered") };
  if (reply.kind === "later") return { kind: "unsettled", part: silent("cannot-tell"), at: reply.at };
  if (reply.kind === "cannot-tell" || !isAbout(reply.object, domain))
    return { kind: "unsettled", part: silent("cannot-tell"), at: null };
  const card = cardIn(reply.object);
  if (card !== null) return { kind: "settled", part: { registrar: card, silent: null } };
  const why = isRedacted(reply.object) ? "redacted" : "no-contact";
  return seekRelated({ domain, object: reply.object, access }, silent(why));
}

type Thin = { readonly domain: string; readonly object: RdapObject; readonly access: Access };

/** A thin registry points to the registrar's own directory (RFC 9083, 4.2, rel "related"). */
async function seekRelated(thin: Thin, without: RegistrarPart): Promise<Sought<RegistrarPart>> {
  for (const address of findRelated(thin.object)) {
    const reply = await askDirectory(address, thin.access);
    if (reply.kind === "later") return { kind: "unsettled", part: without, at: reply.at };
    if (reply.kind === "cannot-tell") return { kind: "unsettled", part: without, at: null };
    if (reply.kind === "none" || !isAbout(reply.object, thin.domain)) continue;
    const card = cardIn(reply.object);
    if (card !== null) return { kind: "settled", part: { registrar: card, silent: null } };
  }
  return { kind: "settled", part: without };
}

function cardIn(object: RdapObject): RecipientCard | null {
  const named = findRegistrar(object);
  if (named !== null) return cardOf("registrar", named.abuse, named.registrar);
  const abuse = findAbuse(object);
  return cardOf("registrar", abuse, { name: null, country: abuse?.country ?? null });
}

/** A directory that answers about another name is not believed. */
function isAbout({ objectClassName, ldhName }: RdapObject, domain: string): boolean {
  if (objectClassName !== "domain" || typeof ldhName !== "string") return false;
  return ldhName.toLowerCase().replace(/\.$/, "") === domain;
}

const MOST_SERVERS = 2;

/** Asks one server of a directory after the other until one of them can tell. */
export async function askServers(servers: readonly string[], path: string, access: Access): Promise<Reply> {
  let reply: Reply = { kind: "cannot-tell", trouble: "unreachable" };
  for (const server of servers.slice(0, MOST_SERVERS)) {
    reply = await askDirectory(`${server.replace(/\/*$/, "")}/${path}`, access);
    if (reply.kind !== "cannot-tell") return reply;
  }
  return reply;
}
