import { isReachable, type RecipientCard, type Silence, type SilentRecipient } from "@jikim/casework";
import { type Bootstrap, serversOfAddress } from "./bootstrap.ts";
import { byHandOfCountry, isRegistryMail } from "./by-hand.ts";
import { findAbuse, findHolder, findManager, isRedacted, type RdapObject } from "./entity.ts";
import { type Contact, cleanCountry, cleanName, NOBODY } from "./jcard.ts";
import { holdsAddress, holdsBlock } from "./network.ts";
import { type Provider, providerOfAddress, providerOfNetwork } from "./provider.ts";
import type { Access } from "./rdap.ts";
import { cardOf, type Sought } from "./recipient.ts";
import { askServers } from "./registrar.ts";

/** Who hosts an address: the host, or the network that hides it, or why there is none. */
export type HostingPart = {
  readonly network: RecipientCard | null;
  readonly host: RecipientCard | null;
  readonly silent: SilentRecipient | null;
};

/** `wholeBlock`: holds for all addresses of its block (see network.ts). */
export type Hosting = Sought<HostingPart> & { readonly wholeBlock: boolean };

/** The answer for addresses that a network with a known way publishes as its own: nobody needs to be asked. */
export function knownHosting(address: string): HostingPart | null {
  const provider = providerOfAddress(address);
  return provider !== null && isReachable(provider.card) ? behind(provider.card) : null;
}

/** Asks for whoever runs the network of an address. */
export async function seekHosting(address: string, bootstrap: Bootstrap, access: Access): Promise<Hosting> {
  const servers = serversOfAddress(bootstrap, address);
  if (servers.length === 0) return { kind: "settled", part: silent("no-registry"), wholeBlock: false };
  const reply = await askServers(servers, `ip/${address}`, access);
  if (reply.kind === "none") return { kind: "settled", part: silent("not-registered"), wholeBlock: false };
  if (reply.kind === "later")
    return { kind: "unsettled", part: silent("cannot-tell"), at: reply.at, wholeBlock: false };
  if (reply.kind === "cannot-tell" || !holdsAddress(reply.object, address))
    return { kind: "unsettled", part: silent("cannot-tell"), at: null, wholeBlock: false };
  return { kind: "settled", part: readHosting(reply.object, address), wholeBlock: holdsBlock(reply.object, address) };
}

function readHosting(network: RdapObject, address: string): HostingPart {
  const own = findAbuse(network, isNoRegistry);
  const provider = providerOfAddress(address) ?? providerOfNetwork(network.name, own?.mails ?? []);
  if (provider !== null) return ofProvider(provider, own ?? NOBODY);
  const registryOnly = own === null && findAbuse(network) !== null;
  const contact = registryOnly ? findManager(network, isNoRegistry) : own;
  const holder = findHolder(network);
  const country = cleanCountry(network.country) ?? holder.country ?? contact?.country ?? null;
  const card = cardOf("host", contact, { name: holder.name ?? cleanName(network.name), country });
  if (card !== null) return { network: null, host: card, silent: null };
  if (registryOnly) return silent("registry-only", country);
  return silent(isRedacted(network) ? "redacted" : "no-contact", country);
}

const isNoRegistry = (mail: string) => !isRegistryMail(mail);

function ofProvider({ role, card }: Provider, { mails, forms }: Contact): HostingPart {
  const reached = isReachable(card) ? card : { ...card, mail: mails[0] ?? null, form: forms[0] ?? null };
  if (role === "network") return behind(reached);
  return isReachable(reached) ? { network: null, host: reached, silent: null } : silent("no-contact");
}

function behind(network: RecipientCard): HostingPart {
  return { ...silent("behind-network"), network: isReachable(network) ? network : null };
}

/** Nobody to be named as the host, and why. */
export function silent(why: Silence, country: string | null = null): HostingPart {
  return { network: null, host: null, silent: { kind: "host", why, byHand: byHandOfCountry(country) } };
}
