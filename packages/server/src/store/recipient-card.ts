import { identityOf, type RecipientCard } from "@jikim/casework";
import type { Vault } from "../vault.ts";

/** What of a recipient lies under the data key. */
export type Known = { readonly card: RecipientCard; readonly hosts: readonly string[] };

/** One we may know already: who it is comes from its card. */
export type FoundRecipient = Known & { readonly foundBy: "registry" | "rdap" | "hand" };

const contextOf = (id: string) => `recipient/card/${id}`;

export function sealKnown(vault: Vault, id: string, { card, hosts }: Known): Buffer {
  return vault.seal({ card, hosts }, contextOf(id));
}
export function openKnown(vault: Vault, row: { readonly id: string; readonly cardSealed: Buffer }): Known {
  return vault.open(row.cardSealed, contextOf(row.id)) as Known;
}

/** What tells recipients apart; those told by hand by their name, since two of them may share an address. */
export function keyOfCard(vault: Vault, { card, foundBy }: FoundRecipient): Buffer {
  const identity = foundBy === "hand" ? `by hand ${card.kind} ${card.name.ko}` : identityOf(card);
  return vault.keyOf(identity, "recipient/card");
}

/** Keys of what is its own: its hosts and its mail address. */
export function ownedKeys(vault: Vault, { card, hosts }: Known): Buffer[] {
  const mail = card.mail === null ? [] : [`mail ${card.mail.toLowerCase()}`];
  return keysOf(vault, [...mail, ...hosts.map((host) => `host ${host.toLowerCase()}`)]);
}

/** Keys of where what is written to it arrives: its mail address, and the hosts of that and of its form, with those above them. */
export function reachedKeys(vault: Vault, { card }: Known): Buffer[] {
  const mail = card.mail?.toLowerCase() ?? null;
  const form = card.form !== null && URL.canParse(card.form) ? new URL(card.form).hostname : null;
  const hosts = [mail?.split("@").at(-1), form].flatMap((host) => (host ? above(host) : []));
  return keysOf(vault, [...(mail === null ? [] : [`mail ${mail}`]), ...hosts.map((host) => `host ${host}`)]);
}

/** A host and those above it, down to two labels; a name has at most 127 labels (RFC 1035, 3.1: 255 octets). */
function above(host: string): string[] {
  const labels = host.split(".").slice(-127);
  return labels.slice(0, Math.max(1, labels.length - 1)).map((_, at) => labels.slice(at).join("."));
}

/** The key of a mail address among those that are reached. */
export function keyOfMail(vault: Vault, mail: string): Buffer {
  return vault.keyOf(`mail ${mail.toLowerCase()}`, "recipient/way");
}

function keysOf(vault: Vault, ways: readonly string[]): Buffer[] {
  return [...new Set(ways)].map((way) => vault.keyOf(way, "recipient/way"));
}
