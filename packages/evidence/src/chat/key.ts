import { readPlace } from "@jikim/casework";
import type { Message } from "./model.ts";

/**
 * What can join a chat to a place or to another case: an address, a room's invitation, or a handle. `text` is the cleaned form, as places
 * have it; `messages` the first hundred of those that hold it, `times` counts all.
 */
export type ChatKey = {
  readonly kind: "link" | "room" | "handle";
  readonly text: string;
  readonly times: number;
  readonly messages: readonly number[];
};

export type Keys = {
  readonly read: (message: Message) => void;
  readonly list: () => ChatKey[];
  readonly cut: () => boolean;
};

const ADDRESS =
  /(?:https?|hxxps?|tg):\/\/[^\s<>"'“”()\]]{1,2000}|(?<![\w@/.-])(?:t\.me|telegram\.me|discord\.gg|discord\.com\/invite|open\.kakao\.com|chat\.whatsapp\.com|line\.me)\/[^\s<>"'“”()\]]{1,200}/gi;
/** Invitations and rooms of the messengers themselves. */
const ROOM =
  /^https:\/\/(?:(?:t|telegram)\.me|discord\.gg|discord\.com\/invite|open\.kakao\.com\/(?:o|me)|chat\.whatsapp\.com|line\.me\/(?:ti|r)\/)/i;
/** As Telegram, Discord and Instagram allow them: letters, digits, `_` and `.`; what stands before must not be a mail address. */
const HANDLE = /(?<![\w.@/])@[A-Za-z0-9_][A-Za-z0-9_.]{1,31}/g;
const MOST_KEYS = 20_000;
const MOST_MESSAGES = 100;
/** An address that is passed around is cleaned once. */
const MOST_KNOWN = 1000;

/** @param service  whose handles they are: the same number means somebody else elsewhere. */
export function collectKeys(service: string): Keys {
  const byText = new Map<string, { kind: ChatKey["kind"]; text: string; times: number; messages: number[] }>();
  let wasCut = false;
  const add = (kind: ChatKey["kind"], text: string, index: number) => {
    const id = `${kind} ${text}`;
    let key = byText.get(id);
    if (key === undefined) {
      if (byText.size >= MOST_KEYS) {
        wasCut = true;
        return;
      }
      key = { kind, text, times: 0, messages: [] };
      byText.set(id, key);
    }
    if (key.messages.at(-1) === index) return;
    key.times++;
    if (key.messages.length < MOST_MESSAGES) key.messages.push(index);
  };
  const known = new Map<string, { readonly kind: "room" | "link"; readonly text: string } | null>();
  const placeOf = (found: string) => {
    const place = readPlace(found.replace(/[.,!?:;…]+$/u, ""));
    return place && { kind: ROOM.test(place.text) ? ("room" as const) : ("link" as const), text: place.text };
  };
  const address = (found: string, index: number) => {
    let place = known.get(found);
    if (place === undefined) {
      place = placeOf(found);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(found, place);
    }
    if (place !== null) add(place.kind, place.text, index);
  };
  return {
    read({ index, sender, text, links, forwardedFrom }) {
      if (sender.handle !== null) add("handle", `${service}:${sender.handle}`, index);
      if (text.includes("/")) for (const [found] of text.matchAll(ADDRESS)) address(found, index);
      if (text.includes("@"))
        for (const [found] of text.matchAll(HANDLE)) add("handle", found.replace(/\.+$/, "").toLowerCase(), index);
      for (const link of links) address(link, index);
      if (forwardedFrom?.startsWith("@")) add("handle", forwardedFrom.toLowerCase(), index);
    },
    list: () => [...byText.values()],
    cut: () => wasCut,
  };
}
