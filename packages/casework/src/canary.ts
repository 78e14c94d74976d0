import type { PlaceAddress } from "./place.ts";

/**
 * Why a link may have been made for one person, so that whoever watches it learns that she told somebody. invite: it lets into a
 * closed room · shared-drive: a file shared by link · token: a part that nobody could guess · personal-parameter: a parameter that
 * names a person, a session or who shared it.
 */
export const CANARIES = ["invite", "shared-drive", "token", "personal-parameter"] as const;
export type Canary = (typeof CANARIES)[number];

/** Ways into rooms: the host, and what the path begins with. Each service's own published form of invite links. */
const INVITES: readonly (readonly [RegExp, RegExp])[] = [
  [/^(t|telegram)\.(me|dog)$/, /^\/(\+|joinchat\/)/],
  [/^discord\.gg$/, /^\/./],
  [/^(ptb\.|canary\.)?discord(app)?\.com$/, /^\/invite\//],
  [/^chat\.whatsapp\.com$/, /^\/./],
  [/^open\.kakao\.com$/, /^\/./],
  [/^(line\.me|liff\.line\.me)$/, /^\/(ti|R\/ti)\//],
  [/^signal\.group$/, /^\/./],
  [/^matrix\.to$/, /^\/./],
  [/^join\.slack\.com$/, /^\/./],
  [/^(join\.)?(band\.us)$/, /^\/(n|band\/invitation|@?invite)\//],
  [/^invite\.viber\.com$/, /^\/./],
];

const DRIVES: readonly RegExp[] = [
  /^(drive|docs|photos)\.google\.com$/,
  /^photos\.app\.goo\.gl$/,
  /^(1drv\.ms|onedrive\.live\.com|[\w-]+\.sharepoint\.com)$/,
  /^(www\.)?dropbox\.com$/,
  /^(mega\.nz|mega\.io)$/,
  /^(www\.)?(icloud\.com|share\.icloud\.com)$/,
  /^(mybox|photo|naver\.me)\.naver\.com$/,
  /^naver\.me$/,
  /^([\w-]+\.)?(box\.com|app\.box\.com)$/,
  /^(www\.)?(mediafire\.com|pcloud\.link|gofile\.io|terabox\.com|1024terabox\.com)$/,
  /^([\w-]+\.)?wetransfer\.com$/,
  /^we\.tl$/,
];

/** Parameters that name a person, a session, a permission, or who shared a link, whatever stands in them. */
const PERSONAL =
  /^(token|access_?token|auth(key)?|key|sig(nature)?|hash|session(_?id)?|sid|jwt|otp|user(_?id|name)?|uid|member(_?id)?|account|recipient|rcpt|email|mail|phone|to|for|ref(errer|_?code)?|referral|invite(_?code)?|share(_?id)?|sharer|from_?user|track(ing)?(_?id)?|click_?id|cid|subid|aff(_?id)?)$/i;

/** A number of a page, a post or a comment is the same for everybody, be it called what it may. */
const PLAIN_VALUE = /^\d{1,9}$|^(true|false|yes|no|on|off|[a-z]{2}(-[a-z]{2})?)$/i;

const LEAST_TOKEN = 16;
const UUID = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/i;

/**
 * Why a link may be unique to her; null when nothing in it says so. A rule of thumb that errs towards yes: what it misses can give
 * her away, what it names too much costs a question.
 */
export function canaryOf(address: PlaceAddress): Canary | null {
  if (address.kind !== "url" || !URL.canParse(address.text)) return null;
  const url = new URL(address.text);
  const { hostname, pathname } = url;
  if (INVITES.some(([host, path]) => host.test(hostname) && path.test(pathname))) return "invite";
  if (DRIVES.some((drive) => drive.test(hostname)) && pathname.length > 1) return "shared-drive";
  const values = [...url.searchParams];
  if (values.some(([name, value]) => PERSONAL.test(name) && value !== "" && !isPlain(name, value)))
    return "personal-parameter";
  const parts = [...pathname.split("/"), ...values.map(([, value]) => value), ...url.hash.slice(1).split(/[/?&=]/)];
  return [...parts, ...hostname.split(".").slice(0, -2)].some(isToken) ? "token" : null;
}

/** Even a short number tells who somebody is where the name says that it is a person's. */
function isPlain(name: string, value: string): boolean {
  return PLAIN_VALUE.test(value) && !/^(user|uid|member|account|recipient|rcpt|phone|to|for|from)/i.test(name);
}

/** Letters and digits mixed as chance mixes them, and long enough that nobody could guess them. Words and plain numbers are none. */
function isToken(part: string): boolean {
  const text = decode(part).replace(/\.[a-z0-9]{1,5}$/i, "");
  if (UUID.test(text)) return true;
  // Titles in addresses are words joined by dashes; a token is one run.
  return (
    text.split(/[^A-Za-z0-9]+|(?<=[A-Za-z0-9])[-_](?=[a-z]+[-_])/).some(isRandomRun) ||
    isRandomRun(text.replace(/[-_]/g, ""))
  );
}

function isRandomRun(run: string): boolean {
  if (run.length < LEAST_TOKEN || !/^[A-Za-z0-9]+$/.test(run)) return false;
  const changes = [...run.matchAll(/[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])/g)].length;
  return changes >= 3;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Whether a place may be fetched: an ordinary link always, one that may be unique to her after both said yes. */
export function mayFetch(
  place: { readonly address: PlaceAddress; readonly namedByWatch: boolean },
  yes: { readonly survivor: boolean; readonly staff: boolean },
): boolean {
  if (place.namedByWatch || canaryOf(place.address) === null) return true;
  return yes.survivor && yes.staff;
}
