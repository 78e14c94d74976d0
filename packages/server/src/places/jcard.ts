import { domainToASCII } from "node:url";

/** What a contact card of a stranger holds that we can use; everything in it is checked, nothing is believed. */
export type Contact = {
  readonly name: string | null;
  /** Mail addresses, the preferred one first. */
  readonly mails: readonly string[];
  /** https addresses of web forms. */
  readonly forms: readonly string[];
  /** ISO 3166 code of two letters, uppercase. */
  readonly country: string | null;
};

export const NOBODY: Contact = { name: null, mails: [], forms: [], country: null };

const MOST_PROPERTIES = 200;
const MOST_WAYS = 10;

/** Reads a `vcardArray` (jCard, RFC 7095, as RFC 9083, 5.1 uses it). What is malformed in it is left out. */
export function readCard(vcardArray: unknown): Contact {
  if (!Array.isArray(vcardArray) || vcardArray[0] !== "vcard" || !Array.isArray(vcardArray[1])) return NOBODY;
  const properties = vcardArray[1].slice(0, MOST_PROPERTIES).flatMap(readProperty);
  const texts = (name: string) => properties.filter((one) => one.name === name).flatMap(({ values }) => values);
  const ways = properties
    .filter((one) => one.name === "email" || one.name === "contact-uri")
    .toSorted((a, b) => a.preference - b.preference)
    .flatMap(({ values }) => values);
  return {
    name: first([...texts("fn"), ...texts("org")].map(cleanName)),
    mails: each(ways.map(cleanMail)),
    forms: each(ways.map(cleanForm)),
    country: first(properties.map(countryOf)),
  };
}

type Property = {
  readonly name: string;
  readonly values: readonly string[];
  /** 1 to 100, lower is preferred (RFC 6350, 5.3); 101 without one. */
  readonly preference: number;
  readonly countryCode: unknown;
  readonly address: unknown;
};

function readProperty(raw: unknown): Property[] {
  if (!Array.isArray(raw) || typeof raw[0] !== "string") return [];
  const [name, parameters, , value] = raw;
  const { pref = null, cc = null } = isRecord(parameters) ? parameters : {};
  const preference = typeof pref === "string" || typeof pref === "number" ? Number(pref) : 101;
  return [
    {
      name: name.toLowerCase(),
      // A value of several parts is a list in place of the text; further values follow it.
      values: raw.slice(3, 3 + MOST_WAYS).filter((one) => typeof one === "string"),
      preference: preference >= 1 && preference <= 100 ? preference : 101,
      countryCode: cc,
      address: value,
    },
  ];
}

/** The country of an address: the parameter of RFC 8605, or the last of its seven parts where that is a code. */
function countryOf({ name, countryCode, address }: Property): string | null {
  if (name !== "adr") return null;
  return cleanCountry(countryCode) ?? (Array.isArray(address) ? cleanCountry(address[6]) : null);
}

export function cleanCountry(text: unknown): string | null {
  return typeof text === "string" && /^[a-z]{2}$/i.test(text.trim()) ? text.trim().toUpperCase() : null;
}

const LONGEST_NAME = 120;

/** One line of visible text; what turns the direction of writing or hides text is taken out. */
export function cleanName(text: unknown): string | null {
  if (typeof text !== "string") return null;
  const clean = text
    .slice(0, 4 * LONGEST_NAME)
    .normalize("NFC")
    .replace(/\p{C}+|\s+/gu, " ")
    .trim()
    .slice(0, LONGEST_NAME)
    .trim();
  return clean === "" || /^redacted\b/i.test(clean) ? null : clean.toWellFormed();
}

/** Octets of a mail address at most: RFC 5321, 4.5.3.1.3, less its brackets; 64 before the @: 4.5.3.1.1. */
const LONGEST_MAIL = 254;
const LOCAL_PART = /^[a-z0-9_][a-z0-9._+=&-]{0,63}$/i;

/** A plain mail address that can stand in a header; null for anything else, also where it could be written legally. */
export function cleanMail(text: unknown): string | null {
  if (typeof text !== "string" || text.length > 2 * LONGEST_MAIL) return null;
  const [local, domain, ...more] = text
    .trim()
    .replace(/^mailto:/i, "")
    .replace(/\?.*$/s, "")
    .split("@");
  if (!local || !domain || more.length > 0 || !LOCAL_PART.test(local)) return null;
  const host = domainToASCII(domain);
  if (!/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/.test(host)) return null;
  return local.length + 1 + host.length <= LONGEST_MAIL ? `${local}@${host}` : null;
}

const LONGEST_FORM = 2048;

function cleanForm(text: string): string | null {
  if (text.length > LONGEST_FORM || !/^https:\/\//i.test(text.trim()) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || !url.hostname.includes(".")) return null;
  return url.href.length <= LONGEST_FORM ? url.href : null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function first(values: readonly (string | null)[]): string | null {
  return values.find((one) => one !== null) ?? null;
}

function each(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((one) => one !== null))].slice(0, MOST_WAYS);
}
