import type { Verdict } from "./vantage.ts";

/** Where an item was seen: a page on the web, or a room with its handle. Text is the cleaned form, and two equal texts are one place. */
export type PlaceAddress = { readonly kind: "url" | "room"; readonly text: string };

/**
 * open: nothing asked yet · asked: a notice is out · removed: a check saw it gone at the source · blocked: a country could not see
 * it · de-indexed: search results no longer lead to it · back: seen again after it was gone.
 */
export const PLACE_STATES = ["open", "asked", "removed", "blocked", "de-indexed", "back"] as const;
export type PlaceState = (typeof PLACE_STATES)[number];

/** What a check saw. Only what was seen: an answer of a platform is not a check, and a guess is "cannot-tell". */
export const CHECK_OUTCOMES = ["removed", "there", "blocked", "de-indexed", "cannot-tell"] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** What a place is after a check. A block hides nothing: seen from elsewhere, what was gone is back. */
export function afterCheck(state: PlaceState, verdict: Verdict): PlaceState {
  const wasGone = state === "removed" || state === "de-indexed";
  if (verdict.outcome === "removed" || verdict.outcome === "de-indexed") return verdict.outcome;
  if (verdict.outcome === "blocked") {
    if (!wasGone) return "blocked";
    return verdict.seenIn.length > 0 ? "back" : state;
  }
  if (verdict.outcome === "there" && (wasGone || state === "blocked")) return "back";
  return state;
}

/** Query parameters that only track who shared a link, and so can point at her (published lists of the trackers themselves). */
const TRACKERS =
  /^(utm_\w+|fbclid|gclid|dclid|igsh|igshid|mc_eid|mc_cid|msclkid|twclid|ttclid|yclid|_ga|ref_src|ref_url|si|feature)$/i;
const MOST_PLACES = 500;
/** An account by the id or name that its messenger gave it, as chat exports have it: the same number means somebody else elsewhere. */
const SERVICE_HANDLE = /^(?:telegram|discord|instagram|line):[\p{L}\p{N}_.-]{2,64}$/iu;
const LONGEST = 2048;

/** Places read from pasted text, in order, each once; what looked like an address but is none is given back as typed. */
export type PastedPlaces = { readonly places: readonly PlaceAddress[]; readonly unreadable: readonly string[] };

/** Reads any number of links and room handles from pasted text; at most 500 places of 2,048 characters. */
export function readPlaces(pasted: string): PastedPlaces {
  const places = new Map<string, PlaceAddress>();
  const unreadable = new Set<string>();
  for (const word of pasted.normalize("NFC").split(/[\s,;<>"“”'「」()|]+/u)) {
    const trimmed = word.replace(/^[•·\-*]+|[.,!?。…]+$/gu, "");
    if (trimmed === "" || places.size >= MOST_PLACES) continue;
    const place = readPlace(trimmed);
    if (place !== null) places.set(`${place.kind} ${place.text}`, place);
    else if (/[./@:]/.test(trimmed)) unreadable.add(trimmed.slice(0, 200));
  }
  return { places: [...places.values()], unreadable: [...unreadable].slice(0, 50) };
}

/** One link or handle in its cleaned form, or null when it is neither. */
export function readPlace(typed: string): PlaceAddress | null {
  if (typed.length > LONGEST) return null;
  if (/^@[\p{L}\p{N}_.]{2,64}$/u.test(typed)) return { kind: "room", text: typed.toLowerCase() };
  if (SERVICE_HANDLE.test(typed)) return { kind: "room", text: typed.toLowerCase() };
  const undefanged = typed.replace(/^hxxp/i, "http").replaceAll(/\[\.\]|\(\.\)/g, ".");
  const telegram = /^tg:\/\/(?:resolve\?domain=|join\?invite=)([\w-]+)/i.exec(undefanged);
  if (telegram) return { kind: "url", text: `https://t.me/${undefanged.includes("invite=") ? "+" : ""}${telegram[1]}` };
  const hasScheme = /^https?:\/\//i.test(undefanged);
  if (!hasScheme && !/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.[\p{L}]{2,}(:\d+)?([/?#].*)?$/u.test(undefanged)) return null;
  return readUrl(hasScheme ? undefanged : `https://${undefanged}`);
}

function readUrl(text: string): PlaceAddress | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (
    url.hostname === "" ||
    (!url.hostname.includes(".") && url.hostname !== "localhost" && !url.hostname.startsWith("["))
  )
    return null;
  url.username = "";
  url.password = "";
  if (!/^#[!/]/.test(url.hash)) url.hash = "";
  for (const name of [...url.searchParams.keys()]) if (TRACKERS.test(name)) url.searchParams.delete(name);
  return url.href.length <= LONGEST ? { kind: "url", text: url.href } : null;
}
