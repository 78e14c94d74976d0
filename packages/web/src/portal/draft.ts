import {
  ACTS,
  type Act,
  AGE_BANDS,
  type AgeBand,
  countsAsMinor,
  HARMS,
  type Harm,
  type PlaceAddress,
} from "@jikim/casework";
import type { Fingerprint } from "@jikim/fingerprint";
import type { portal } from "@jikim/server/contract";

/** A picture or video as she chose it: only its fingerprints. `id` is made here and never sent; its number is its place in the list. */
export type DraftItem = {
  readonly id: string;
  readonly kind: "picture" | "video";
  readonly fingerprints: readonly Fingerprint[];
};

/** Everything she has answered so far. null: not answered, which is an answer she may leave. */
export type Draft = {
  danger: boolean | null;
  threat: boolean | null;
  ageBand: AgeBand | null;
  /** Whether the one who did it is her guardian; asked only of minors. */
  guardian: boolean | null;
  trustedAdult: string;
  harms: Harm[];
  items: DraftItem[];
  places: PlaceAddress[];
  story: string;
  names: string;
  ways: string;
  when: string;
  where: string;
  whatMayBeSaid: string;
  consents: Record<Act, boolean | null>;
  withdrawalPlan: "at-once" | "after-24-hours" | null;
  safeContact: string;
  notify: { mail: string; text: string } | null;
};

export const MOST_ITEMS = 100;
export const MOST_PLACES = 500;
/** Characters of one text; with names and JSON around it a sealed story stays within the contract's 128 KiB. */
export const LONGEST_STORY = 20_000;
export const LONGEST_ANSWER = 1000;

export function emptyDraft(): Draft {
  return {
    danger: null,
    threat: null,
    ageBand: null,
    guardian: null,
    trustedAdult: "",
    harms: [],
    items: [],
    places: [],
    story: "",
    names: "",
    ways: "",
    when: "",
    where: "",
    whatMayBeSaid: "",
    consents: { remove: null, share: null, police: null, statistics: null },
    withdrawalPlan: null,
    safeContact: "",
    notify: null,
  };
}

/** Whether the rules for children hold; an age she did not give counts as a child's. */
export function isMinor(draft: Draft): boolean {
  return countsAsMinor(draft.ageBand ?? "unknown");
}

export function codesOf(draft: Draft): portal.Report["codes"] {
  return {
    danger: draft.danger === true,
    threat: draft.threat === true,
    ageBand: draft.ageBand ?? "unknown",
    harms: [...draft.harms],
  };
}

/**
 * Her yes to each act; what she did not answer is no. For minors passing on to the police is no choice of hers, so it is not
 * recorded as one.
 */
export function consentsOf(draft: Draft): Record<Act, boolean> {
  const yes = (act: Act) => draft.consents[act] === true;
  return {
    remove: yes("remove"),
    share: yes("share"),
    police: yes("police") && !isMinor(draft),
    statistics: yes("statistics"),
  };
}

/** A plain mail address, as far as it can be told by looking at it. */
export function isMail(text: string): boolean {
  return text.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(text);
}

/** What may be sent to the address she named: null unless both the address and the words are there. */
export function notifyOf(draft: Draft): portal.Report["notify"] {
  if (draft.notify === null) return null;
  const mail = draft.notify.mail.trim();
  const text = draft.notify.text.trim().slice(0, 300);
  return isMail(mail) && text !== "" ? { mail, text } : null;
}

/** Adds places that are not there yet; returns how many were added. */
export function addPlaces(draft: Draft, places: readonly PlaceAddress[]): number {
  const known = new Set(draft.places.map((place) => `${place.kind} ${place.text}`));
  const fresh = places.filter((place) => !known.has(`${place.kind} ${place.text}`));
  const taken = fresh.slice(0, MOST_PLACES - draft.places.length);
  draft.places.push(...taken);
  return taken.length;
}

/** A draft read back from a seal, or null when it is not one. Unknown keys are dropped, missing ones are empty. */
export function readDraft(value: unknown): Draft | null {
  if (typeof value !== "object" || value === null) return null;
  const held = value as Record<string, unknown>;
  const draft = emptyDraft();
  const texts = ["trustedAdult", "story", "names", "ways", "when", "where", "whatMayBeSaid", "safeContact"] as const;
  for (const key of texts) draft[key] = typeof held[key] === "string" ? held[key] : "";
  for (const key of ["danger", "threat", "guardian"] as const)
    draft[key] = typeof held[key] === "boolean" ? held[key] : null;
  draft.ageBand = AGE_BANDS.find((band) => band === held.ageBand) ?? null;
  draft.harms = HARMS.filter((harm) => Array.isArray(held.harms) && held.harms.includes(harm));
  if (Array.isArray(held.places)) addPlaces(draft, held.places.filter(isPlace));
  if (Array.isArray(held.items)) draft.items = held.items.filter(isItem).slice(0, MOST_ITEMS);
  draft.consents = readConsents(held.consents);
  if (held.withdrawalPlan === "at-once" || held.withdrawalPlan === "after-24-hours")
    draft.withdrawalPlan = held.withdrawalPlan;
  draft.notify = readNotify(held.notify);
  return draft;
}

function readConsents(value: unknown): Draft["consents"] {
  const held = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const consents = emptyDraft().consents;
  for (const act of ACTS) {
    const answer = held[act];
    if (typeof answer === "boolean") consents[act] = answer;
  }
  return consents;
}

function readNotify(value: unknown): Draft["notify"] {
  if (typeof value !== "object" || value === null || !("mail" in value) || !("text" in value)) return null;
  const { mail, text } = value;
  return typeof mail === "string" && typeof text === "string" ? { mail, text } : null;
}

function isPlace(value: unknown): value is PlaceAddress {
  if (typeof value !== "object" || value === null || !("kind" in value) || !("text" in value)) return false;
  return (value.kind === "url" || value.kind === "room") && typeof value.text === "string" && value.text !== "";
}

function isItem(value: unknown): value is DraftItem {
  if (typeof value !== "object" || value === null || !("kind" in value) || !("fingerprints" in value)) return false;
  if ((value.kind !== "picture" && value.kind !== "video") || !("id" in value) || typeof value.id !== "string")
    return false;
  const prints: unknown = value.fingerprints;
  return Array.isArray(prints) && prints.length >= 1 && prints.length <= 32 && prints.every(isPrint);
}

function isPrint(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const held = value as Record<string, unknown>;
  return typeof held.value === "string" && /^[0-9a-f]{64}$/.test(held.value) && typeof held.quality === "number";
}
